import { headAt } from './apdu.ts';
import { field, fieldAt } from './bmp.ts';
import { hexOf } from './bytes.ts';
import { encodeSerialFrame, SerialReader } from './serial.ts';
import { control } from './terminal-messages.ts';
import { lengthAt } from './tlv.ts';

const HIDDEN_NIBBLE = 0xe;
const BLANK = 0x20;
const STAR = 0x2a;
const ZERO = 0x30;

/** Fields blanked whole: a name, and what a stripe or chip holds. */
const blanked = new Set<number>([
  field.cardName,
  field.track1,
  field.track2,
  field.track3,
  field.chip,
  field.expiry,
]);
/** EMV objects of the same kind: number, track 2, expiry, names. */
const blankedTags = new Set(['5A', '57', '56', '5F24', '5F20', '9F0B', '9F1F', '9F6B']);

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

/** Hides all but the last four of twelve or more digits in a row, blanks between them allowed. */
function maskText(bytes: Uint8Array, from: number, end: number): void {
  const digit = (at: number) => (bytes[at] as number) >= ZERO && (bytes[at] as number) <= ZERO + 9;
  for (let at = from; at < end; at++) {
    if (!digit(at)) continue;
    const places: number[] = [];
    let next = at;
    for (
      ;
      next < end && (digit(next) || (bytes[next] === BLANK && next + 1 < end && digit(next + 1)));
      next++
    )
      if (digit(next)) places.push(next);
    if (places.length >= 12) for (const place of places.slice(0, -4)) bytes[place] = STAR;
    at = next;
  }
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
    if (blankedTags.has(tag)) bytes.fill(0, value, stop);
    else if (first & 0x20) maskTlvs(bytes, value, stop);
    else maskText(bytes, value, stop);
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
    else if (bmp === field.text) maskText(bytes, start, end);
    else if (blanked.has(bmp)) bytes.fill(0, start, end);
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

/** Masks one whole APDU in place. */
function maskApdu(bytes: Uint8Array): void {
  const head = headAt(bytes);
  if (!head) return;
  const { control: of, size } = head;
  if (passworded.has(of)) bytes.fill(0, size, Math.min(size + 3, bytes.length));
  switch (of) {
    case control.printLine:
      maskText(bytes, size, bytes.length);
      return;
    case control.intermediate:
      maskFields(bytes, size + (bytes[size + 1] === field.tlv ? 1 : Math.min(2, head.length)));
      return;
    case control.registration:
      return;
    case control.completion:
      // A status byte, or fields without anything personal in them; a foreign field blanks what is behind it.
      if (head.length > 1) maskFields(bytes, size);
      return;
    case control.abort:
      return;
    default:
      maskFields(bytes, size + (passworded.has(of) ? Math.min(3, head.length) : 0));
  }
}

function maskSerial(frame: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = new SerialReader();
  for (const item of [...reader.push(frame), ...reader.end()]) {
    if (item.wire === 'ack') parts.push(Uint8Array.of(0x06));
    if (item.wire === 'nak') parts.push(Uint8Array.of(0x15));
    if (item.wire !== 'apdu') continue;
    const { control: of, data, extended } = item.apdu;
    const length = extended ? [0xff, data.length & 0xff, data.length >> 8] : [data.length];
    const apdu = Uint8Array.from([of >> 8, of & 0xff, ...length, ...data]);
    maskApdu(apdu);
    parts.push(encodeSerialFrame(apdu));
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const DLE = 0x10;

/**
 * What of a piece of the wire may be kept: the terminal's password, all but four digits of card numbers (field 22, and in
 * printed texts), names and what stripe or chip hold are blanked; lengths stay, the check value of a serial frame is made
 * anew. Takes whole APDUs or frames, one or several. What is not whole or not understood is blanked: rather a hole in the
 * recording than a number in it.
 */
export function zvtMask(_direction: 'in' | 'out', frame: Uint8Array): Uint8Array {
  const first = frame[0];
  if (first === DLE || (frame.length === 1 && (first === 0x06 || first === 0x15))) return maskSerial(frame);
  const masked = Uint8Array.from(frame);
  let at = 0;
  while (at < masked.length) {
    const head = headAt(masked, at);
    const end = head ? at + head.size + head.length : masked.length + 1;
    if (end > masked.length) {
      masked.fill(0, Math.min(masked.length, at + (head?.size ?? 0)));
      break;
    }
    maskApdu(masked.subarray(at, end));
    at = end;
  }
  return masked;
}
