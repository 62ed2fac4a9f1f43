import type { RecordingFramer, WireMask } from '../../../transport/index.ts';
import { readFields, widthOf, writeFields } from './fields.ts';
import { encodeFrame } from './frames.ts';
import { paymentEnds, paymentLayout, status, totals } from './layouts.ts';
import { ETX, type LrcMode, modeThatFits, STX } from './lrc.ts';

/**
 * How ECR17 is recorded. A wire may be recorded before its check byte's mode is known, so the framer takes a packet in
 * whichever of the four modes it is right. Of a message only the fields named here are kept: whatever a terminal writes
 * elsewhere (receipt lines, texts, tags) keeps its shape and loses its letters and digits.
 */

const SOH = 0x01;
const EOT = 0x04;
const ACK = 0x06;
const NAK = 0x15;
const LONGEST = 2_051;

/** Cuts packets out of either direction. */
class PacketFramer implements RecordingFramer {
  #held: readonly number[] = [];

  get pending(): number {
    return this.#held.length;
  }

  push(bytes: Uint8Array): readonly (Uint8Array | number)[] {
    const all = [...this.#held, ...bytes];
    const pieces: (Uint8Array | number)[] = [];
    let noise = 0;
    let at = 0;
    while (at < all.length) {
      const length = packetAt(all, at);
      if (length === 'more') break;
      if (length === 0) {
        noise++;
        at++;
        continue;
      }
      if (noise > 0) pieces.push(noise);
      noise = 0;
      pieces.push(Uint8Array.from(all.slice(at, at + length)));
      at += length;
    }
    if (noise > 0) pieces.push(noise);
    this.#held = all.slice(at);
    return pieces;
  }
}

/** Length of the packet that begins there; 0: none does. */
function packetAt(bytes: readonly number[], at: number): number | 'more' {
  const lead = bytes[at];
  if (lead === ACK || lead === NAK) {
    if (bytes.length - at < 3) return 'more';
    return bytes[at + 1] === ETX && modeOf(bytes, at) ? 3 : 0;
  }
  if (lead !== STX && lead !== SOH) return 0;
  const end = bytes.indexOf(lead === STX ? ETX : EOT, at + 1);
  if (end < 0) return bytes.length - at > LONGEST ? 0 : 'more';
  if (end - at > LONGEST) return 0;
  if (lead === SOH) return end + 1 - at;
  if (end + 1 >= bytes.length) return 'more';
  return modeOf(bytes, at) ? end + 2 - at : 0;
}

/** Mode in which the packet's check byte is right. */
function modeOf(bytes: readonly number[], at: number): LrcMode | undefined {
  const all = Uint8Array.from(bytes);
  if (bytes[at] === STX) {
    const end = bytes.indexOf(ETX, at + 1);
    return modeThatFits(all, at + 1, end, bytes[end + 1] ?? 0);
  }
  return modeThatFits(all, at, at + 1, bytes[at + 2] ?? 0);
}

/** Letters and digits go; what shapes a text stays: blanks, points, the marks of a receipt's lines and its end (receipt.ts). */
const SHAPE = new Set(' *.,:;/+-^{|}~\u007f\u001b');
const blanked = (text: string): string =>
  Array.from(text, (letter) => (SHAPE.has(letter) ? letter : /\d/.test(letter) ? '0' : 'X')).join('');

/** A card's number with nothing but the last four digits of it. */
const maskedPan = (pan: string): string => {
  const last = /\d{4}(?=\D*$)/.exec(pan);
  if (!last) return pan.replace(/[^\s*]/g, '*');
  return `${pan.slice(0, last.index).replace(/[^\s]/g, '*')}${last[0]}${pan.slice(last.index + 4).replace(/[^\s]/g, '*')}`;
};

/** What of a payment's answer the driver judges by; all numbers of the till's own world, none of the card's. */
const KEPT_OF_PAYMENT = new Set([
  'result',
  'pan',
  'authCode',
  'hostDateTime',
  'cardType',
  'acquirerId',
  'stan',
  'onlineId',
  'actionCode',
  'hostAmountCents',
]);
/** How the card was read; anything else there is somebody's text. */
const ENTRIES = new Set(['ICC', 'MAG', 'MAN', 'CLM', 'CLI']);
const HEAD = 10;

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function maskedFields(body: string, layout: ReturnType<typeof paymentLayout>): string {
  const values = readFields(body, 0, layout);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string') continue;
    if (name === 'pan') values[name] = maskedPan(value);
    else if (name === 'entry' && ENTRIES.has(value)) continue;
    else if (!KEPT_OF_PAYMENT.has(name)) values[name] = blanked(value);
    // a field that should be digits or a short code, and is not, is somebody's text
    else if (!/^[A-Z0-9 ]{0,12}$/.test(value)) values[name] = blanked(value);
  }
  const written = writeFields(values, layout);
  return 'text' in written ? written.text : blanked(body);
}

function maskedAnswer(code: string, body: string): string {
  if (code === 'E' || code === 'V') {
    const layout = paymentLayout(body.slice(0, 2), 'plain');
    const width = widthOf(layout);
    if (body.length < width) return blanked(body);
    return maskedFields(body.slice(0, width), layout) + maskedEnd(body.slice(width));
  }
  // these carry no card at all; exactly as long as they are published, else they are something else
  if (code === 's' && body.length === widthOf(status)) return keptFigures(body);
  if (code === 'T' && body.length === widthOf(totals)) return keptFigures(body);
  return blanked(body);
}

/** Action code and the host's amount, where the answer ends as one that is published; of any other end only the shape. */
function maskedEnd(end: string): string {
  if (!ENDS.has(end.length) || !/^\d*$/.test(end.slice(0, 11))) return blanked(end);
  return end.slice(0, 11) + blanked(end.slice(11));
}
const ENDS = new Set(Object.values(paymentEnds).map(widthOf));

/** Figures as they are, words blanked. */
const keptFigures = (text: string): string => text.replace(/[^\d\s]/g, (letter) => blanked(letter));

/** Requests: amounts, flags and the till's own numbers; free text goes. */
function maskedRequest(code: string, body: string): string {
  // X, P: cash register 8, flags and type, amount 8 at 21, then 128 of text (pos.md 1.3)
  const money = body.slice(0, 21);
  return /^[\d ]*$/.test(money) && 'XPSsGTCERH'.includes(code)
    ? money + blanked(body.slice(21))
    : blanked(body);
}

function maskedPacket(direction: 'in' | 'out', frame: Uint8Array): Uint8Array {
  if (frame[0] === SOH) return Uint8Array.of(SOH, ...bytesOf(blanked(latin(frame.subarray(1, -1)))), EOT);
  if (frame[0] !== STX) return frame;
  const mode = modeOf([...frame], 0) ?? 'std';
  const text = latin(frame.subarray(1, -2));
  if (!/^\d{8}0[A-Za-z]/.test(text)) return encodeFrame(bytesOf(blanked(text)), mode);
  const code = text[9] ?? '';
  const body = text.slice(HEAD);
  const masked = direction === 'in' ? maskedAnswer(code, body) : maskedRequest(code, body);
  return encodeFrame(bytesOf(text.slice(0, HEAD) + masked), mode);
}

export const ecr17Mask: WireMask = { framer: () => new PacketFramer(), mask: maskedPacket };
