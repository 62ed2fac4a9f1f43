/**
 * What a serial barcode reader sends (barcode.md 1.2): the code's bytes, perhaps after an AIM identifier, ended by a
 * suffix or wrapped in STX…ETX. Pure: the idle gap, which needs a clock, is the driver's, who then calls `endScan`.
 */

import { LONGEST_SCAN, textOf } from '../text-codec.ts';

export { LONGEST_SCAN };

/**
 * What ends a message. `auto` takes CR, LF, CR LF, TAB and STX…ETX, as readers come from the factory; the others take
 * that one only, so that the code itself may hold line ends. An idle gap ends a message under each of them.
 */
export const SUFFIXES = ['auto', 'cr', 'lf', 'crlf', 'tab', 'stx-etx'] as const;
export type Suffix = (typeof SUFFIXES)[number];

/** One message: `text` without prefix, suffix and AIM identifier. */
export interface SerialScan {
  readonly text: string;
  readonly aim?: string;
}

export type SerialEvent =
  | { readonly event: 'scan'; readonly scan: SerialScan }
  /** More than 3 KB without an end: dropped up to the next end. */
  | { readonly event: 'error'; readonly code: 'BARCODE_OVERRUN' };

/** What was read and not yet ended. Give back the one you got; start with `NOTHING_READ`. */
export interface SerialRest {
  readonly bytes: Uint8Array;
  /** Between STX and ETX: nothing but ETX ends the message. */
  readonly framed: boolean;
  /** The message's start was lost (overrun, flushed): drop up to the next end. */
  readonly skipping: boolean;
}

export const NOTHING_READ: SerialRest = { bytes: new Uint8Array(0), framed: false, skipping: false };

export interface SerialDecoded {
  readonly events: readonly SerialEvent[];
  readonly rest: SerialRest;
}

const STX = 0x02;
const ETX = 0x03;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

// AIM letters of ISO/IEC 15424 with a modifier; a text of its own hardly starts so (barcode.md 2).
const AIM = /^\][A-Zacdeghijmsz][0-9A-Za-z]/;

function scanOf(bytes: Uint8Array): SerialScan | undefined {
  const all = textOf(bytes);
  const aim = AIM.exec(all)?.[0];
  const text = aim === undefined ? all : all.slice(aim.length);
  if (text === '') return undefined;
  return aim === undefined ? { text } : { text, aim };
}

/** Whether the byte ends the message. For CR LF the answer is at the LF, and the CR is taken off afterwards. */
function ends(byte: number, previous: number | undefined, framed: boolean, suffix: Suffix): boolean {
  if (framed) return byte === ETX;
  switch (suffix) {
    case 'auto':
      return byte === CR || byte === LF || byte === TAB;
    case 'cr':
      return byte === CR;
    case 'lf':
      return byte === LF;
    case 'crlf':
      return byte === LF && previous === CR;
    case 'tab':
      return byte === TAB;
    case 'stx-etx':
      return byte === ETX;
  }
}

/** Takes the bytes that came, in any fragmentation; gives each message that ended and what remains. Never throws. */
export function decodeSerial(rest: SerialRest, chunk: Uint8Array, suffix: Suffix): SerialDecoded {
  const events: SerialEvent[] = [];
  const buffer = new Uint8Array(LONGEST_SCAN);
  buffer.set(rest.bytes);
  let length = rest.bytes.length;
  let { framed, skipping } = rest;
  // While skipping only the last byte is kept: CR LF may be cut between two reads.
  let previous: number | undefined = buffer[length - 1];
  for (const byte of chunk) {
    const before = previous;
    previous = byte;
    if (byte === STX && (suffix === 'stx-etx' || (suffix === 'auto' && length === 0 && !skipping))) {
      // A new start: whatever came before it lost its end.
      framed = true;
      skipping = false;
      length = 0;
    } else if (ends(byte, before, framed, suffix)) {
      const end = suffix === 'crlf' && !framed ? Math.max(0, length - 1) : length;
      // A reader set to CR LF on a driver set to CR leaves its LF before the next message.
      const start = suffix === 'cr' && buffer[0] === LF && end > 0 ? 1 : 0;
      const scan = skipping ? undefined : scanOf(buffer.subarray(start, end));
      if (scan) events.push({ event: 'scan', scan });
      length = 0;
      framed = false;
      skipping = false;
      previous = undefined;
    } else if (suffix === 'stx-etx' && !framed) {
      length = 0;
    } else if (skipping || length === LONGEST_SCAN) {
      if (!skipping) events.push({ event: 'error', code: 'BARCODE_OVERRUN' });
      skipping = true;
      buffer[0] = byte;
      length = 1;
    } else {
      buffer[length++] = byte;
    }
  }
  return { events, rest: { bytes: buffer.slice(0, length), framed, skipping } };
}

/** The idle gap: what is there is a message, unless its start or its STX was lost. */
export function endScan(rest: SerialRest, suffix: Suffix): SerialDecoded {
  const end = suffix === 'crlf' && !rest.framed && rest.bytes.at(-1) === CR ? -1 : rest.bytes.length;
  const start = suffix === 'cr' && rest.bytes[0] === LF ? 1 : 0;
  const scan = rest.skipping ? undefined : scanOf(rest.bytes.subarray(start, end));
  return { events: scan ? [{ event: 'scan', scan }] : [], rest: NOTHING_READ };
}

/** Whether nothing of a message was read. */
export function isAtStart(rest: SerialRest): boolean {
  return rest.bytes.length === 0 && !rest.framed && !rest.skipping;
}

/** Forgets what was read; the tail of a message already begun is dropped with it. */
export function forget(rest: SerialRest): SerialRest {
  return isAtStart(rest)
    ? NOTHING_READ
    : { bytes: rest.bytes.slice(-1), framed: rest.framed, skipping: true };
}

/** The bytes a reader sends for a scan: the other end of the wire, for simulators and tests. */
export function encodeSerial(scan: SerialScan, suffix: Exclude<Suffix, 'auto'>): Uint8Array {
  const bytes = new TextEncoder().encode(`${scan.aim ?? ''}${scan.text}`);
  const wrap = {
    cr: [[], [CR]],
    lf: [[], [LF]],
    crlf: [[], [CR, LF]],
    tab: [[], [TAB]],
    'stx-etx': [[STX], [ETX]],
  }[suffix] as [number[], number[]];
  return Uint8Array.from([...wrap[0], ...bytes, ...wrap[1]]);
}
