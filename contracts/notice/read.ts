import { dataMatrixSlots } from './datamatrix.ts';
import { type AuxDigit, creditorCheckHolds, noticeCheckHolds } from './digits.ts';
import type { NoticeKind } from './notice.ts';
import { otherCodeOf } from './other-codes.ts';
import type {
  NoticeDoubt,
  NoticeFields,
  NoticeInput,
  NoticeReading,
  NoticeRejection,
  RejectReason,
} from './reading.ts';

/** The largest QR code holds 2953 bytes; a reader's longest message is 3 KB. */
const LONGEST = 3072;

/** Readers may send a line end after the code: only that is taken away (pagopa.md 1.3). */
function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\r' || text[end - 1] === '\n')) end--;
  return text.slice(0, end);
}

const withoutBlanks = (text: string) => text.replace(/\s/g, '');

/** The kind of a bare text: a postal Data Matrix says so, 18 or 29 digits were typed, the rest is read as QR. */
export function noticeKindOf(text: string): NoticeKind {
  if (/^codfase=/i.test(text)) return 'datamatrix';
  if (text.length <= LONGEST && /^(\d{18}|\d{29})$/.test(withoutBlanks(text))) return 'manual';
  return 'qr';
}

/** The parts of a notice number by aux digit (pagopa.md 1.1). `notice` holds 18 digits. */
function partsOf(notice: string, aux: AuxDigit) {
  const checkDigit = notice.slice(16);
  switch (aux) {
    case '0':
      return {
        applicationCode: notice.slice(1, 3),
        iuv: notice.slice(3),
        iuvBase: notice.slice(3, 16),
        checkDigit,
      };
    case '1':
      return { iuv: notice.slice(1), iuvBase: notice.slice(1) };
    case '2':
      return { iuv: notice.slice(1), iuvBase: notice.slice(1, 16), checkDigit };
    case '3':
      return {
        segregationCode: notice.slice(1, 3),
        iuv: notice.slice(1),
        iuvBase: notice.slice(3, 16),
        checkDigit,
      };
  }
}

interface Slots {
  readonly noticeNumber: string;
  readonly creditorTaxCode: string;
  readonly amount?: string;
  readonly postalAccount?: string;
}

/** Checks the content of the slots, in the order they are printed. */
function judge(slots: Slots, doubtful: 'warn' | 'retype'): NoticeReading {
  const { noticeNumber, creditorTaxCode, amount, postalAccount } = slots;
  if (!/^\d{18}$/.test(noticeNumber)) return reject('BAD_NOTICE_NUMBER');
  if (!/^[0-3]/.test(noticeNumber)) return reject('BAD_AUX_DIGIT');
  if (postalAccount !== undefined && !/^\d{12}$/.test(postalAccount)) return reject('BAD_CODELINE');
  if (!/^\d{11}$/.test(creditorTaxCode)) return reject('BAD_CREDITOR_TAX_CODE');
  if (amount !== undefined && !/^\d{1,11}$/.test(amount)) return reject('BAD_AMOUNT');
  const auxDigit = noticeNumber[0] as AuxDigit;
  const fields: NoticeFields = {
    noticeNumber,
    creditorTaxCode,
    ...(amount === undefined ? {} : { amountCents: Number(amount) }),
    auxDigit,
    ...partsOf(noticeNumber, auxDigit),
    checkDigitOk: noticeCheckHolds(noticeNumber),
    creditorChecksumOk: creditorCheckHolds(creditorTaxCode),
    ...(postalAccount === undefined ? {} : { postalAccount }),
  };
  const reasons: NoticeDoubt[] = [];
  if (fields.checkDigitOk === false) reasons.push('NOTICE_CHECK_DIGIT');
  if (!fields.creditorChecksumOk) reasons.push('CREDITOR_CHECKSUM');
  if (fields.amountCents === 0) reasons.push('AMOUNT_ZERO');
  return reasons.length > 0 ? { decision: doubtful, ...fields, reasons } : { decision: 'accept', ...fields };
}

function reject(reason: RejectReason, text?: string): NoticeRejection {
  const seen = text === undefined ? undefined : otherCodeOf(text);
  return seen === undefined ? { decision: 'reject', reason } : { decision: 'reject', reason, seen };
}

function readQr(input: string): NoticeReading {
  const text = withoutLineEnd(input);
  const [identifier, version, noticeNumber, creditorTaxCode, amount, ...more] = text.split('|');
  if (
    identifier === undefined ||
    version === undefined ||
    noticeNumber === undefined ||
    creditorTaxCode === undefined ||
    amount === undefined ||
    more.length > 0
  ) {
    return reject('FIELD_COUNT', text);
  }
  if (identifier !== 'PAGOPA') return reject('BAD_IDENTIFIER', text);
  if (version !== '002') return reject('UNSUPPORTED_VERSION');
  return judge({ noticeNumber, creditorTaxCode, amount }, 'warn');
}

function readDataMatrix(text: string): NoticeReading {
  const slots = dataMatrixSlots(withoutLineEnd(text));
  return typeof slots === 'string' ? reject(slots) : judge(slots, 'warn');
}

function readTyped(noticeNumber: string, creditorTaxCode: string): NoticeReading {
  if (noticeNumber.length > LONGEST || creditorTaxCode.length > LONGEST) return reject('TOO_LONG');
  // The notice prints its number in groups of four: people type the blanks too.
  return judge(
    { noticeNumber: withoutBlanks(noticeNumber), creditorTaxCode: withoutBlanks(creditorTaxCode) },
    'retype',
  );
}

/**
 * Reads a payment notice, to the letter of pagopa.md 1. Any text gives an answer; none throws. A refusal is an answer:
 * `reason` says which field is wrong, `seen` what the code is instead when we know it.
 */
export function readNotice(input: NoticeInput): NoticeReading {
  if (typeof input === 'string') {
    const kind = noticeKindOf(input);
    if (kind !== 'manual') return readNotice({ kind, input });
    const digits = withoutBlanks(input);
    return readTyped(digits.slice(0, 18), digits.slice(18));
  }
  if (input.kind === 'manual') return readTyped(input.input.noticeNumber, input.input.creditorTaxCode);
  if (input.input.length > LONGEST) return reject('TOO_LONG');
  return input.kind === 'qr' ? readQr(input.input) : readDataMatrix(input.input);
}
