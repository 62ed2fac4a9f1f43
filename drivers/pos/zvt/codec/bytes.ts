/** Lower-case hex, as the data files write bytes. */
export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** One byte or a two-byte control field as the specification writes it: `0F`, `040F`. */
export const nameOf = (value: number, bytes = 1): string =>
  value
    .toString(16)
    .toUpperCase()
    .padStart(bytes * 2, '0');

/** Undefined when the text is not whole bytes in hex; blanks are allowed. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** BCD → its digits, or undefined when a nibble is none. */
export function digitsOf(bytes: Uint8Array): string | undefined {
  const text = hexOf(bytes);
  return /^\d*$/.test(text) ? text : undefined;
}

export const numberOf = (bytes: Uint8Array): number | undefined => {
  const digits = digitsOf(bytes);
  return digits === undefined || digits === '' ? undefined : Number(digits);
};
