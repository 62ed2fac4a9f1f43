import { encodeError, type PayloadError, payloadError } from './errors.ts';
import { type Layout, readFields, type Values, widthOf, writeFields } from './fields.ts';
import type { PaymentForm } from './layouts.ts';
import * as layouts from './layouts.ts';
import { decodeReceipt, encodeReceipt, type ReceiptLine } from './receipt.ts';

/** What a two-digit result means; a code of its own is `unknown`, and money then counts as uncertain. */
export type Outcome = 'approved' | 'refused' | 'cardNotPresent' | 'unknownTag' | 'unknown';

interface Head<Kind extends string, Code extends string> {
  readonly kind: Kind;
  readonly code: Code;
  readonly terminalId: string;
}
interface Judged {
  readonly result: string;
  readonly outcome: Outcome;
}
/** Currency exchange chosen by the card's owner. `rate` has four decimals, `amount` is digits with `precision` decimals. */
export type Exchange =
  | { readonly applied: false }
  | {
      readonly applied: true;
      readonly rate: string;
      readonly currency: string;
      readonly amount: string;
      readonly precision: number;
    };

/** Answer to payment, reversal, card verification (E, V) and closure of a pre-authorisation (c, v). */
export interface PaymentAnswer extends Head<'payment', 'E' | 'V' | 'c' | 'v'>, Judged {
  readonly form: PaymentForm;
  /** As sent: right-aligned with zeros, usually masked. Null unless approved, like the three after it. */
  readonly pan: string | null;
  readonly entry: string | null;
  readonly authCode: string | null;
  /** DDDHHMM, day of the year and local time of the host. */
  readonly hostDateTime: string | null;
  /** The terminal's words when refused. */
  readonly reason: string | null;
  readonly cardType: string;
  readonly acquirerId: string;
  readonly stan: string;
  readonly onlineId: string;
  readonly actionCode?: string;
  /** X and V: what the host charged; null when the field is not a number. */
  readonly hostAmountCents?: number | null;
  readonly amountCents?: number | null;
  readonly dcc?: Exchange;
}
export interface PreAuthAnswer extends Head<'pre-authorisation', 'e'>, Judged {
  readonly pan: string | null;
  readonly entry: string | null;
  readonly authCode: string | null;
  readonly hostDateTime: string | null;
  readonly preAuthorisedCents: number | null;
  readonly preAuthCode: string | null;
  readonly reason: string | null;
  readonly cardType: string | null;
  readonly actionCode: string;
  readonly acquirerId: string;
  readonly stan: string;
  readonly onlineId: string;
}
export interface IncrementAnswer extends Head<'increment', 'i'>, Judged {
  readonly pan: string | null;
  readonly entry: string | null;
  readonly authCode: string | null;
  readonly hostDateTime: string | null;
  readonly reason: string | null;
  readonly acquirerId: string | null;
  readonly stan: string | null;
  readonly onlineId: string | null;
  readonly actionCode: string | null;
}
export interface StatusAnswer extends Head<'status', 's'> {
  /** DDMMYYhhmm as sent, and as an ISO local time; null when it is no date. */
  readonly dateTime: string;
  readonly dateTimeIso: string | null;
  /** 0 not configured · 1 no DLL · 2 operative · 3 not aligned · 4 key corrupted · 5 DLL pending · 6 update pending. */
  readonly status: number;
  readonly software: string;
}
export interface TotalsAnswer extends Head<'totals', 'T'>, Judged {
  readonly posTotalCents: number | null;
}
export interface CloseAnswer extends Head<'close', 'C'>, Judged {
  readonly posTotalCents: number | null;
  readonly hostTotalCents: number | null;
  readonly reason: string | null;
  readonly actionCode: string | null;
}
export interface ReceiptAnswer extends Head<'receipt', 'S'> {
  readonly last: boolean;
  readonly lines: readonly ReceiptLine[];
  readonly trailingBlankLines: number;
}
export interface HostDataAnswer extends Head<'host-data', 'U'> {
  readonly data: string;
}
export interface VasAnswer extends Head<'vas', 'K'> {
  /** More messages follow; their XML is joined in order. */
  readonly more: boolean;
  readonly number: number;
  readonly xml: string;
}

export type PosResponse =
  | PaymentAnswer
  | PreAuthAnswer
  | IncrementAnswer
  | StatusAnswer
  | TotalsAnswer
  | CloseAnswer
  | ReceiptAnswer
  | HostDataAnswer
  | VasAnswer;

const outcomes: Readonly<Record<string, Outcome>> = {
  '00': 'approved',
  '01': 'refused',
  '05': 'cardNotPresent',
  '09': 'unknownTag',
};

/** Reads a layout; trailing filler may be missing. */
function read(text: string, layout: Layout): Values | PayloadError {
  const trailing = layout.at(-1);
  const needed = 10 + widthOf(layout) - (trailing?.kind === 'fill' ? trailing.length : 0);
  if (text.length < needed) {
    return payloadError('ECR17_SHORT', `${text[9]} has ${text.length} characters of ${needed}`);
  }
  return readFields(text, 10, layout);
}

