/** A command before any coding: `le` is the number of bytes wanted (256 = all there are), undefined for none. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data?: Uint8Array;
  readonly le?: number;
}

/** `sw` is SW1 SW2 as one number, e.g. 0x9000. */
export interface Answer {
  readonly data: Uint8Array;
  readonly sw: number;
}

/**
 * Sends one command whole and gives its whole answer: chaining of long data, GET RESPONSE on 61xx and repetition on 6Cxx are
 * done inside, with limits on their number and on the bytes taken. Never retries anything else, and nothing protected. A plain card, or one
 * behind secure messaging: who uses it sees no difference.
 */
export interface CardChannel {
  send(command: Command): Promise<Answer>;
}
