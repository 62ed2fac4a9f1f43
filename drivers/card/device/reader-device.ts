import { createHash, randomBytes, type X509Certificate } from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { isJollyError, type SecretDigits, wipe } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState, SelfTestStep } from '../../health/index.ts';
import type { DriverContext } from '../../registry/index.ts';
import { exchange } from '../apdu/index.ts';
import {
  type CieFiles,
  type CieOptions,
  changeCiePin,
  type FillRandom,
  newTrace,
  signInWithCie,
  unblockCiePin,
  wipeFiles,
} from '../cie/index.ts';
import { signInWithCns } from '../cns/index.ts';
import { cardError } from '../errors.ts';
import type { ActOptions, CardKind, CardProof, CardReader, LookedAt, Presence } from '../port.ts';
import type { CardInHand, ReaderStack, Slot } from '../reader/index.ts';
import { identifyByCan } from '../travel-document/index.ts';
import { presenceOf, samePresence } from './presence.ts';
import { recognise } from './recognise.ts';
import { runSelfTest } from './self-test.ts';
import { asCardError, Tally } from './tally.ts';

export interface CardReaderSettings {
  /** Country signing certificates; absent or empty: the server alone checks the chain. */
  readonly anchors?: readonly X509Certificate[];
  /** Randomness of the protocols with the card; the system's when absent. */
  readonly fill?: FillRandom;
}

/** What was learnt of the card that lies there; forgotten when it moves. */
interface Known extends LookedAt {
  readonly files: CieFiles | undefined;
}

/** A fresh card may do better: another program reset it, or its channel broke (cie-card.md 10). */
const BEGIN_AGAIN: ReadonlySet<string> = new Set(['CARD_CHANNEL_BROKEN', 'CARD_RESET']);
/** What a reader that does not carry extended APDUs may turn them into. */
const MAYBE_TOO_LONG: ReadonlySet<string> = new Set([
  'CARD_REFUSED',
  'CARD_ANSWER_INVALID',
  'CARD_MUTE',
  'READER_LOST',
]);
/** INS that carry a secret or change one: once such a command was handed over, an act is never begun again. */
const SECRET_INS: ReadonlySet<number> = new Set([0x20, 0x24, 0x2c]);

/** The card reader of a terminal: readers below, CIE, TS-CNS and travel document above. */
export class ReaderDevice implements CardReader {
  readonly uri: string;
  readonly #stack: ReaderStack;
  readonly #context: DriverContext;
  readonly #anchors: readonly X509Certificate[] | undefined;
  readonly #fill: FillRandom | undefined;
  readonly #salt = randomBytes(32);
  readonly #tally = new Tally();
  readonly #presenceListeners = new Set<(presence: Presence) => void>();
  readonly #healthListeners = new Set<(health: DeviceHealth) => void>();
  /** Names of slots whose reader carries short APDUs only, as far as was seen. */
  readonly #shortOnly = new Set<string>();
  #slots: readonly Slot[] = [];
  #trouble: string | undefined = 'starting';
  #presence: Presence = { state: 'unavailable', reason: 'starting' };
  #known: Known | undefined;
  #acts = 0;
  #state: DeviceState = 'starting';
  #since: number;

