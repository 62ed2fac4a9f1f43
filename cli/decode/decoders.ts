import { decodeDataMatrixForSupport, NoticeInput, noticeKindOf, readNotice } from '@jolly/contracts/notice';
import { decodeHidLine } from '@jolly/drivers/barcode/hid-pos';
import { decodeSerialLine } from '@jolly/drivers/barcode/serial';
import { decodeEcr17Line, lrcModes } from '@jolly/drivers/pos/ecr17';
import { decodeZvtLine } from '@jolly/drivers/pos/zvt';
import { decodeEscposStatus, statusReplies } from '@jolly/drivers/printer/escpos';
import { decodeXfsLine } from '@jolly/drivers/xfs4iot';

/** What one record says: one object a message, in the words of the data files; `error` for what cannot be decoded. */
export type Decoded = readonly object[];

/** One form of record. The command line's options are checked before the first record is read. */
export interface Decoder {
  readonly summary: string;
  /** Options, as `--help` shows them. */
  readonly options: readonly string[];
  /** The function that decodes records under these options, or a sentence saying what is wrong with them. */
  prepare(
    options: Readonly<Record<string, string | boolean | undefined>>,
  ): ((record: string) => Decoded) | string;
}

/** The value of an option among those allowed, or undefined. */
const among = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((candidate) => candidate === value);

const refusal = (code: string, message: string): Decoded => [{ error: { code, message } }];

function noticeRecord(record: string): NoticeInput | Decoded {
  // Only JSON objects start with a brace: no code of a notice does.
  if (!record.startsWith('{')) return record;
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refusal('JSON_INVALID', 'a record that starts with { is a JSON object');
  }
  const parsed = NoticeInput.safeParse(value);
  if (parsed.success) return parsed.data;
  return refusal(
    'RECORD_INVALID',
    '{"kind":"qr"|"datamatrix","input":text} or {"kind":"manual","input":{"noticeNumber":…,"creditorTaxCode":…}}',
  );
}

/**
 * The debtor's fields too where the code has them: this is the support tool, and the person who runs it has the code.
 */
function decodeNotice(record: string): Decoded {
  const input = noticeRecord(record);
  if (typeof input !== 'string' && !('kind' in input)) return input;
  const reading = readNotice(input);
  const code = typeof input === 'string' ? input : input.input;
  const kind = typeof input === 'string' ? noticeKindOf(input) : input.kind;
  if (reading.decision === 'reject' || kind !== 'datamatrix' || typeof code !== 'string') return [reading];
  return [{ ...reading, ...decodeDataMatrixForSupport(code)?.reveal() }];
}

export const decoders: Readonly<Record<string, Decoder>> = {
  notice: {
    summary: 'a payment notice: bare text, or {"kind":"qr|datamatrix|manual","input":…}',
    options: [],
    prepare: () => decodeNotice,
  },
  ecr17: {
    summary: 'bytes between till and card terminal; the messages of the terminal (pos) or of the till (ecr)',
    options: [`--lrc ${lrcModes.join('|')}`, '[--from pos|ecr]'],
    prepare: ({ lrc, from = 'pos' }) => {
      const mode = among(lrc, lrcModes);
      const side = among(from, ['pos', 'ecr'] as const);
      if (!mode) return `say how check bytes are made: --lrc ${lrcModes.join('|')}`;
      if (!side) return 'say whose bytes these are: --from pos|ecr';
      return (record) => decodeEcr17Line(record, { lrc: mode, from: side });
    },
  },
  zvt: {
    summary:
      'messages between till and card terminal as they go over TCP (APDUs), or the frames of a serial line',
    options: ['[--serial]'],
    prepare:
      ({ serial }) =>
      (record) =>
        decodeZvtLine(record, { serial: serial === true }),
  },
  'escpos-status': {
    summary: 'one status reply of a receipt printer, as hex',
    options: [`--reply ${statusReplies.join('|')}`],
    prepare: ({ reply }) => {
      const kind = among(reply, statusReplies);
      if (!kind) return `say what the printer was asked: --reply ${statusReplies.join('|')}`;
      return (record) => [decodeEscposStatus(kind, record)];
    },
  },
  barcode: {
    summary:
      'one read of a barcode reader: bytes of its line, or the USB HID POS reports of one scan, comma-separated',
    options: ['--serial', '--hid [--descriptor <hex of the report descriptor>]'],
    prepare: ({ serial, hid, descriptor }) => {
      if ((serial === true) === (hid === true)) return 'say how the reader is connected: --serial or --hid';
      if (serial === true) {
        return descriptor === undefined ? decodeSerialLine : 'a serial reader has no --descriptor';
      }
      return (record) => decodeHidLine(record, typeof descriptor === 'string' ? descriptor : undefined);
    },
  },
  xfs4iot: {
    summary: 'one message of XFS4IoT, as JSON',
    options: [],
    prepare: () => decodeXfsLine,
  },
};
