/** Fields whose whole value is blanked: sensitive card data and whoever holds the card. */
const BLANKED =
  /("(?:PAN|TrackValue|TrackData|Track1|Track2|SensitiveCardData|ProtectedCardData|CardholderName|CardHolderName|ContactlessName|ShopperName|ShopperEmail|ShopperReference)"\s*:\s*")((?:[^"\\]|\\.)*)(")/g;

/** The holder's name where a receipt line is written as a form. */
const HOLDER_LINE =
  /(key=(?:cardHolderName|cardHolder|shopperName)[^"]*?value=)([^"&]*)|(value=)([^"&]*)(?=[^"]*key=(?:cardHolderName|cardHolder|shopperName))/gi;

/** A run of digits as long as a card number; the names of transactions, which tests need, are none. */
const DIGITS = /"TransactionID"\s*:\s*"[^"]*"|(?<!\d)\d{12,19}(?!\d)/g;

const stars = (text: string): string => '*'.repeat(text.length);

function luhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/**
 * A frame of the wire as it may be kept: no card number beyond its first six and last four digits, no track, no name. Of the same
 * length, so that `Content-Length` still holds and a recording can be played back. Pure; both directions alike.
 */
export function nexoMask(_direction: 'in' | 'out', frame: Uint8Array): Uint8Array {
  // One character a byte: what is not ASCII passes through untouched.
  let text = '';
  for (const byte of frame) text += String.fromCharCode(byte);
  const masked = text
    .replace(BLANKED, (_, head: string, value: string, tail: string) => head + stars(value) + tail)
    .replace(HOLDER_LINE, (_, after?: string, one = '', before?: string, other = '') =>
      after === undefined ? `${before}${stars(other)}` : `${after}${stars(one)}`,
    )
    .replace(DIGITS, (digits) =>
      /^\d/.test(digits) && luhn(digits)
        ? digits.slice(0, 6) + stars(digits.slice(6, -4)) + digits.slice(-4)
        : digits,
    );
  return Uint8Array.from(masked, (character) => character.charCodeAt(0));
}