const judge = (values: Values): Judged => ({
  result: String(values.result),
  outcome: outcomes[String(values.result)] ?? 'unknown',
});

/** Which layouts a result chooses: `ok` for 00, else the refusal. */
const byResult = (text: string, ok: Layout, no: Layout): Layout => (text.slice(10, 12) === '00' ? ok : no);
const or = (values: Values, name: string) => (values[name] ?? null) as string | null;
const failed = (values: Values | PayloadError): values is PayloadError =>
  'error' in values && typeof values.error === 'object';

type Decode = (text: string, terminalId: string) => PosResponse | PayloadError;

/** The form of a payment's answer, from its length: 71, 84, 92, 109 (v) or 117 (V). */
function formOf(text: string): PaymentForm {
  const code = text[9];
  if (code === 'V' && text.length >= 107) return 'exchange';
  if (code === 'v' && text.length >= 99) return 'closure-exchange';
  if (text.length > 84) return 'extended';
  return text.length >= 74 ? 'reversal' : 'plain';
}

const payment: Decode = (text, terminalId) => {
  const form = formOf(text);
  const values = read(text, layouts.paymentLayout(text.slice(10, 12), form));
  if (failed(values)) return values;
  const hostAmountCents = values.hostAmountCents as number | null | undefined;
  const actionCode = values.actionCode as string | undefined;
  const code = text[9] as PaymentAnswer['code'];
  return {
    kind: 'payment',
    code,
    terminalId,
    form,
    ...judge(values),
    pan: or(values, 'pan'),
    entry: or(values, 'entry'),
    authCode: or(values, 'authCode'),
    hostDateTime: or(values, 'hostDateTime'),
    reason: or(values, 'reason'),
    cardType: String(values.cardType),
    acquirerId: String(values.acquirerId),
    stan: String(values.stan),
    onlineId: String(values.onlineId),
    ...(actionCode !== undefined && { actionCode }),
    ...(hostAmountCents !== undefined && { hostAmountCents }),
    ...(hostAmountCents !== undefined && code === 'V' && { amountCents: hostAmountCents }),
    ...('exchanged' in values && { dcc: exchangeOf(values) }),
  };
};

function exchangeOf(values: Values): Exchange {
  if (values.exchanged !== true) return { applied: false };
  const rate = String(values.rate);
  return {
    applied: true,
    rate: `${rate.slice(0, -4).replace(/^0+(?=\d)/, '')}.${rate.slice(-4)}`,
    currency: String(values.currency),
    amount: String(values.exchangedAmount),
    precision: Number(values.precision) || 0,
  };
}

const preAuthorisation: Decode = (text, terminalId) => {
  const values = read(text, byResult(text, layouts.preAuthorised, layouts.preAuthRefused));
  if (failed(values)) return values;
  return {
    kind: 'pre-authorisation',
    code: 'e',
    terminalId,
    ...judge(values),
    pan: or(values, 'pan'),
    entry: or(values, 'entry'),
    authCode: or(values, 'authCode'),
    hostDateTime: or(values, 'hostDateTime'),
    preAuthorisedCents: (values.preAuthorisedCents ?? null) as number | null,
    preAuthCode: or(values, 'preAuthCode'),
    reason: or(values, 'reason'),
    cardType: or(values, 'cardType'),
    actionCode: String(values.actionCode),
    acquirerId: String(values.acquirerId),
    stan: String(values.stan),
    onlineId: String(values.onlineId),
  };
};

const increment: Decode = (text, terminalId) => {
  const values = read(text, byResult(text, layouts.incremented, layouts.incrementRefused));
  if (failed(values)) return values;
  return {
    kind: 'increment',
    code: 'i',
    terminalId,
    ...judge(values),
    pan: or(values, 'pan'),
    entry: or(values, 'entry'),
    authCode: or(values, 'authCode'),
    hostDateTime: or(values, 'hostDateTime'),
    reason: or(values, 'reason'),
    acquirerId: or(values, 'acquirerId'),
    stan: or(values, 'stan'),
    onlineId: or(values, 'onlineId'),
    actionCode: or(values, 'actionCode'),
  };
};

const status: Decode = (text, terminalId) => {
  const values = read(text, layouts.status);
  if (failed(values)) return values;
  const digit = String(values.status);
  if (!/^\d$/.test(digit)) return payloadError('ECR17_FIELD', 'the status is not a digit');
  const dateTime = String(values.dateTime);
  return {
    kind: 'status',
    code: 's',
    terminalId,
    dateTime,
    dateTimeIso: isoOf(dateTime),
    status: Number(digit),
    software: text.slice(31).trimEnd(),
  };
};