  constructor(stack: ReaderStack, context: DriverContext, settings: CardReaderSettings = {}) {
    this.uri = stack.uri;
    this.#stack = stack;
    this.#context = context;
    this.#anchors = settings.anchors && settings.anchors.length > 0 ? settings.anchors : undefined;
    this.#fill = settings.fill;
    this.#since = context.clock.now();
    stack.start({
      slots: (slots) => {
        this.#slots = slots;
        if (this.#trouble === 'starting') this.#trouble = undefined;
        this.#changed();
      },
      trouble: (reason) => {
        this.#trouble = reason;
        this.#changed();
      },
    });
  }

  presence(): Presence {
    return this.#presence;
  }

  onPresence(listener: (presence: Presence) => void): () => void {
    this.#presenceListeners.add(listener);
    return () => this.#presenceListeners.delete(listener);
  }

  async look(options: ActOptions = {}): Promise<LookedAt> {
    return this.#act('look', async (insertion) => {
      options.onStep?.('look', 0, 1);
      const { kind, insertion: seen, sameness } = await this.#lookAt(insertion, options);
      return { kind, insertion: seen, sameness };
    });
  }

  async signIn(pin: SecretDigits, context: LoginContext, options: ActOptions = {}): Promise<CardProof> {
    return this.#act('sign-in', async (insertion) => {
      const { kind } = await this.#knownCard(insertion, options);
      if (kind === 'cie') {
        return this.#onCard(insertion, options, (card, cie) => signInWithCie(card, pin, context, cie));
      }
      return this.#onCard(insertion, options, async (card, cie) => {
        wipe((await recognise(card, cie)).serial);
        return signInWithCns(exchange(card), pin, context, options);
      });
    });
  }

  async identify(can: SecretDigits, context: LoginContext, options: ActOptions = {}): Promise<CardProof> {
    return this.#actOnCie('identify', options, (card, cie) => identifyByCan(card, can, context, cie));
  }

  async changePin(pin: SecretDigits, newPin: SecretDigits, options: ActOptions = {}): Promise<void> {
    return this.#actOnCie('change-pin', options, (card, cie) => changeCiePin(card, pin, newPin, cie));
  }

  async unblockPin(puk: SecretDigits, newPin: SecretDigits, options: ActOptions = {}): Promise<void> {
    return this.#actOnCie('unblock-pin', options, (card, cie) => unblockCiePin(card, puk, newPin, cie));
  }

  health(): DeviceHealth {
    return {
      state: this.#state,
      reasons: this.#trouble === undefined ? [] : [this.#trouble],
      since: this.#since,
      counters: { ...this.#stack.counters, ...this.#tally.all },
    };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#healthListeners.add(listener);
    return () => this.#healthListeners.delete(listener);
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    return runSelfTest({
      clock: this.#context.clock,
      slots: () => this.#slots,
      trouble: () => this.#trouble,
      presence: () => this.#presence,
      look: () => this.look(),
    });
  }

  async close(): Promise<void> {
    await this.#stack.close();
    this.#forget();
    this.#presenceListeners.clear();
    this.#healthListeners.clear();
  }

  /** Checks that there is one card, counts, names every failure. */
  async #act<T>(name: string, work: (insertion: number) => Promise<T>): Promise<T> {
    const { clock, log } = this.#context;
    const started = clock.monotonic();
    this.#tally.count(`acts-${name}`);
    this.#acts += 1;
    this.#healthChanged();
    try {
      const done = await work(this.#oneCard());
      log('card-act', { act: name, ms: Math.round(clock.monotonic() - started) });
      return done;
    } catch (error) {
      const failure = asCardError(error);
      this.#tally.failed(failure);
      log('card-act-failed', {
        act: name,
        code: failure.code,
        ms: Math.round(clock.monotonic() - started),
        ...failure.detail,
      });
      throw failure;
    } finally {
      this.#acts -= 1;
      this.#healthChanged();
    }
  }

  #actOnCie<T>(
    name: string,
    options: ActOptions,
    work: (card: CardInHand, cie: CieOptions) => Promise<T>,
  ): Promise<T> {
    return this.#act(name, async (insertion) => {
      const { kind } = await this.#knownCard(insertion, options);
      if (kind !== 'cie') throw cardError('CARD_REFUSED', { step: name, why: 'not-a-cie' });
      return this.#onCard(insertion, options, work);
    });
  }

  #oneCard(): number {
    const presence = this.#presence;
    if (presence.state === 'one') return presence.insertion;
    if (presence.state === 'none') throw cardError('CARD_REMOVED');
    if (presence.state === 'unavailable') throw cardError('READER_LOST', { why: presence.reason });
    throw cardError('CARD_MUTE', { why: presence.state });
  }

  async #knownCard(insertion: number, options: ActOptions): Promise<Known> {
    return this.#known?.insertion === insertion ? this.#known : this.#lookAt(insertion, options);
  }

  async #lookAt(insertion: number, options: ActOptions): Promise<Known> {
    const found = await this.#onCard(insertion, options, (card, cie) => recognise(card, cie));
    const { kind, serial, files } = found;
    const known = { kind, insertion, sameness: this.#sameness(kind, serial), files };
    if (!files) wipe(serial);
    if (this.#presence.state === 'one' && this.#presence.insertion === insertion) this.#known = known;
    return known;
  }

  /**
   * One transaction on that card; a second one from a fresh card when the first broke in a way that may not come back, but never after
   * a secret was handed over.
   */
  async #onCard<T>(
    insertion: number,
    options: ActOptions,
    work: (card: CardInHand, cie: CieOptions) => Promise<T>,
  ): Promise<T> {
    let tooLong: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const trace = newTrace();
      let slot = '';
      try {
        const act = (inHand: CardInHand) => {
          slot = inHand.slot.name;
          const card: CardInHand = {
            slot: inHand.slot,
            protocol: inHand.protocol,
            transmit: (apdu) => {
              if (SECRET_INS.has(apdu[1] ?? 0)) trace.secretSent = true;
              return inHand.transmit(apdu);
            },
          };
          const extended = tooLong === undefined && !this.#shortOnly.has(slot);
          return work(card, {
            anchors: this.#anchors,
            at: this.#context.clock.now(),
            extended,
            trace,
            known: this.#known?.insertion === insertion ? this.#known.files : undefined,
            ...(options.signal ? { signal: options.signal } : {}),
            confirm: (serial) => this.#confirm(serial, insertion, options),
            ...(this.#fill ? { fill: this.#fill } : {}),
            ...(options.onStep ? { onStep: options.onStep.bind(options) } : {}),
          });
        };
        const done = await this.#stack.withCard(insertion, act, options.signal);
        if (tooLong !== undefined) this.#shortOnly.add(tooLong);
        return done;
      } catch (error) {
        const code = isJollyError(error) ? error.code : '';
        const again = BEGIN_AGAIN.has(code) || (trace.extendedUsed && MAYBE_TOO_LONG.has(code));
        if (attempt === 2 || trace.secretSent || !again) throw error;
        if (trace.extendedUsed && MAYBE_TOO_LONG.has(code)) tooLong = slot;
        this.#tally.count('begun-again');
      }
    }
  }

  /** It must be the card that was asked for, and the one that was looked at. */
  #confirm(serial: Uint8Array, insertion: number, options: ActOptions): void {
    const wanted = [
      options.sameness,
      this.#known?.insertion === insertion ? this.#known.sameness : undefined,
    ];
    const is = (['cie', 'cns'] as const).map((kind) => this.#sameness(kind, serial));
    for (const sameness of wanted) {
      if (sameness !== undefined && !is.includes(sameness))
        throw cardError('CARD_REMOVED', { why: 'another' });
    }
  }

  #sameness(kind: CardKind, serial: Uint8Array): string {
    return createHash('sha256').update(this.#salt).update(kind).update(serial).digest('hex');
  }

  #changed(): void {
    const before = this.#presence;
    this.#presence =
      this.#trouble === 'starting'
        ? { state: 'unavailable', reason: 'starting' }
        : presenceOf(this.#slots, this.#trouble);
    const { state } = this.#presence;
    if (this.#presence.state !== 'one' || this.#presence.insertion !== this.#known?.insertion) this.#forget();
    this.#healthChanged();
    if (samePresence(before, this.#presence)) return;
    this.#context.log('card-presence', { state });
    for (const listener of this.#presenceListeners) listener(this.#presence);
  }

  #forget(): void {
    wipeFiles(this.#known?.files);
    this.#known = undefined;
  }

  #healthChanged(): void {
    const next: DeviceState =
      this.#trouble === 'starting'
        ? 'starting'
        : this.#slots.length === 0
          ? 'unavailable'
          : this.#acts > 0
            ? 'busy'
            : this.#trouble === undefined
              ? 'ready'
              : 'degraded';
    if (next !== this.#state) {
      this.#state = next;
      this.#since = this.#context.clock.now();
    }
    const health = this.health();
    for (const listener of this.#healthListeners) listener(health);
  }
}
