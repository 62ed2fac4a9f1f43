import { strict as assert } from 'node:assert';
import type { X509Certificate } from 'node:crypto';
import { systemClock } from '@jolly/contracts/values';
import { ReaderDevice } from '../../../drivers/card/device/index.ts';
import type { CardInHand, ReaderStack, Slot } from '../../../drivers/card/reader/index.ts';
import { LOGIN, secret } from './acts.ts';
import { RepeatableBytes } from './repeatable.ts';

/** Command and answer, both copies. */
interface RoundTrip {
  readonly apdu: Uint8Array;
  readonly answer: Uint8Array;
}

/** What a whole login took, ms. */
export interface LoginTimes {
  readonly whole: number;
  /** In the hands of reader and card: its own round trips. */
  readonly inTransit: number;
  /** Processor of this process: driver and its end of the wire, neither card nor the process that holds PC/SC. */
  readonly cpu: number;
}

export interface RawTimes {
  /** The round trips alone. */
  readonly roundTrips: number;
  /** What the stack took around them: connecting, beginning, reset, letting go. */
  readonly around: number;
}

/**
 * Whole logins with one card on one slot of a stack, and the same bytes once more by the transport alone. Both sides' random bytes are
 * repeated, so that every login is the same bytes and the card does the same work for them.
 */
export class LoginRun {
  readonly citizen: string;
  readonly logins: LoginTimes[] = [];
  readonly raws: RawTimes[] = [];
  readonly #stack: ReaderStack;
  readonly #insertion: number;
  readonly #anchors: readonly X509Certificate[];
  readonly #pin: string;
  #recorded: readonly (readonly RoundTrip[])[] = [];

  constructor(
    citizen: string,
    stack: ReaderStack,
    slot: Slot,
    anchors: readonly X509Certificate[],
    pin: string,
  ) {
    this.citizen = citizen;
    this.#stack = stack;
    this.#insertion = slot.insertion;
    this.#anchors = anchors;
    this.#pin = pin;
  }

  get apdus(): number {
    return this.#recorded.reduce((sum, { length }) => sum + length, 0);
  }

  get extended(): boolean {
    return this.#recorded.flat().some(({ apdu }) => apdu.length > 5 && apdu[4] === 0);
  }

  /** Keeps the times of so many rounds. Login and raw bytes take turns, and who goes first changes. */
  async rounds(warmUp: number, rounds: number): Promise<void> {
    for (let round = 0; round < warmUp; round += 1) await this.#login();
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) this.logins.push(await this.#login());
      this.raws.push(await this.#raw());
      if (round % 2 === 1) this.logins.push(await this.#login());
    }
  }

  /** Looks at the card, then signs in, as the terminal does: two transactions with a device that knows nothing of it yet. */
  async #login(): Promise<LoginTimes> {
    const record: RoundTrip[][] = [];
    let inTransit = 0;
    const overheard = (card: CardInHand): CardInHand => {
      const trips: RoundTrip[] = [];
      record.push(trips);
      return {
        slot: card.slot,
        protocol: card.protocol,
        transmit: async (sent) => {
          // The driver wipes its buffer.
          const apdu = Uint8Array.from(sent);
          const since = performance.now();
          const answer = await card.transmit(sent);
          inTransit += performance.now() - since;
          trips.push({ apdu, answer: Uint8Array.from(answer) });
          return answer;
        },
      };
    };
    const { fill } = new RepeatableBytes('terminal');
    const device = new ReaderDevice(
      this.#oneCard(overheard),
      { clock: systemClock, log: () => undefined },
      {
        anchors: this.#anchors,
        fill,
      },
    );
    const cpu = process.cpuUsage();
    const since = performance.now();
    await device.look();
    const proof = await device.signIn(secret(this.#pin), LOGIN);
    const whole = performance.now() - since;
    const { user, system } = process.cpuUsage(cpu);
    assert.equal(proof.kind, 'cie-pin');
    if (this.#recorded.length > 0) assert.deepEqual(record, this.#recorded, 'a login was not repeatable');
    this.#recorded = record;
    return { whole, inTransit, cpu: (user + system) / 1000 };
  }

  /** The bytes of the login, one after the other, by the transport alone; the answers have to be those of the login. */
  async #raw(): Promise<RawTimes> {
    let roundTrips = 0;
    const since = performance.now();
    for (const trips of this.#recorded) {
      await this.#stack.withCard(this.#insertion, async (card) => {
        for (const { apdu, answer } of trips) {
          const sent = performance.now();
          const got = await card.transmit(apdu);
          roundTrips += performance.now() - sent;
          assert.deepEqual(got, answer, 'the card answered otherwise than in the login');
        }
      });
    }
    return { roundTrips, around: performance.now() - since - roundTrips };
  }

  /** The stack with this card alone, as a device sees it that was started just now. */
  #oneCard(overheard: (card: CardInHand) => CardInHand): ReaderStack {
    const stack = this.#stack;
    const slots = stack.slots.filter(({ insertion }) => insertion === this.#insertion);
    return {
      uri: stack.uri,
      slots,
      counters: stack.counters,
      start: (events) => events.slots(slots),
      withCard: (insertion, act) => stack.withCard(insertion, (card) => act(overheard(card))),
      close: () => Promise.resolve(),
    };
  }
}
