import { type AnswerApdu, type CommandApdu, status } from './apdu.ts';

/**
 * How a card hands out an answer. `direct`: as much as the command asks for in one piece, with 61xx for what is left.
 * `pieces`: the manner of T=0, where a command that brings data only gets 61xx and everything is fetched by GET RESPONSE.
 */
export type Manners = 'direct' | 'pieces';

/** What waits for GET RESPONSE. */
export class Outbox {
  readonly #manners: Manners;
  #left: AnswerApdu | undefined;

  constructor(manners: Manners) {
    this.#manners = manners;
  }

  clear(): void {
    this.#left = undefined;
  }

  get waiting(): boolean {
    return this.#left !== undefined;
  }

  /** First piece of a new answer. */
  give(command: CommandApdu, answer: AnswerApdu): AnswerApdu {
    this.#left = undefined;
    const room = command.extended && command.le !== undefined ? command.le : 256;
    const incoming = command.data.length > 0;
    const { length } = answer.data;
    if (length === 0) return answer;
    if (this.#manners === 'pieces' && incoming && !command.extended) {
      this.#left = answer;
      return status(0x6100 + (length > 255 ? 0 : length));
    }
    return this.#piece(answer, room);
  }

  /** GET RESPONSE. */
  more(command: CommandApdu): AnswerApdu {
    const left = this.#left;
    if (!left) return status(0x6985);
    const wanted = command.le ?? 256;
    if (this.#manners === 'pieces' && wanted !== 256 && wanted > left.data.length)
      return status(0x6c00 + left.data.length);
    return this.#piece(left, wanted);
  }

  #piece(answer: AnswerApdu, room: number): AnswerApdu {
    if (answer.data.length <= room) {
      this.#left = undefined;
      return answer;
    }
    const rest = answer.data.slice(room);
    this.#left = { data: rest, sw: answer.sw };
    return { data: answer.data.slice(0, room), sw: 0x6100 + (rest.length > 255 ? 0 : rest.length) };
  }
}
