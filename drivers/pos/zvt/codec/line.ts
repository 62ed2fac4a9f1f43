import { type Apdu, ApduReader, encodeApdu, type ZvtWireItem } from './apdu.ts';
import { bmpJson, decodeBmps, field, fieldValue, tlvJson, tlvsOf } from './bmp.ts';
import { bytesOfHex, digitsOf, hexOf, nameOf } from './bytes.ts';
import { intermediateWord, resultWord, statusWord } from './codes.ts';
import { registrationFields } from './commands.ts';
import { wireErrorCauses } from './errors.ts';
import { SerialReader } from './serial.ts';
import { statusInfoOf } from './status-info.ts';
import { completionParts, control, decodeFromTerminal, intermediateParts } from './terminal-messages.ts';

/** One thing read on the wire, as plain JSON: `wire` says what it is. */
export type DecodedZvt = { readonly wire: ZvtWireItem['wire'] } & Readonly<Record<string, unknown>>;

const names: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(control).map(([name, value]) => [value, name.replace(/[A-Z]/g, '-$&').toLowerCase()]),
);

type Json = Readonly<Record<string, unknown>>;
const rest = (bytes: Uint8Array): Json => (bytes.length > 0 ? { rest: hexOf(bytes) } : {});
const fields = (data: Uint8Array, from = 0): Json => {
  const read = decodeBmps(data, from);
  return { bmps: bmpJson(read.bmps), ...rest(read.rest) };
};
const container = (data: Uint8Array, from = 0): Json => {
  const read = decodeBmps(data, from);
  return { tlv: tlvJson(tlvsOf(read.bmps)), ...rest(read.rest) };
};

/** A result with its fields, and for a closed day what field 60 holds. */
function statusInfoJson(data: Uint8Array): Json {
  const info = statusInfoOf(decodeBmps(data).bmps);
  const known = info.resultCode === undefined ? {} : resultJson(info.resultCode);
  if (!info.totals) return { ...known, ...fields(data) };
  const { receiptFrom, receiptTo, schemes } = info.totals;
  return {
    ...known,
    ...(info.amountCents !== undefined && { totalCents: info.amountCents }),
    ...(info.time !== undefined && { time: info.time }),
    ...(info.date !== undefined && { date: info.date }),
    receiptFrom,
    receiptTo,
    ...Object.fromEntries(
      schemes.flatMap(({ scheme, count, totalCents }) => [
        [`${scheme}Count`, count],
        [`${scheme}TotalCents`, totalCents],
      ]),
    ),
    ...fields(data),
  };
}

const resultJson = (code: number): Json => ({ resultCode: nameOf(code), result: resultWord(code) });

function registrationJson(data: Uint8Array): Json {
  const at = registrationFields(data);
  return {
    password: digitsOf(data.subarray(0, 3)) ?? hexOf(data.subarray(0, 3)),
    ...(data.length > 3 && { configByte: nameOf(data[3] as number) }),
    ...(at === 6 && data.length >= 6 && { currency: hexOf(data.subarray(4, 6)) }),
    ...fields(data, at),
    ...container(data, at),
  };
}

function intermediateJson(data: Uint8Array): Json {
  const { code, timeout, bmps } = intermediateParts(data);
  return {
    ...(code !== undefined && { intermediateStatus: nameOf(code), intermediate: intermediateWord(code) }),
    ...(timeout !== undefined && { timeoutMinutesBcd: nameOf(timeout) }),
    ...(bmps.length > 0 && { tlv: tlvJson(tlvsOf(bmps)) }),
  };
}

function completionJson(data: Uint8Array): Json {
  const { status, bmps } = completionParts(data);
  return {
    ...(status !== undefined && { status: nameOf(status), statusWord: statusWord(status) }),
    bmps: bmpJson(bmps),
  };
}

const passwordJson = (data: Uint8Array): Json =>
  data.length < 3 ? rest(data) : { password: digitsOf(data.subarray(0, 3)) ?? '', ...fields(data, 3) };

