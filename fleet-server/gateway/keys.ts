/** `<PSP fiscal code>_<10 letters or digits>` (pagopa.md 3.6) from at least ten random bytes. */
export function idempotencyKey(pspTaxCode: string, random: Uint8Array): string {
  // 32 signs, so that a byte falls on each equally often; 50 random bits for each PSP.
  const signs = 'abcdefghijkmnpqrstuvwxyz23456789';
  const tail = Array.from(random.subarray(0, 10), (byte) => signs[byte & 31]).join('');
  return `${pspTaxCode}_${tail}`;
}

/** IUV of a notice: the last 15 digits for aux digit 0, the last 17 otherwise (pagopa.md 1.1). */
export const iuvOf = (noticeNumber: string): string =>
  noticeNumber.slice(noticeNumber.startsWith('0') ? 3 : 1);
