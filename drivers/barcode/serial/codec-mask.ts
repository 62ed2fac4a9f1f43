import type { RecordingFramer, WireMask } from '../../transport/index.ts';
import { decodeSerial, isAtStart, NOTHING_READ, type SerialRest, type Suffix } from './codec.ts';
import { triggerProfiles } from './trigger.ts';

/**
 * How a barcode reader is recorded: that a code came, how long it was, its AIM identifier and its end. Of a pagoPA QR the
 * structure stays, with every digit 0; of anything else no letter, for a postal slip names its debtor.
 */

const PAGOPA = /(PAGOPA\|002\|)(\d{18})(\|)(\d{11})(\|)(\d{1,10})/;
const AIM = /^\p{Cc}?(\][A-Za-z][0-9A-Za-z])?/u;

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function maskedScan(frame: Uint8Array): Uint8Array {
  const text = latin(frame);
  const head = AIM.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length);
  const found = PAGOPA.exec(rest);
  const blank = (part: string) => Array.from(part, (letter) => (letter < ' ' ? letter : 'x')).join('');
  const shown = found
    ? blank(rest.slice(0, found.index)) +
      found[0].replace(/\d/g, '0').replace('PAGOPA|000|', 'PAGOPA|002|') +
      blank(rest.slice(found.index + found[0].length))
    : blank(rest);
  return Uint8Array.from(head + shown, (letter) => letter.charCodeAt(0));
}

class ScanFramer implements RecordingFramer {
  readonly #suffix: Suffix;
  #rest: SerialRest = NOTHING_READ;
  #held: number[] = [];

  constructor(suffix: Suffix) {
    this.#suffix = suffix;
  }

  get pending(): number {
    return this.#held.length;
  }

  push(bytes: Uint8Array): readonly (Uint8Array | number)[] {
    const pieces: (Uint8Array | number)[] = [];
    for (const byte of bytes) {
      const { events, rest } = decodeSerial(this.#rest, Uint8Array.of(byte), this.#suffix);
      this.#rest = rest;
      this.#held.push(byte);
      const ended = events.length > 0 || isAtStart(rest);
      if (!ended) continue;
      const scan = events.some(({ event }) => event === 'scan');
      pieces.push(scan || this.#held.length === 1 ? Uint8Array.from(this.#held) : this.#held.length);
      this.#held = [];
    }
    return pieces;
  }
}

const COMMANDS = Object.values(triggerProfiles).flatMap((profile) =>
  profile ? [profile.on, profile.off] : [],
);
const isCommand = (bytes: Uint8Array): boolean =>
  COMMANDS.some((each) => each.length === bytes.length && each.every((byte, at) => byte === bytes[at]));

export function serialBarcodeMask({ suffix }: { readonly suffix: Suffix }): WireMask {
  return {
    framer: (direction) =>
      direction === 'in'
        ? new ScanFramer(suffix)
        : { push: (bytes) => [isCommand(bytes) ? bytes : bytes.length], pending: 0 },
    mask: (direction, frame) => (direction === 'in' ? maskedScan(frame) : frame),
  };
}