/** The data of an APDU in the words of the data files. */
function contentJson(apdu: Apdu): Json {
  const { control: of, data } = apdu;
  switch (of) {
    case control.statusInfo:
      return statusInfoJson(data);
    case control.intermediate:
      return intermediateJson(data);
    case control.completion:
      return completionJson(data);
    case control.abort:
      return { ...(data[0] !== undefined && resultJson(data[0])), ...rest(data.subarray(1)) };
    case control.printLine: {
      const message = decodeFromTerminal(apdu);
      const line = message.kind === 'print' ? message.lines[0] : undefined;
      return { attribute: nameOf(line?.attribute ?? 0), text: line?.text ?? '' };
    }
    case control.printBlock:
      return container(data);
    case control.registration:
      return registrationJson(data);
    case control.statusEnquiry:
    case control.reversal:
    case control.refund:
    case control.endOfDay:
    case control.repeatReceipt:
    case control.totals:
    case control.initialisation:
      return passwordJson(data);
    case control.authorisation: {
      const amount = fieldValue(decodeBmps(data).bmps, field.amount);
      const digits = amount && digitsOf(amount);
      return { ...(digits !== undefined && { amountCents: Number(digits) }), ...fields(data) };
    }
    default:
      if (of >> 8 === 0x84) return { ...resultJson(of & 0xff), ...fields(data) };
      return data.length === 0 ? {} : fields(data);
  }
}

const nameOfControl = (of: number): string => names[of] ?? (of >> 8 === 0x84 ? 'answer' : 'unknown');

const apduJson = (apdu: Apdu): Json => ({
  control: nameOf(apdu.control, 2),
  name: nameOfControl(apdu.control),
  length: apdu.data.length,
  extendedLength: apdu.extended,
  ...contentJson(apdu),
});

function describe(item: ZvtWireItem, serial: boolean): DecodedZvt {
  const skipped = item.skipped > 0 ? { skipped: item.skipped } : {};
  switch (item.wire) {
    case 'apdu': {
      const { apdu } = item;
      const bytes = serial ? { apdu: hexOf(wholeOf(apdu)) } : {};
      return { wire: 'apdu', ...bytes, ...apduJson(apdu), ...skipped };
    }
    case 'error':
      return { wire: 'error', error: { code: item.code, message: wireErrorCauses[item.code] }, ...skipped };
    case 'incomplete': {
      const { head, data } = item;
      // A record may have been cut: what is there is told, with the length that was announced.
      const begun = head && { ...apduJson({ ...head, data }), length: head.length };
      return { wire: 'incomplete', complete: false, ...begun, ...skipped };
    }
    default:
      return { wire: item.wire, ...skipped };
  }
}

/** The bytes as they were, with the length in the form it had. */
function wholeOf({ control: of, data, extended }: Apdu): Uint8Array {
  if (!extended || data.length >= 0xff) return encodeApdu(of, data);
  return Uint8Array.from([of >> 8, of & 0xff, 0xff, data.length, 0, ...data]);
}

const failure = (code: string, message: string): DecodedZvt[] => [
  { wire: 'error', error: { code, message } },
];

/**
 * Reads one record of a wire log (hex, blanks allowed) into the messages it holds, for `jolly decode zvt`: APDUs as they go over
 * TCP, or with `serial` the frames of a serial line, whose messages also give their `apdu` in hex.
 */
export function decodeZvtLine(hex: string, { serial }: { readonly serial: boolean }): DecodedZvt[] {
  const bytes = bytesOfHex(hex);
  if (!bytes) return failure('HEX_INVALID', 'the record is not hexadecimal bytes');
  if (bytes.length === 0) return failure('HEX_EMPTY', 'the record is empty');
  const reader = serial ? new SerialReader() : new ApduReader();
  return [...reader.push(bytes), ...reader.end()].map((item) => describe(item, serial));
}