/** `DDMMYYhhmm` → `20YY-MM-DDThh:mm`; null when that instant does not exist. */
function isoOf(text: string): string | null {
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!parts) return null;
  const [, day, month, year, hour, minute] = parts;
  const iso = `20${year}-${month}-${day}T${hour}:${minute}`;
  const date = new Date(`${iso}:00Z`);
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(iso) ? null : iso;
}

const totals: Decode = (text, terminalId) => {
  const values = read(text, layouts.totals);
  if (failed(values)) return values;
  return {
    kind: 'totals',
    code: 'T',
    terminalId,
    ...judge(values),
    posTotalCents: values.posTotalCents as number | null,
  };
};

const close: Decode = (text, terminalId) => {
  const values = read(text, byResult(text, layouts.closed, layouts.closeRefused));
  if (failed(values)) return values;
  return {
    kind: 'close',
    code: 'C',
    terminalId,
    ...judge(values),
    posTotalCents: (values.posTotalCents ?? null) as number | null,
    hostTotalCents: (values.hostTotalCents ?? null) as number | null,
    reason: or(values, 'reason'),
    actionCode: or(values, 'actionCode'),
  };
};

const hostData: Decode = (text, terminalId) => {
  const values = read(text, layouts.hostData);
  if (failed(values)) return values;
  const length = Number(values.length);
  if (!Number.isInteger(length) || text.length < 19 + length) {
    return payloadError('ECR17_FIELD', 'the data have another length');
  }
  return { kind: 'host-data', code: 'U', terminalId, data: text.slice(19, 19 + length) };
};

const vas: Decode = (text, terminalId) => {
  const values = read(text, layouts.vas);
  if (failed(values)) return values;
  const length = Number(values.length);
  const number = Number(values.number);
  if (!Number.isInteger(length) || !Number.isInteger(number) || text.length < 26 + length) {
    return payloadError('ECR17_FIELD', 'the XML has another length');
  }
  return {
    kind: 'vas',
    code: 'K',
    terminalId,
    more: values.more === true,
    number,
    xml: text.slice(26, 26 + length),
  };
};

const decoders: Readonly<Record<string, Decode>> = {
  E: payment,
  V: payment,
  c: payment,
  v: payment,
  e: preAuthorisation,
  i: increment,
  s: status,
  T: totals,
  C: close,
  S: (text, terminalId) => ({ kind: 'receipt', code: 'S', terminalId, ...decodeReceipt(text.slice(10)) }),
  U: hostData,
  K: vas,
};

/** Reads an answer; `text` is the payload as ASCII with its head already checked. */
export function decodeResponse(text: string): PosResponse | PayloadError {
  const code = text[9] as string;
  const decode = Object.hasOwn(decoders, code) ? decoders[code] : undefined;
  if (!decode) return payloadError('ECR17_CODE_UNKNOWN', `no answer has the code ${code}`);
  return decode(text, text.slice(0, 8));
}

function layoutFor(response: PosResponse): Layout {
  switch (response.kind) {
    case 'payment':
      return layouts.paymentLayout(response.result, response.form);
    case 'pre-authorisation':
      return response.result === '00' ? layouts.preAuthorised : layouts.preAuthRefused;
    case 'increment':
      return response.result === '00' ? layouts.incremented : layouts.incrementRefused;
    case 'status':
      return layouts.status;
    case 'totals':
      return layouts.totals;
    case 'close':
      return response.result === '00' ? layouts.closed : layouts.closeRefused;
    case 'host-data':
      return layouts.hostData;
    case 'vas':
      return layouts.vas;
    case 'receipt':
      return [];
  }
}

/** Payload of an answer, for simulators. Throws `ECR17_UNENCODABLE` naming the field that does not fit. */
export function encodeResponse(response: PosResponse): Uint8Array {
  const extra: Record<string, unknown> = {};
  let end = '';
  if (response.kind === 'payment') {
    extra.filler =
      response.result === '01' ? '0'.repeat(11) : (response.reason ?? '').padEnd(24) + '0'.repeat(11);
    if (response.dcc?.applied) {
      extra.exchanged = true;
      extra.rate = response.dcc.rate.replace('.', '');
      extra.currency = response.dcc.currency;
      extra.exchangedAmount = response.dcc.amount;
      extra.precision = String(response.dcc.precision);
    }
  }
  if (response.kind === 'host-data') {
    extra.length = String(response.data.length);
    end = response.data + '0'.repeat(10);
  }
  if (response.kind === 'vas') {
    extra.length = String(response.xml.length);
    end = response.xml;
  }
  if (response.kind === 'receipt') end = encodeReceipt(response.lines, response.last);
  const written = writeFields({ ...response, ...extra }, layoutFor(response));
  if ('misfit' in written) {
    throw encodeError('ECR17_UNENCODABLE', { code: response.code, field: written.misfit });
  }
  const text = `${response.terminalId}0${response.code}${written.text}${end}`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
