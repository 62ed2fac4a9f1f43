/** Number of a notice of aux digit 3 from its segregation code and counter, with its check digits (pagopa.md 1.1). */
export function noticeNumber(segregation: string, counter: number): string {
  const body = `3${segregation}${String(counter).padStart(13, '0')}`;
  return body + String(BigInt(body) % 93n).padStart(2, '0');
}

/** An 11-digit tax code from its first ten digits (pagopa.md 1.2). */
export function taxCode(ten: string): string {
  const sum = Array.from(ten, Number).reduce((total, digit, index) => {
    const weighed = index % 2 === 0 ? digit : digit * 2;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return ten + String((10 - (sum % 10)) % 10);
}

/** IUV of a notice: the last 15 digits for aux digit 0, the last 17 otherwise. */
export const iuv = (notice: string): string => notice.slice(notice.startsWith('0') ? 3 : 1);

/** `12345` → `123.45`. */
export const decimal = (cents: number): string =>
  `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Content of the QR code on the paper (pagopa.md 1.3): at least two digits of amount. */
export const qrText = (notice: string, creditor: string, cents: number): string =>
  `PAGOPA|002|${notice}|${creditor}|${String(cents).padStart(2, '0')}`;
