import { decodeSerial, endScan, NOTHING_READ, type SerialEvent } from './codec.ts';

/** What a technician reads of one scan; the words of the published vectors. */
export type SerialLine =
  | { readonly aim?: string; readonly data: string }
  | { readonly error: { readonly code: string; readonly message: string } };

function said(event: SerialEvent): SerialLine {
  if (event.event === 'error') {
    return {
      error: { code: event.code, message: 'more than 3 KB without an end: not a barcode reader’s words' },
    };
  }
  const { text, aim } = event.scan;
  return aim === undefined ? { data: text } : { aim, data: text };
}

/** Decodes one read of a serial reader, bytes as hex (blanks allowed); its end counts as silence. Never throws. */
export function decodeSerialLine(hex: string): readonly SerialLine[] {
  const digits = hex.replace(/\s/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    return [{ error: { code: 'HEX_INVALID', message: 'bytes are pairs of hexadecimal digits' } }];
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
  }
  const decoded = decodeSerial(NOTHING_READ, bytes, 'auto');
  return [...decoded.events, ...endScan(decoded.rest, 'auto').events].map(said);
}
