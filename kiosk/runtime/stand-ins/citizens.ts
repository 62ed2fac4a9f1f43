import type { LoginChallenge, LoginProof, LoginRequest, LoginResponse } from '@jolly/contracts/fleet-api';
import { type Clock, type Secret, type SecretDigits, uuidv7 } from '@jolly/contracts/values';
import {
  type ActOptions,
  type CardKind,
  type CardProof,
  cardError,
  type LookedAt,
  type Presence,
} from '@jolly/drivers/card';
import type { LoginClient, LoginDeskOptions } from '../citizens/index.ts';

type Reader = LoginDeskOptions['reader'];

/** An act of the fake reader, held until the test says how it ends. */
export interface HeldAct {
  readonly act: 'look' | 'signIn' | 'identify' | 'changePin' | 'unblockPin';
  /** The secrets as the card saw them. */
  readonly given: readonly string[];
  readonly options: ActOptions;
  resolve(): void;
  reject(error: unknown): void;
}

export const INVENTED = {
  givenName: 'Ginevrina',
  familyName: 'Quattrofontane',
  fiscalCode: 'QTTGVR85T57G999X',
  nis: '190283746501',
};

const PROOF = (kind: CardKind): CardProof =>
  kind === 'cie'
    ? {
        kind: 'cie-pin',
        nis: INVENTED.nis,
        certificate: new TextEncoder().encode(`CN=${INVENTED.fiscalCode}`),
        signature: new Uint8Array(256),
        sod: new Uint8Array(64),
      }
    : { kind: 'cns-pin', certificate: new Uint8Array(8), signature: new Uint8Array(256) };

/** A reader that does what the test says: cards come, go and answer at its word. */
export class FakeReader implements Reader {
  readonly acts: HeldAct[] = [];
  readonly #listeners = new Set<(presence: Presence) => void>();
  #presence: Presence = { state: 'none' };
  #insertion = 0;
  #card: { kind: CardKind; serial: string } | undefined;
  /** Acts wait for the test; else each succeeds at once. */
  holding = false;
  /** Keeps what the card was given, for the test to compare. */
  spying = true;
  /** What the next act rejects with. */
  failing: unknown[] = [];

  presence = (): Presence => this.#presence;
  onPresence = (listener: (presence: Presence) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  lay(kind: CardKind = 'cie', serial = 'one'): void {
    this.#card = { kind, serial };
    this.#insertion += 1;
    this.show({ state: 'one', insertion: this.#insertion });
  }

  take(): void {
    this.show({ state: 'none' });
  }

  show(presence: Presence): void {
    this.#presence = presence;
    for (const listener of [...this.#listeners]) listener(presence);
  }

  look: Reader['look'] = (options = {}) => {
    options.onStep?.('look', 0, 2);
    const insertion = this.#insertion;
    const { kind, serial } = this.#card ?? { kind: 'cie', serial: '' };
    return this.#act<LookedAt>('look', [], options, () => ({ kind, insertion, sameness: serial }));
  };

  signIn: Reader['signIn'] = (pin, _, options = {}) =>
    this.#act('signIn', [pin], options, () => PROOF(this.#card?.kind ?? 'cie'));

  identify: Reader['identify'] = (can, _, options = {}) =>
    this.#act<CardProof>('identify', [can], options, () => ({
      kind: 'cie-card',
      nis: INVENTED.nis,
      antiCloneKey: new Uint8Array(8),
      antiCloneAnswer: new Uint8Array(8),
      sod: new Uint8Array(8),
      dg1: new Uint8Array(8),
      dg11: undefined,
      documentSod: new Uint8Array(8),
    }));

  changePin: Reader['changePin'] = (pin, next, options = {}) =>
    this.#act('changePin', [pin, next], options, () => undefined);

  unblockPin: Reader['unblockPin'] = (puk, next, options = {}) =>
    this.#act('unblockPin', [puk, next], options, () => undefined);

  get last(): HeldAct {
    const last = this.acts.at(-1);
    if (!last) throw new Error('the reader did nothing');
    return last;
  }

  count(act: HeldAct['act']): number {
    return this.acts.filter((each) => each.act === act).length;
  }

  #act<T>(
    act: HeldAct['act'],
    secrets: readonly SecretDigits[],
    options: ActOptions,
    answer: () => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      // a test may see what the card saw
      const given = this.spying ? secrets.map((digits) => new TextDecoder().decode(digits.ascii())) : [];
      this.acts.push({ act, given, options, resolve: () => resolve(answer()), reject });
      if (this.failing.length > 0) reject(this.failing.shift());
      else if (!this.holding) resolve(answer());
    });
  }
}

export const wrongPin = (triesLeft: number) => cardError('PIN_WRONG', { triesLeft });

/** A server that knows one citizen. */
export class FakeLoginServer implements LoginClient {
  readonly requests: LoginRequest[] = [];
  readonly proofs: LoginProof['kind'][] = [];
  readonly ended: Secret<string>[] = [];
  readonly #clock: Clock;
  lifeMs = 120_000;
  failing: unknown;
  answer: Extract<LoginResponse, { result: 'refused' }> | undefined;
  hold: Promise<void> | undefined;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  loginChallenge: LoginClient['loginChallenge'] = async (request): Promise<LoginChallenge> => {
    this.requests.push(request);
    if (this.failing) throw this.failing;
    const at = this.#clock.now();
    this.#count += 1;
    return {
      loginId: uuidv7(at),
      nonce: String(this.#count).padStart(43, 'A'),
      at,
      expiresAt: at + this.lifeMs,
    };
  };

  loginProof: LoginClient['loginProof'] = async (_, proof): Promise<LoginResponse> => {
    this.proofs.push(proof.kind);
    await this.hold;
    if (this.failing) throw this.failing;
    if (this.answer) return this.answer;
    const { givenName, familyName, fiscalCode } = INVENTED;
    const at = this.#clock.now();
    return {
      result: 'verified',
      token: 'T'.repeat(43),
      session: {
        // made anew: a name that a constant holds would be found for ever
        citizen: { givenName: copy(givenName), familyName: copy(familyName), fiscalCode: copy(fiscalCode) },
        method: proof.kind === 'cns-pin' ? 'cns-card-local' : 'cie-card-local',
        level: proof.kind === 'cie-card' ? 'card' : 'pin',
        at,
        expiresAt: at + 15 * 60_000,
      },
    };
  };

  endCitizen: LoginClient['endCitizen'] = async (token) => {
    this.ended.push(token);
  };
}

const copy = (text: string): string => [...text].join('');
