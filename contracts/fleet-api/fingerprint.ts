/**
 * How a key is shown to people: the first twelve hex digits of SHA-256 of the public key (SPKI DER), in fours. Each side works it out
 * itself, of the key it holds: that is what comparing them is for.
 */
export const fingerprintText = (sha256Hex: string): string =>
  [sha256Hex.slice(0, 4), sha256Hex.slice(4, 8), sha256Hex.slice(8, 12)].join(' ');
