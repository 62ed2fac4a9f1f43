import type { RecordingFramer, WireMask } from '../../../transport/index.ts';
import { type Apdu, ApduReader, headAt, type ZvtReader, type ZvtWireItem } from './apdu.ts';
import { field, fieldAt } from './bmp.ts';
import { hexOf } from './bytes.ts';
import { encodeSerialFrame, SerialReader } from './serial.ts';
import { control } from './terminal-messages.ts';
import { lengthAt } from './tlv.ts';

const HIDDEN_NIBBLE = 0xe;
const BLANK = 0x20;
const ZERO = 0x30;
const LETTER = 0x58;
/** Digits of an authorisation; a card's number has more. */
const LONGEST_CODE = 8;

/** Numbers and codes of the till's own world, by which the driver judges: these are kept, every other field is blanked. */
const kept = new Set<number>([
  ...[field.timeout, field.statusCount, field.service, field.amount, field.trace, field.time, field.date],
  ...[field.paymentType, field.result, field.terminalId, field.originalTrace, field.currency],
  ...[field.totals, field.receipt, field.turnover, field.cardType],
]);
/** Texts that are codes: kept when they look like one. */
const codes = new Set<number>([field.merchant, field.authorisation]);
const texts = new Set<number>([field.text, field.software]);
/** Objects kept as they are: how the card was read, numbers to echo, sequence, kind of receipt, attributes of its lines. */
const keptTags: Readonly<Record<string, number>> = { '1F12': 1, '1F1F': 4, '1F73': 3, '1F07': 1, '09': 1 };
const LINE_TAG = '07';

/** Hides all but the last four digits of a number in nibbles; what hides or fills already stays. */
function maskPan(bytes: Uint8Array, from: number, end: number): void {
  let left = 4;
  for (let at = end - 1; at >= from; at--) {
    let byte = bytes[at] as number;
    for (const shift of [0, 4]) {
      const nibble = (byte >> shift) & 0xf;
      if (nibble > 9) continue;
      if (left-- > 0) continue;
      byte = (byte & ~(0xf << shift)) | (HIDDEN_NIBBLE << shift);
    }
    bytes[at] = byte;
  }
}

const SHAPE = new Set(Array.from(' *.,:;/+-', (sign) => sign.charCodeAt(0)).concat(0));

/** Letters and digits go, and with them every name and number however it is written; what shapes a text stays. */
function maskText(bytes: Uint8Array, from: number, end: number): void {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (!SHAPE.has(byte)) bytes[at] = byte >= ZERO && byte <= ZERO + 9 ? ZERO : LETTER;
  }
}

/** Digits with blanks: a merchant's number, an authorisation; letters may be somebody's name. */
function maskCode(bytes: Uint8Array, from: number, end: number): void {
  const code = bytes.subarray(from, end);
  const figures = code.every((byte) => (byte >= ZERO && byte <= ZERO + 9) || byte === BLANK || byte === 0);
  if (!figures || code.filter((byte) => byte > BLANK).length > LONGEST_CODE) maskText(bytes, from, end);
}

/** Goes through the objects of a container; what cannot be read is blanked to its end. */
function maskTlvs(bytes: Uint8Array, from: number, end: number): void {
  let at = from;
  while (at < end) {
    const first = bytes[at] as number;
    let named = at + 1;
    if ((first & 0x1f) === 0x1f) while (named < end && ((bytes[named++] as number) & 0x80) !== 0);
    const size = lengthAt(bytes.subarray(0, end), named);
    const value = size ? named + size.size : end;
    const stop = size ? value + size.length : end + 1;
    if (stop > end) {
      bytes.fill(0, at, end);
      return;
    }
    const tag = hexOf(bytes.subarray(at, named)).toUpperCase();
    if (first & 0x20) maskTlvs(bytes, value, stop);
    else if (tag === LINE_TAG) maskText(bytes, value, stop);
    else if (stop - value > (keptTags[tag] ?? 0)) bytes.fill(0, value, stop);
    at = stop;
  }
}

function maskFields(bytes: Uint8Array, from: number): void {
  let at = from;
  while (at < bytes.length) {
    const place = fieldAt(bytes, at);
    if (!place) {
      bytes.fill(0, at);
      return;
    }
    const { from: start, end } = place;
    const bmp = bytes[at] as number;
    if (bmp === field.pan) maskPan(bytes, start, end);
    else if (bmp === field.tlv) maskTlvs(bytes, start, end);
    else if (texts.has(bmp)) maskText(bytes, start, end);
    else if (codes.has(bmp)) maskCode(bytes, start, end);
    else if (!kept.has(bmp)) bytes.fill(0, start, end);
    at = end;
  }
}

/** Commands that begin with the terminal's password. */
const passworded = new Set<number>([
  control.registration,
  control.statusEnquiry,
  control.repeatReceipt,
  control.reversal,
  control.refund,
  control.endOfDay,
  control.totals,
  control.initialisation,
]);

