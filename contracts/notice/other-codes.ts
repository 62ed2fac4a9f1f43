/**
 * Codes that people hold under the reader and that are no payment notice (barcode.md 3, pagopa.md 1.3 and 1.5). Naming
 * the code lets the screen say what it is, in place of "not valid". Nothing here is opened or followed.
 */
export type OtherCode =
  | 'idpay'
  | 'sepa-credit-transfer'
  | 'cie'
  | 'spid'
  | 'it-wallet'
  | 'io-app'
  | 'tax-code'
  | 'gs1-bulletin'
  | 'postal-codeline'
  | 'product'
  | 'web-link'
  | 'wrong-keyboard-layout';

/** GS1's separator, which readers send before a GS1-128. */
const FNC1 = '\u001d';

/** Values of the characters of a person's tax code in odd positions; in even ones a digit or letter is its rank. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
// Digits may be written as letters when two people would share a code (omocodia).
const PERSON = /^[A-Z]{6}[\dL-NP-V]{2}[ABCDEHLMPRST][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z]$/;

function isPersonTaxCode(text: string): boolean {
  const code = text.toUpperCase();
  if (!PERSON.test(code)) return false;
  let sum = 0;
  for (let index = 0; index < 15; index++) {
    const char = code.charCodeAt(index);
    const rank = char < 65 ? char - 48 : char - 65;
    sum += index % 2 === 0 ? (ODD[rank] ?? 0) : rank;
  }
  return code.charCodeAt(15) === 65 + (sum % 26);
}

function isProduct(text: string): boolean {
  if (!/^(\d{8}|\d{13})$/.test(text)) return false;
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    // Weights alternate 3, 1 ending with 1 on the check digit.
    sum += (text.charCodeAt(index) - 48) * ((text.length - index) % 2 === 0 ? 3 : 1);
  }
  return sum % 10 === 0;
}

function byHost(text: string): OtherCode | undefined {
  const host = /^https?:\/\/([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(text)?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  const within = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  if (within('io.pagopa.it')) {
    if (/^https?:\/\/[^/]+\/idpay(\/|$)/i.test(text)) return 'idpay';
    return within('wallet.io.pagopa.it') ? 'it-wallet' : 'io-app';
  }
  if (within('servizicie.interno.gov.it') || within('cartaidentita.interno.gov.it')) return 'cie';
  if (within('spid.gov.it') || host.split('.').includes('spid')) return 'spid';
  return 'web-link';
}

/** Names a code that is no notice; undefined when it is none we know. `text` is bounded by the caller. */
export function otherCodeOf(text: string): OtherCode | undefined {
  const code = (text.startsWith(FNC1) ? text.slice(1) : text).trim();
  if (/^BCD\r?\n00[12]\r?\n/.test(code)) return 'sepa-credit-transfer';
  if (/^(haip|openid4vp|eudi-openid4vp|mdoc-openid4vp|openid-credential-offer):\/\//i.test(code)) {
    return 'it-wallet';
  }
  // A wedge reader on the wrong layout replaces `|`, and only it (barcode.md 1).
  if (/^pagopa([^|\w])\d{3}\1\d{18}\1\d{11}\1\d{1,11}$/i.test(code)) return 'wrong-keyboard-layout';
  if (/^415\d{13}8020/.test(code)) return 'gs1-bulletin';
  if (/^18\d{18}12\d{12}10\d{10}3\d{3}$/.test(code)) return 'postal-codeline';
  if (isProduct(code)) return 'product';
  if (isPersonTaxCode(code)) return 'tax-code';
  return byHost(code);
}
