import { type Answer, answer, CHAINED, type Command, SW } from './command.ts';
import { joined, readTlv } from './tlv.ts';

const LARGEST = 4096;
const GENERAL_AUTHENTICATE = 0x86;

const headOf = ({ ins, p1, p2 }: Command) => (ins << 16) | (p1 << 8) | p2;

/**
 * Puts chained commands together. GENERAL AUTHENTICATE uses the same bit of CLA to say that more steps follow: there the
 * length of its own data tells whether the command is whole.
 */
export class Chain {
  #head = 0;
  #data: Uint8Array | undefined;

  drop(): void {
    this.#data = undefined;
  }

  /** The whole command, or what to answer to a piece. */
  add(command: Command): Command | Answer {
    const before = this.#data;
    this.#data = undefined;
    const head = headOf(command);
    if (before && head !== this.#head) return answer(SW.lastOfChainExpected);
    const data = before ? joined(before, command.data) : command.data;
    if (data.length > LARGEST) return answer(SW.wrongLength);
    const more = (command.cla & CHAINED) !== 0;
    const whole = command.ins === GENERAL_AUTHENTICATE ? readTlv(data) !== undefined : !more;
    if (whole || !more) return { ...command, data };
    this.#head = head;
    this.#data = Uint8Array.from(data);
    return answer(SW.ok);
  }
}
