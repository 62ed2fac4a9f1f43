import { setTimeout as pause } from 'node:timers/promises';
import { secretBytes } from '@jolly/contracts/values';
import { type Card, CardDisposition, CardMode, Protocol, type Reader, type Transaction } from 'pcsc-mini';
import { hasCode } from './failures.ts';

/** An extended answer and its status word. */
const LONGEST_ANSWER = 65_536 + 2;
/** Another program holds the card exclusively: asked again after these, then it is busy. */
const SHARING_PAUSES_MS = [50, 100, 200, 400, 800, 800];
/** pcsc-mini 0.1.3 keeps a small reference for every command: the process is renewed before they matter. */
const TRANSMITS_OF_A_LIFE = 20_000;

/** Errors carry PC/SC's word as their `code`, as those of pcsc-mini do. */
function pcscError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** One card, connected shared and held in a transaction; one at a time. */
export class PcscSession {
  readonly #readers: (name: string) => Reader | undefined;
  /** Ours, so that it can be wiped; without it pcsc-mini takes at most 264 bytes. */
  readonly #answer = secretBytes(LONGEST_ANSWER).buffer as ArrayBuffer;
  #card: Card | undefined;
  #transaction: Transaction | undefined;
  #transmits = 0;
  #worn = false;

  constructor(readers: (name: string) => Reader | undefined) {
    this.#readers = readers;
  }

  /** True when the process should be renewed: something native stayed behind. */
  get worn(): boolean {
    return this.#worn || this.#transmits > TRANSMITS_OF_A_LIFE;
  }

  async open(name: Uint8Array): Promise<'T=0' | 'T=1'> {
    if (this.#card) throw pcscError('SharingViolation');
    const reader = this.#readers(new TextDecoder().decode(name));
    if (!reader) throw pcscError('UnknownReader');
    this.#card = await connectShared(reader);
    try {
      this.#transaction = await begin(this.#card);
    } catch (error) {
      await this.release();
      throw error;
    }
    return this.#card.protocol() === Protocol.T0 ? 'T=0' : 'T=1';
  }

  /** The answer is a view that the caller wipes before the next command. */
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (!this.#card) throw pcscError('NotTransacted');
    this.#transmits += 1;
    return await this.#card.transmit(apdu, this.#answer);
  }

  /** Resets the card and lets it go; never fails: what stays behind natively ends with the process (`worn`). */
  async release(): Promise<void> {
    const card = this.#card;
    const transaction = this.#transaction;
    this.#card = undefined;
    this.#transaction = undefined;
    let disposition = CardDisposition.RESET;
    try {
      await transaction?.end(CardDisposition.RESET);
      if (transaction) disposition = CardDisposition.LEAVE;
    } catch (error) {
      // The card left, or another program reset it. It is let go with one more reset.
      this.#worn ||= !hasCode(error, 'RemovedCard') && !hasCode(error, 'NoSmartCard');
    }
    try {
      await card?.disconnect(disposition);
    } catch {
      this.#worn = true;
    }
  }
}

async function connectShared(reader: Reader): Promise<Card> {
  for (const ms of SHARING_PAUSES_MS) {
    try {
      return await reader.connect(CardMode.SHARED);
    } catch (error) {
      if (!hasCode(error, 'SharingViolation')) throw error;
      await pause(ms);
    }
  }
  return reader.connect(CardMode.SHARED);
}

/** Another program's reset since we connected is no reset of ours: acknowledged once. */
async function begin(card: Card): Promise<Transaction> {
  try {
    return await card.transaction();
  } catch (error) {
    if (!hasCode(error, 'ResetCard')) throw error;
    await card.reconnect(CardMode.SHARED, CardDisposition.LEAVE);
    return card.transaction();
  }
}
