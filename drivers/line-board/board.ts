import { type Clock, errorsOf } from '@jolly/contracts/values';
import type { LinkState, Transport } from '../transport/index.ts';
import { type BoardMessage, BoardReader, encodeBoardLine } from './codec.ts';

export const boardError = errorsOf({
  BOARD_DOWN: {
    cause: 'the board with lights and sensors is not connected',
    retry: 'later',
    cure: 'check its cable and power, and the port in the URI (/dev/serial/by-id/…)',
  },
  BOARD_SILENT: {
    cause: 'the board did not answer',
    retry: 'later',
    cure: 'restart the board; check that it speaks the line protocol of docs/lights.md',
  },
  BOARD_REFUSED: {
    cause: 'the board refused the command',
    retry: 'no',
    cure: 'the board does not have what it was asked for: see what it lists',
  },
});

const PING_MS = 2_000;
const SILENT_MS = 5_000;
const ANSWER_MS = 1_500;

/** What the users of a board are told. */
export interface BoardEvents {
  message(message: BoardMessage): void;
  /** The board is there and speaks, or is not (`reason`). */
  state(up: boolean, reason: string): void;
}

interface Question {
  readonly fits: (message: BoardMessage) => boolean;
  readonly done: (answer: BoardMessage | Error) => void;
}

/**
 * One board on one wire, shared by the lights, the sensors and the display that are on it. Questions take their turn; the
 * board is pinged, so that a dead microcontroller on a live line is noticed.
 */
export class LineBoard {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #reader = new BoardReader();
  readonly #users = new Set<BoardEvents>();
  readonly #gone: () => void;
  #question: Question | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #cancelPing: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;
  #up = false;
  #reason = 'not-connected';

  constructor(transport: Transport, clock: Clock, gone: () => void) {
    this.#transport = transport;
    this.#clock = clock;
    this.#gone = gone;
    transport.start({
      data: (bytes) => this.#heard(bytes),
      state: (state, reason) => this.#linkChanged(state, reason),
    });
  }

  get up(): boolean {
    return this.#up;
  }
  get reason(): string {
    return this.#reason;
  }
  get counters(): Transport['counters'] {
    return this.#transport.counters;
  }

  /** Tells `events` from now on; the returned function lets go of the board, and the last one to go closes it. */
  use(events: BoardEvents): () => Promise<void> {
    this.#users.add(events);
    return async () => {
      if (!this.#users.delete(events) || this.#users.size > 0) return;
      this.#cancelPing();
      this.#cancelSilence();
      this.#gone();
      await this.#transport.close();
      this.#settle(boardError('BOARD_DOWN', { reason: 'closed' }));
    };
  }

  /** Sends a message that has no answer of its own (`GET`: what comes is told to all). Rejects with `BOARD_DOWN`. */
  async say(message: BoardMessage): Promise<void> {
    try {
      await this.#transport.write(new TextEncoder().encode(encodeBoardLine(message)));
    } catch (cause) {
      throw boardError('BOARD_DOWN', { reason: this.#reason }, { cause });
    }
  }

  /** Sends a message and waits for its answer. Rejects with `BOARD_DOWN`, `BOARD_SILENT`, `BOARD_REFUSED`. */
  ask(message: BoardMessage, fits: Question['fits']): Promise<BoardMessage> {
    const mine = this.#turn.then(() => this.#ask(message, fits));
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  async #ask(message: BoardMessage, fits: Question['fits']): Promise<BoardMessage> {
    const answer = new Promise<BoardMessage>((resolve, reject) => {
      const cancel = this.#clock.after(ANSWER_MS, () => this.#settle(boardError('BOARD_SILENT')));
      this.#question = {
        fits,
        done: (said) => {
          cancel();
          if (said instanceof Error) reject(said);
          else resolve(said);
        },
      };
    });
    // heard by whoever asked; a write that fails settles it
    this.say(message).catch((error: unknown) =>
      this.#settle(error instanceof Error ? error : boardError('BOARD_DOWN')),
    );
    return answer;
  }

  #settle(answer: BoardMessage | Error): void {
    const question = this.#question;
    this.#question = undefined;
    question?.done(answer);
  }

  #heard(bytes: Uint8Array): void {
    for (const message of this.#reader.push(bytes)) {
      this.#alive();
      if (message.say === 'error') this.#settle(boardError('BOARD_REFUSED', { code: message.code }));
      else if (this.#question?.fits(message)) this.#settle(message);
      for (const user of [...this.#users]) user.message(message);
    }
  }

  #linkChanged(state: LinkState, reason: string | undefined): void {
    this.#reader.reset();
    this.#cancelPing();
    this.#cancelSilence();
    if (state === 'open') this.#ping();
    else if (state !== 'closed') this.#turnTo(false, `link-down:${reason ?? 'unknown'}`);
    this.#settle(boardError('BOARD_DOWN', { reason: this.#reason }));
  }

  #ping(): void {
    this.#cancelPing();
    this.say({ say: 'ping' }).catch(() => this.#turnTo(false, 'write-failed'));
    this.#cancelPing = this.#clock.after(PING_MS, () => this.#ping());
    if (!this.#up) this.#watch();
  }

  #alive(): void {
    this.#watch();
    this.#turnTo(true, '');
  }

  #watch(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#clock.after(SILENT_MS, () => {
      this.#turnTo(false, 'silent');
      this.#transport.reopen('silent');
    });
  }

  #turnTo(up: boolean, reason: string): void {
    const same = up === this.#up && reason === this.#reason;
    this.#up = up;
    this.#reason = reason;
    if (!same) for (const user of [...this.#users]) user.state(up, reason);
  }
}
