import { type AuxDigit, creditorCheckDigit, noticeCheckDigits } from './digits.ts';
import type { NoticeKey } from './notice.ts';

/** How many digits stand between the aux digit and the check digits. */
const BODY: Readonly<Record<AuxDigit, number>> = { '0': 15, '1': 17, '2': 15, '3': 15 };

function digits(text: string, length: number, what: string): string {
  if (text.length !== length || !/^\d+$/.test(text))
    throw new RangeError(`${what}: ${length} digits, not "${text}"`);
  return text;
}

/**
 * A valid notice number, check digits computed. `body` is what follows the aux digit: application code + base (aux 0),
 * 17 digits (aux 1), 15 digits (aux 2), segregation code + base (aux 3). Throws a RangeError on another length.
 */
export function makeNotice(aux: AuxDigit, body: string): string {
  const first = aux + digits(body, BODY[aux], `body of a notice with aux ${aux}`);
  return aux === '1' ? first : first + noticeCheckDigits(first);
}

/** A valid creditor's tax code from its first ten digits. */
export function makeCreditor(firstTen: string): string {
  return digits(firstTen, 10, 'creditor') + creditorCheckDigit(firstTen);
}

/** The text of a notice's QR code; writers give the amount at least two digits (pagopa.md 1.3). */
export function noticeQr(key: NoticeKey, amountCents: number): string {
  return ['PAGOPA', '002', key.noticeNumber, key.creditorTaxCode, String(amountCents).padStart(2, '0')].join(
    '|',
  );
}

/** The text of a postal slip's Data Matrix, 256 characters (pagopa.md 1.4). For demonstrations: the debtor is invented. */
export function noticeDataMatrix(
  key: NoticeKey,
  amountCents: number,
  slip: {
    readonly postalAccount: string;
    readonly debtorTaxCode: string;
    readonly debtorName: string;
    readonly subject: string;
  },
): string {
  const fixed = (text: string, length: number) => text.slice(0, length).padEnd(length, ' ');
  return [
    'codfase=NBPA;',
    `18${key.noticeNumber}`,
    `12${slip.postalAccount.padStart(12, '0')}`,
    `10${String(amountCents).padStart(10, '0')}`,
    '3896',
    `1P1${key.creditorTaxCode}`,
    fixed(slip.debtorTaxCode, 16),
    fixed(slip.debtorName, 40),
    fixed(slip.subject, 110),
    fixed('', 12),
    'A',
  ].join('');
}
