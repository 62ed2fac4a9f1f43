import type { Payment } from '../payments/index.ts';

const COLUMNS = [
  'kiosk_id',
  'kiosk_payment_id',
  'notice_number',
  'creditor_tax_code',
  'iuv',
  'payment_token',
  'amount_eur',
  'fee_eur',
  'charged_eur',
  'rrn',
  'auth_code',
  'stan',
  'pos_terminal_id',
  'charged_at',
  'outcome',
  'outcome_sent_at',
  'node_answer',
  'node_answer_at',
  'state',
  'receipt',
];

/** The charges of a day, one a line (pagopa.md 9): enough to match the PSP's reporting flows on the token. */
export function paymentsCsv(payments: readonly Payment[]): string {
  const lines = payments.map(({ key, notice, activation, card, ...payment }) => [
    key.terminalId,
    key.kioskPaymentId,
    notice.noticeNumber,
    notice.creditorTaxCode,
    activation?.iuv,
    activation?.paymentToken,
    euros(activation?.amountCents),
    euros(activation?.feeCents),
    euros(card?.amountCents),
    card?.onlineId,
    card?.authCode,
    card?.stan,
    card?.posTerminalId,
    instant(card?.chargedAt),
    payment.outcome?.outcome,
    instant(payment.outcomeAt),
    payment.faultCode ?? payment.answer,
    instant(payment.acknowledgedAt),
    payment.state,
    payment.receipt,
  ]);
  return [COLUMNS, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

/** Always quoted; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function field(value: string | undefined): string {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const euros = (cents: number | undefined) => (cents === undefined ? undefined : (cents / 100).toFixed(2));
const instant = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