const known = new Set<number>(Object.values(control));

/** Masks one whole APDU in place. */
function maskApdu(bytes: Uint8Array): void {
  const head = headAt(bytes);
  if (!head) return;
  const { control: of, size } = head;
  if (passworded.has(of)) bytes.fill(0, size, Math.min(size + 3, bytes.length));
  switch (of) {
    case control.printLine:
      maskText(bytes, size + Math.min(1, head.length), bytes.length);
      return;
    case control.intermediate:
      maskFields(bytes, size + (bytes[size + 1] === field.tlv ? 1 : Math.min(2, head.length)));
      return;
    case control.registration:
      // password, configuration, currency
      maskFields(bytes, size + Math.min(6, head.length));
      return;
    case control.completion:
      // A status byte, or fields; a foreign field blanks what is behind it.
      if (head.length > 1) maskFields(bytes, size);
      return;
    case control.abort:
      maskFields(bytes, size + Math.min(1, head.length));
      return;
    default:
      if (known.has(of)) maskFields(bytes, size + (passworded.has(of) ? Math.min(3, head.length) : 0));
      else bytes.fill(0, size);
  }
}

/** As it stood on the wire: a short length may have been written long. */
function bytesOf({ control: of, data, extended }: Apdu): Uint8Array {
  const length = extended ? [0xff, data.length & 0xff, data.length >> 8] : [data.length];
  return Uint8Array.from([of >> 8, of & 0xff, ...length, ...data]);
}

function maskSerial(frame: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = new SerialReader();
  for (const item of [...reader.push(frame), ...reader.end()]) {
    if (item.wire === 'ack') parts.push(Uint8Array.of(0x06));
    if (item.wire === 'nak') parts.push(Uint8Array.of(0x15));
    if (item.wire !== 'apdu') continue;
    const apdu = bytesOf(item.apdu);
    maskApdu(apdu);
    parts.push(encodeSerialFrame(apdu));
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const DLE = 0x10;

/** Takes whole APDUs or serial frames, one or several; what is not whole or not understood is blanked. */
function masked(frame: Uint8Array): Uint8Array {
  const first = frame[0];
  if (first === DLE || (frame.length === 1 && (first === 0x06 || first === 0x15))) return maskSerial(frame);
  const bytes = Uint8Array.from(frame);
  let at = 0;
  while (at < bytes.length) {
    const head = headAt(bytes, at);
    const end = head ? at + head.size + head.length : bytes.length + 1;
    if (end > bytes.length) {
      bytes.fill(0, Math.min(bytes.length, at + (head?.size ?? 0)));
      break;
    }
    maskApdu(bytes.subarray(at, end));
    at = end;
  }
  return bytes;
}

/** Cuts whole messages out of one direction; bytes that belong to none are counted. */
class MessageFramer implements RecordingFramer {
  readonly #serial: boolean;
  readonly #reader: ZvtReader;
  #held = 0;

  constructor(serial: boolean) {
    this.#serial = serial;
    this.#reader = serial ? new SerialReader() : new ApduReader();
  }

  get pending(): number {
    return this.#held;
  }

  push(bytes: Uint8Array): readonly (Uint8Array | number)[] {
    // a serial reader does not say how long a damaged frame was: byte by byte it can be counted
    const chunks = this.#serial ? Array.from(bytes, (byte) => Uint8Array.of(byte)) : [bytes];
    return chunks.flatMap((chunk) => {
      this.#held += chunk.length;
      return this.#reader.push(chunk).flatMap((item) => this.#piece(item));
    });
  }

  #piece(item: ZvtWireItem): readonly (Uint8Array | number)[] {
    if (item.wire === 'error' || item.wire === 'incomplete') return [];
    const frame =
      item.wire === 'apdu' ? this.#written(item.apdu) : Uint8Array.of(item.wire === 'ack' ? 0x06 : 0x15);
    const noise = this.#serial ? this.#held - frame.length : item.skipped;
    this.#held -= noise + frame.length;
    return noise > 0 ? [noise, frame] : [frame];
  }

  #written(apdu: Apdu): Uint8Array {
    return this.#serial ? encodeSerialFrame(bytesOf(apdu)) : bytesOf(apdu);
  }
}

/**
 * How ZVT is recorded, over TCP (bare APDUs) or a serial line (frames; their check value is made anew). Kept are control fields,
 * amounts, dates, trace, receipt and terminal numbers, results and the last four digits of field 22; the terminal's password, names,
 * stripes, chip data and every unknown field are blanked, printed and shown texts lose their letters and digits. Lengths stay.
 */
export const zvtMask = (serial: boolean): WireMask => ({
  framer: () => new MessageFramer(serial),
  mask: (_direction, frame) => masked(frame),
});
