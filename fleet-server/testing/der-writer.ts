/** Writes DER for the tests' own certificates; apart from the reader, so that one's mistake is not the other's. */

export function tlv(tag: number, ...parts: readonly (Uint8Array | readonly Uint8Array[])[]): Buffer {
  const content = Buffer.concat(parts.flat());
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content]);
  const hex = size.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export const sequence = (...parts: readonly (Uint8Array | readonly Uint8Array[])[]) => tlv(0x30, ...parts);
export const set = (...parts: readonly (Uint8Array | readonly Uint8Array[])[]) => tlv(0x31, ...parts);
export const octets = (...parts: readonly Uint8Array[]) => tlv(0x04, ...parts);
export const bits = (bytes: Uint8Array) => tlv(0x03, Buffer.from([0]), bytes);
export const nothing = () => tlv(0x05);
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text, 'utf8'));
export const printable = (text: string) => tlv(0x13, Buffer.from(text, 'latin1'));

export function integer(value: number | Uint8Array): Buffer {
  if (typeof value !== 'number') return tlv(0x02, value);
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return tlv(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const out = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      out.unshift((left & 0x7f) | 0x80);
    }
    return out;
  });
  return tlv(0x06, Buffer.from(bytes));
}

/** GeneralizedTime of an instant (epoch ms), to the second. */
export function time(at: number): Buffer {
  return tlv(0x18, Buffer.from(`${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));
}
