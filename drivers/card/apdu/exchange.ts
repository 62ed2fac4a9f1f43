import { wipe } from '@jolly/contracts/values';
import { cardError } from '../errors.ts';
import {
  decodeAnswer,
  encodeCommand,
  fitsShort,
  LONGEST_ANSWER,
  SHORT_ANSWER,
  SHORT_DATA,
} from './apdu-codec.ts';
import type { Answer, CardChannel, Command } from './port.ts';

/** The part of a card in hand that this layer needs. */
export interface Transmitter {
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
}

export interface ExchangeOptions {
  /** Largest command and answer of the extended form, in bytes, when the card takes it; undefined: short APDUs only. */
  readonly extended?: { readonly command: number; readonly answer: number } | undefined;
}

/** INS that carry a secret or spend a try: sent once, whatever the card answers (cie-card.md 5). */
const SENT_ONCE: ReadonlySet<number> = new Set([0x20, 0x24, 0x2c]);
/** Secure messaging in the class byte (ISO 7816-4): the card has counted the command, wherever the word 6Cxx came from. */
const PROTECTED = 0x0c;
/** 16 KB in the smallest usual pieces; a card that needs more is playing for time. */
const MOST_GET_RESPONSES = 64;

const invalid = (why: string, command: Command) =>
  cardError('CARD_ANSWER_INVALID', { step: `ins-${command.ins.toString(16)}`, why });

/**
 * A plain channel over a card in hand: long data is chained in blocks of 255 bytes (or sent extended where the card allows it), 61xx
 * is followed by GET RESPONSE, 6Cxx by one repetition with the right length; a command that carries a secret or is protected is never
 * repeated, since its try or its counter is spent. An answer is at most 64 KB and 64 GET
 * RESPONSEs long, else CARD_ANSWER_INVALID. The encoded commands are wiped as soon as they are sent.
 */
export function exchange(card: Transmitter, options: ExchangeOptions = {}): CardChannel {
  async function once(command: Command): Promise<Answer> {
    const apdu = encodeCommand(command);
    try {
      return decodeAnswer(await card.transmit(apdu), `ins-${command.ins.toString(16)}`);
    } finally {
      wipe(apdu);
    }
  }

  /** One command as it is, repeated with the length the card asks for, at most once. */
  async function sendWhole(command: Command): Promise<Answer> {
    const answer = await once(command);
    if (answer.sw >> 8 !== 0x6c || SENT_ONCE.has(command.ins) || (command.cla & PROTECTED) !== 0)
      return answer;
    return once({ ...command, le: answer.sw & 0xff || SHORT_ANSWER });
  }

  async function collect(first: Answer, command: Command): Promise<Answer> {
    if (first.sw >> 8 !== 0x61) return first;
    const pieces: Uint8Array[] = [first.data];
    let length = first.data.length;
    let answer = first;
    for (let count = 0; answer.sw >> 8 === 0x61; count += 1) {
      if (count === MOST_GET_RESPONSES) throw invalid('answer-endless', command);
      answer = await sendWhole({ cla: 0, ins: 0xc0, p1: 0, p2: 0, le: answer.sw & 0xff || SHORT_ANSWER });
      pieces.push(answer.data);
      length += answer.data.length;
      if (length > LONGEST_ANSWER) throw invalid('answer-too-long', command);
    }
    const data = new Uint8Array(new ArrayBuffer(length));
    let at = 0;
    for (const piece of pieces) {
      data.set(piece, at);
      at += piece.length;
    }
    return { data, sw: answer.sw };
  }

  return {
    async send(command) {
      const data = command.data ?? new Uint8Array(0);
      // A round of a chained protocol (PACE with 2048-bit numbers, cie-card.md 7.1) cannot be cut once more: extended, come what may.
      const round = (command.cla & 0x10) !== 0 && data.length > SHORT_DATA;
      const extended = options.extended ?? (round ? { command: 0xffff, answer: LONGEST_ANSWER } : undefined);
      const whole = fitsShort(command)
        ? command
        : extended && data.length + 9 <= extended.command
          ? { ...command, ...(command.le === undefined ? {} : { le: Math.min(command.le, extended.answer) }) }
          : undefined;
      if (whole) return collect(await sendWhole(whole), command);
      // The short form from here: what is wanted is what one answer can give, the rest comes by 61xx.
      const last = command.le === undefined ? {} : { le: Math.min(command.le, SHORT_ANSWER) };
      let at = 0;
      for (; data.length - at > SHORT_DATA; at += SHORT_DATA) {
        const block = data.subarray(at, at + SHORT_DATA);
        const { cla, ins, p1, p2 } = command;
        const answer = await once({ cla: cla | 0x10, ins, p1, p2, data: block });
        if (answer.sw !== 0x9000) return answer;
      }
      return collect(await sendWhole({ ...command, data: data.subarray(at), ...last }), command);
    },
  };
}
