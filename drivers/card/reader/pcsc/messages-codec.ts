import { secretBytes, wipe } from '@jolly/contracts/values';
import { encodeFrame } from '../frames-codec.ts';

/**
 * What the terminal and its PC/SC process say to each other, in binary: a PIN of a TS-CNS passes here in clear, and nothing
 * here ever becomes a string of it. A frame is a 4-byte length and a body; the body is a kind, a 4-byte number and bytes.
 * The number ties an answer to its order. Numbers are big endian.
 */
export const ORDER = { open: 1, transmit: 2, release: 3 } as const;
export const REPORT = { readers: 1, trouble: 2, opened: 3, answer: 4, released: 5, failed: 6 } as const;

/** An extended answer, status word and head; names of readers are far shorter. */
export const LONGEST_MESSAGE = 65_536 + 2 + 5;
const HEAD = 5;

/** `open`: the reader's name; `transmit`: the APDU; `release`: nothing. */
export interface Order {
  readonly kind: keyof typeof ORDER;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** A reader as PC/SC shows it. `moves` differs when a card came or left in between. */
export interface SeenReader {
  readonly name: string;
  readonly state: 'empty' | 'card' | 'mute';
  readonly moves: number;
  readonly atr: Uint8Array;
}

export type Report =
  | { readonly kind: 'readers'; readonly readers: readonly SeenReader[] }
  /** PC/SC's own word, e.g. `NoService`; empty: all is well. */
  | { readonly kind: 'trouble'; readonly word: string }
  | { readonly kind: 'opened'; readonly number: number; readonly protocol: 'T=0' | 'T=1' }
  | { readonly kind: 'answer'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly kind: 'released'; readonly number: number }
  | { readonly kind: 'failed'; readonly number: number; readonly word: string };

const states = ['empty', 'card', 'mute'] as const;
const utf8 = new TextEncoder();

function message(kind: number, number: number, bytes: Uint8Array): Uint8Array {
  const head = new Uint8Array(HEAD);
  head[0] = kind;
  new DataView(head.buffer).setUint32(1, number);
  return encodeFrame(4, head, bytes);
}

/** A whole frame; the caller wipes it once it is written. */
export function encodeOrder(order: Order): Uint8Array {
  return message(ORDER[order.kind], order.number, order.bytes);
}

export function encodeReport(report: Report): Uint8Array {
  switch (report.kind) {
    case 'readers':
      return message(REPORT.readers, report.readers.length, encodeReaders(report.readers));
    case 'trouble':
      return message(REPORT.trouble, 0, utf8.encode(report.word));
    case 'opened':
      return message(REPORT.opened, report.number, Uint8Array.of(report.protocol === 'T=0' ? 0 : 1));
    case 'answer':
      return message(REPORT.answer, report.number, report.bytes);
    case 'released':
      return message(REPORT.released, report.number, new Uint8Array(0));
    case 'failed':
      return message(REPORT.failed, report.number, utf8.encode(report.word));
  }
}

function encodeReaders(readers: readonly SeenReader[]): Uint8Array {
  const parts = readers.map(({ name, state, moves, atr }) => {
    const named = utf8.encode(name).subarray(0, 255);
    const short = atr.subarray(0, 33);
    const part = new Uint8Array(8 + named.length + short.length);
    part[0] = states.indexOf(state);
    new DataView(part.buffer).setUint32(1, moves);
    part[5] = named.length;
    part.set(named, 6);
    part[6 + named.length] = short.length;
    part.set(short, 7 + named.length);
    return part.subarray(0, 7 + named.length + short.length);
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Undefined for a body that is no order. `bytes` is a copy in a buffer of its own. */
export function decodeOrder(body: Uint8Array): Order | undefined {
  if (body.length < HEAD) return undefined;
  const kind = (Object.keys(ORDER) as (keyof typeof ORDER)[]).find((name) => ORDER[name] === body[0]);
  if (kind === undefined) return undefined;
  return { kind, number: numberAt(body, 1), bytes: ownCopy(body.subarray(HEAD)) };
}

/** Undefined for a body that is no report. `bytes` are copies in buffers of their own. */
export function decodeReport(body: Uint8Array): Report | undefined {
  if (body.length < HEAD) return undefined;
  const number = numberAt(body, 1);
  const rest = body.subarray(HEAD);
  switch (body[0]) {
    case REPORT.readers: {
      const readers = decodeReaders(rest, number);
      return readers && { kind: 'readers', readers };
    }
    case REPORT.trouble: {
      const word = decodeWord(rest, true);
      return word === undefined ? undefined : { kind: 'trouble', word };
    }
    case REPORT.opened:
      if (rest.length !== 1 || (rest[0] !== 0 && rest[0] !== 1)) return undefined;
      return { kind: 'opened', number, protocol: rest[0] === 0 ? 'T=0' : 'T=1' };
    case REPORT.answer:
      return { kind: 'answer', number, bytes: ownCopy(rest) };
    case REPORT.released:
      return rest.length === 0 ? { kind: 'released', number } : undefined;
    case REPORT.failed: {
      const word = decodeWord(rest, false);
      return word === undefined ? undefined : { kind: 'failed', number, word };
    }
    default:
      return undefined;
  }
}

function decodeReaders(bytes: Uint8Array, count: number): readonly SeenReader[] | undefined {
  const readers: SeenReader[] = [];
  let at = 0;
  for (let left = count; left > 0; left -= 1) {
    const state = states[bytes[at] ?? states.length];
    const nameLength = bytes[at + 5];
    if (state === undefined || nameLength === undefined) return undefined;
    const atrLength = bytes[at + 6 + nameLength];
    if (atrLength === undefined || atrLength > 33) return undefined;
    const end = at + 7 + nameLength + atrLength;
    if (end > bytes.length) return undefined;
    readers.push({
      state,
      moves: numberAt(bytes, at + 1),
      name: new TextDecoder().decode(bytes.subarray(at + 6, at + 6 + nameLength)),
      atr: bytes.slice(end - atrLength, end),
    });
    at = end;
  }
  return at === bytes.length ? readers : undefined;
}

function decodeWord(bytes: Uint8Array, mayBeEmpty: boolean): string | undefined {
  if (bytes.length > 64 || (bytes.length === 0 && !mayBeEmpty)) return undefined;
  const word = new TextDecoder().decode(bytes);
  return /^[A-Za-z0-9_-]*$/.test(word) ? word : undefined;
}

function numberAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}

function ownCopy(bytes: Uint8Array): Uint8Array {
  const copy = secretBytes(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Wipes what an order or a report carries of an APDU. */
export function wipeMessage(carried: Order | Report): void {
  if ('bytes' in carried) wipe(carried.bytes);
}
