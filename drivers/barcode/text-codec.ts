/** The longest code kept: no symbol at a counter carries more (barcode.md 1.2). */
export const LONGEST_SCAN = 3072;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A code's bytes as text: UTF-8 where they are, otherwise Latin-1, which every byte sequence is. Never throws. */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}
