import { hex } from './tlv.ts';

export interface ImageSize {
  readonly kind: 'jpeg' | 'jpeg2000';
  readonly width: number;
  readonly height: number;
}

const JP2 = hex('0000000C 6A502020');
const CODESTREAM = hex('FF4FFF51');

/**
 * Size of a JPEG (its frame header; 0 × 0, unspecified, without one) or JPEG 2000 (the SIZ marker). Throws for what is
 * neither.
 */
export function imageOf(photo: Uint8Array): ImageSize {
  const bytes = Buffer.from(photo.buffer, photo.byteOffset, photo.byteLength);
  const stream = bytes.indexOf(CODESTREAM);
  if (stream === 0 || (stream > 0 && bytes.indexOf(JP2) === 0)) {
    const size = stream + 8;
    const span = (end: number, origin: number) => bytes.readUInt32BE(end) - bytes.readUInt32BE(origin);
    return { kind: 'jpeg2000', width: span(size, size + 8), height: span(size + 4, size + 12) };
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
      const marker = bytes[at + 1] ?? 0;
      const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
      if (frame)
        return { kind: 'jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    return { kind: 'jpeg', width: 0, height: 0 };
  }
  throw new Error('the photo is neither JPEG nor JPEG 2000');
}
