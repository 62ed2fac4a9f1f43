import { encodeError, type PayloadError, payloadError } from './errors.ts';
import {
  amount,
  type Field,
  type FieldsOf,
  flag,
  type Layout,
  n,
  readFields,
  right,
  widthOf,
  writeFields,
  x,
  zeros,
} from './fields.ts';

const payment = [
  n('cashRegisterId', 8),
  flag('additionalData'),
  zeros(2),
  flag('cardAlreadyPresent'),
  x('paymentType', 1),
  amount('amountCents', 8),
  right('text', 128),
  zeros(8),
] as const;
const adjustment = [
  n('cashRegisterId', 8),
  flag('additionalData'),
  zeros(4),
  amount('amountCents', 8),
  right('text', 128),
  n('preAuthCode', 9),
  zeros(8),
] as const;
const service = [n('cashRegisterId', 8), flag('additionalData'), zeros(7)] as const;

/** Fields after the common head, by code (pos.md 1.3). U and K end in a part of free length. */
const layouts = {
  s: [],
  P: payment,
  X: payment,
  p: payment,
  i: adjustment,
  c: adjustment,
  H: [
    n('cashRegisterId', 8),
    flag('additionalData'),
    zeros(2),
    zeros(1),
    x('paymentType', 1),
    zeros(16),
  ] as const,
  S: [n('cashRegisterId', 8), n('stan', 6), flag('additionalData'), zeros(1)] as const,
  G: [n('cashRegisterId', 8), flag('additionalData'), zeros(3)] as const,
  T: service,
  C: service,
  E: [flag('enabled')] as const,
  R: [flag('toEcr'), x('ticketType', 1), zeros(10)] as const,
  U: [zeros(6), n('isoField', 2), x('tag', 8), zeros(1), n('tagIndexMap', 4), zeros(5)] as const,
  K: [n('cashRegisterId', 8), zeros(3), zeros(1)] as const,
} satisfies Record<string, Layout>;

type Layouts = typeof layouts;
type Code = keyof Layouts;
type Tail = {
  readonly U: { readonly content: readonly string[] };
  readonly K: { readonly xml: string };
};

/** A command of the kiosk. `terminalId` 00000000 is the wildcard. */
export type EcrRequest = {
  readonly [C in Code]: { readonly code: C; readonly terminalId: string } & FieldsOf<
    Extract<Layouts[C], readonly Field[]>
  > &
    (C extends keyof Tail ? Tail[C] : unknown);
}[Code];

export type RequestCode = Code;

const isCode = (code: string): code is Code => Object.hasOwn(layouts, code);
const SEPARATOR = '\x1b';

/** Reads a command; `text` is the payload as ASCII with its head already checked. */
export function decodeRequest(text: string): EcrRequest | PayloadError {
  const code = text[9] as string;
  if (!isCode(code)) return payloadError('ECR17_CODE_UNKNOWN', `no command has the code ${code}`);
  const layout: Layout = layouts[code];
  const end = 10 + widthOf(layout);
  if (text.length < end) {
    return payloadError('ECR17_SHORT', `${code} has ${text.length} characters of ${end}`);
  }
  const values = readFields(text, 10, layout);
  if (values.amountCents === null) return payloadError('ECR17_FIELD', 'amountCents is not a number');
  const message: Record<string, unknown> = { code, terminalId: text.slice(0, 8), ...values };
  if (code === 'U') {
    message.tag = String(values.tag).trimEnd();
    message.content = text.slice(end).split(SEPARATOR).slice(0, -1);
  }
  if (code === 'K') {
    const length = text.slice(end, end + 4);
    if (!/^\d{4}$/.test(length)) return payloadError('ECR17_FIELD', 'the length of the XML is not a number');
    const xml = text.slice(end + 4);
    if (xml.length !== Number(length)) return payloadError('ECR17_FIELD', 'the XML has another length');
    message.xml = xml;
  }
  return message as EcrRequest;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Payload of a command. Throws `ECR17_UNENCODABLE` naming the field that does not fit (a programming fault). */
export function encodeRequest(request: EcrRequest): Uint8Array {
  const written = writeFields(request, layouts[request.code]);
  if ('misfit' in written) {
    throw encodeError('ECR17_UNENCODABLE', { code: request.code, field: written.misfit });
  }
  if (!/^\d{8}$/.test(request.terminalId)) {
    throw encodeError('ECR17_UNENCODABLE', { code: request.code, field: 'terminalId' });
  }
  let tail = '';
  if (request.code === 'U') tail = request.content.map((content) => content + SEPARATOR).join('');
  if (request.code === 'K') tail = String(request.xml.length).padStart(4, '0') + request.xml;
  return ascii(`${request.terminalId}0${request.code}${written.text}${tail}`);
}
