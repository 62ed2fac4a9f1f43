import { encodeApdu } from './apdu.ts';
import { field } from './bmp.ts';
import { bcd, container, counted, fixed, panBytes } from './bmp-writing.ts';
import { joined } from './bytes.ts';
import { EURO } from './commands.ts';
import type { StatusInfo, Totals } from './status-info.ts';
import { control, type PrintedLine, type ReceiptKind } from './terminal-messages.ts';
import { encodeText } from './text.ts';
import type { TlvContent } from './tlv.ts';

const LONGEST_NAME = 99;
const kinds = { merchant: 1, cardholder: 2, administration: 3 } as const;
const technologies = { MAG: 0, ICC: 1, CLI: 2 } as const;
const none = new Uint8Array();

const terminated = (text: string) => joined([encodeText(text.slice(0, LONGEST_NAME - 1)), Uint8Array.of(0)]);

/** A text in a field of fixed width. */
function padded(text: string, width: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(width).fill(fill);
  bytes.set(encodeText(text).subarray(0, width));
  return bytes;
}

const totalsBytes = ({ receiptFrom, receiptTo, schemes }: Totals): Uint8Array =>
  joined([
    bcd(receiptFrom, 2),
    bcd(receiptTo, 2),
    ...schemes.flatMap(({ count, totalCents }) => [bcd(count, 1), bcd(totalCents, 6)]),
  ]);

/** The APDU of a result (`04 0F`); fields that are undefined or left out are not sent. Throws `ZVT_UNENCODABLE`. */
export function encodeStatusInfo(info: Partial<StatusInfo>): Uint8Array {
  const digits = (bmp: number, value: string | undefined, bytes: number) =>
    value === undefined ? none : fixed(bmp, bcd(value, bytes));
  const byte = (bmp: number, value: number | undefined) =>
    value === undefined ? none : fixed(bmp, Uint8Array.of(value));
  const tlvs: (readonly [string, TlvContent])[] = [];
  if (info.technology) tlvs.push(['1F12', Uint8Array.of(technologies[info.technology])]);
  if (info.receiptToEcho) tlvs.push(['1F1F', info.receiptToEcho]);
  return encodeApdu(
    control.statusInfo,
    joined([
      byte(field.result, info.resultCode),
      info.amountCents === undefined ? none : fixed(field.amount, bcd(info.amountCents, 6)),
      digits(field.trace, info.trace, 3),
      digits(field.originalTrace, info.originalTrace, 3),
      digits(field.time, info.time, 3),
      digits(field.date, info.date, 2),
      info.pan === undefined ? none : counted(field.pan, 2, panBytes(info.pan)),
      digits(field.terminalId, info.terminalId, 4),
      info.merchant === undefined ? none : fixed(field.merchant, padded(info.merchant, 15, 0x20)),
      info.authorisation === undefined ? none : fixed(field.authorisation, padded(info.authorisation, 8, 0)),
      info.text === undefined ? none : counted(field.text, 3, encodeText(info.text)),
      digits(field.currency, info.currency, 2),
      digits(field.receipt, info.receipt, 2),
      byte(field.cardType, info.cardType),
      info.cardName === undefined ? none : counted(field.cardName, 2, terminated(info.cardName)),
      info.totals === undefined ? none : counted(field.totals, 3, totalsBytes(info.totals)),
      container(tlvs),
    ]),
  );
}

/** The APDU of an intermediate status (`04 FF`). */
export function encodeIntermediate(
  code: number,
  lines: readonly string[] = [],
  timeoutMinutes?: number,
): Uint8Array {
  const texts = lines.map((line): readonly [string, TlvContent] => ['07', encodeText(line)]);
  return encodeApdu(
    control.intermediate,
    joined([
      Uint8Array.of(code),
      timeoutMinutes === undefined ? none : bcd(timeoutMinutes, 1),
      container(texts.length === 0 ? [] : [['24', texts]]),
    ]),
  );
}

/** The APDU that ends a registration or a transaction (`06 0F`). */
export function encodeCompletion(
  registered: { readonly terminalId?: string; readonly sequence?: number | undefined } = {},
): Uint8Array {
  const { terminalId, sequence } = registered;
  return encodeApdu(
    control.completion,
    terminalId === undefined
      ? none
      : joined([
          fixed(field.paymentType, Uint8Array.of(0)),
          fixed(field.terminalId, bcd(terminalId, 4)),
          fixed(field.currency, bcd(EURO, 2)),
          container(sequence === undefined ? [] : [['1F73', bcd(sequence, 3)]]),
        ]),
  );
}

/** The APDU that answers a status enquiry. */
export const encodeTerminalStatus = (status: number): Uint8Array =>
  encodeApdu(control.completion, Uint8Array.of(status));

export const encodeAbort = (code: number): Uint8Array => encodeApdu(control.abort, Uint8Array.of(code));
export const encodeOk = (): Uint8Array => encodeApdu(control.ok);
export const encodeRefusal = (code: number): Uint8Array => encodeApdu(0x8400 | code);

export const encodePrintLine = ({ attribute, text }: PrintedLine): Uint8Array =>
  encodeApdu(control.printLine, joined([Uint8Array.of(attribute), encodeText(text)]));

/** The APDU of a receipt in one block (`06 D3`), with attribute 81 (cut) behind the last line. */
export function encodePrintBlock(
  receipt: Exclude<ReceiptKind, undefined>,
  lines: readonly PrintedLine[],
): Uint8Array {
  const objects: (readonly [string, TlvContent])[] = [];
  let attribute = 0;
  for (const line of lines) {
    if (line.attribute !== attribute) objects.push(['09', Uint8Array.of(line.attribute)]);
    attribute = line.attribute;
    objects.push(['07', encodeText(line.text)]);
  }
  objects.push(['09', Uint8Array.of(0x81)]);
  return encodeApdu(
    control.printBlock,
    container([
      ['1F07', Uint8Array.of(kinds[receipt])],
      ['25', objects],
    ]),
  );
}
