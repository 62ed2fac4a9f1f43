import type { LoginResponse } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { ActOptions, CardProof, LookedAt, Presence } from '@jolly/drivers/card';
import { Challenge } from './challenge.ts';
import {
  backToGreeting,
  type Effect,
  fieldsOf,
  type LoginEvent,
  type LoginState,
  lengthOf,
  type Phase,
  type Step,
  screenOf,
  transition,
  working,
} from './chart/index.ts';
import { FIXED_LAYOUT, shuffledLayout } from './layout.ts';
import { secondsLeft } from './pace.ts';
import type { CitizenLogin, CitizenView, LoginCommand, LoginDeskOptions, LoginScreen } from './port.ts';
import { kindOfRefusal, proofOf } from './proof.ts';
import { LoginSecrets } from './secrets.ts';

type Verified = Extract<LoginResponse, { result: 'verified' }>;

/** What a login needs of the desk that opened it. */
export interface DeskHooks {
  readonly options: LoginDeskOptions;
  sessionId(): string;
  readonly citizen: CitizenView | undefined;
  /** One act on the card at a time, also after the login that began it has gone. */
  exclusively<T>(act: () => Promise<T>): Promise<T>;
  /** The server opened a session. `wanted` is false when who it is for has left meanwhile. */
  verified(answer: Verified, wanted: boolean, card: LookedAt): void;
  /** What outlives this login. */
  remember(state: Pick<LoginState, 'tries' | 'signedIn' | 'seen'>): void;
}

/** Phases in which typed digits are still needed. */
const HOLDS_SECRETS: ReadonlySet<Phase['at']> = new Set(['secret', 'renewing', 'acting']);

type Problem = Extract<Phase, { at: 'problem' }>;

const sameProblem = (one: Problem | undefined, other: Problem): boolean =>
  one?.kind === other.kind && one.code === other.code;

/** One login: runs its chart, does what it asks, and throws away what comes too late. */
export class LoginRun implements CitizenLogin {
  readonly #hooks: DeskHooks;
  readonly #listeners = new Set<() => void>();
  readonly #secrets = new LoginSecrets();
  #state: LoginState;
  #layout: readonly number[] = FIXED_LAYOUT;
  #challenge: Challenge | undefined;
  #proof: CardProof | undefined;
  /** The work under way; what another one brings is of yesterday. */
  #flight: symbol | undefined;
  #closed = false;
  /** The problem in front, once it was logged: a card that is lifted makes no other of it. */
  #told: Problem | undefined;

  constructor(start: Step, hooks: DeskHooks) {
    this.#state = start.state;
    this.#hooks = hooks;
    this.#settle(start);
  }

  get screen(): LoginScreen {
    const { terminalId } = this.#hooks.options.place;
    return screenOf(this.#state, { terminalId, layout: this.#layout });
  }

  get citizen(): CitizenView | undefined {
    return this.#hooks.citizen;
  }

  get interruptible(): boolean {
    return this.#state.phase.at !== 'acting';
  }

  get canGoBack(): boolean {
    return this.#state.phase.at === 'other-ways' || backToGreeting(this.#state);
  }

  get another(): boolean {
    return this.#state.phase.at === 'another';
  }

  get open(): boolean {
    return !this.#closed;
  }

  send(command: LoginCommand): void {
    if (command.type === 'leave') this.close();
    else this.#take(command);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  presence(presence: Presence, stale: boolean): void {
    this.#take({ type: 'presence', presence, stale });
  }

  /** The citizen's session has ended at the server. */
  expired(): void {
    this.#take({ type: 'expired' });
  }

  /** Nobody stands before it any more. An act on the card ends by itself; its buffers are wiped when it has. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#flight = undefined;
    this.#forget();
    this.#listeners.clear();
  }

  #take(event: LoginEvent): void {
    if (this.#closed) return;
    const before = this.#state;
    const step = transition(before, event);
    if (step.state === before) return;
    this.#settle(step);
    for (const listener of [...this.#listeners]) listener();
  }

  #settle({ state, effects }: Step): void {
    this.#state = state;
    const { phase } = state;
    this.#hooks.remember(state);
    if (!working(phase)) this.#flight = undefined;
    if (phase.at !== 'secret') this.#hooks.options.pad.close();
    if (!HOLDS_SECRETS.has(phase.at)) this.#secrets.wipe();
    if (phase.at === 'problem' && !sameProblem(this.#told, phase)) {
      const { purpose } = state;
      this.#hooks.options.log('login-problem', { kind: phase.kind, code: phase.code, purpose });
    }
    this.#told = phase.at === 'problem' ? phase : undefined;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'look':
        this.#fly((options) => this.#look(options));
        return;
      case 'challenge':
        this.#fly(() => this.#ask(effect));
        return;
      case 'ask':
        this.#open(effect);
        return;
      case 'act':
        this.#fly((options) => this.#act(effect, options));
        return;
      case 'prove':
        this.#fly((_, current) => this.#prove(current));
    }
  }

  /** Starts work whose end comes back as an event, unless something else has begun since. */
  #fly(work: (options: ActOptions, current: () => boolean) => Promise<LoginEvent>): void {
    const begun = this.#hooks.options.clock.monotonic();
    const flight = Symbol('flight');
    this.#flight = flight;
    const current = (): boolean => this.#flight === flight;
    const options: ActOptions = {
      onStep: (step, done, of) => {
        if (!current()) return;
        const elapsed = this.#hooks.options.clock.monotonic() - begun;
        this.#take({ type: 'stepped', step, done, of, secondsLeft: secondsLeft(elapsed, done, of) });
      },
    };
    work(options, current).then(
      (event) => {
        if (current()) this.#take(event);
      },
      (error: unknown) => {
        // nothing of ours rejects here but a fault; the citizen is not left standing before a page that works for ever
        this.#hooks.options.log('login-fault', { error: nameOf(error) });
        if (!current()) return;
        const acting = this.#state.phase.at === 'acting';
        this.#take({ type: 'failed', code: acting ? 'PIN_UNCERTAIN' : 'CARD_RESET' });
        this.#take({ type: 'refused', kind: 'server-unreachable', code: 'LOGIN_FAULT' });
      },
    );
  }

  async #look(options: ActOptions): Promise<LoginEvent> {
    const { reader } = this.#hooks.options;
    try {
      return { type: 'looked', card: await this.#hooks.exclusively(() => reader.look(options)) };
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** A challenge that is still good is kept: a wrong PIN does not use it up. */
  async #ask({ method, level }: Extract<Effect, { do: 'challenge' }>): Promise<LoginEvent> {
    const { fleet, clock } = this.#hooks.options;
    if (this.#challenge?.good({ method, level }, clock)) return { type: 'challenged' };
    const request = { sessionId: this.#hooks.sessionId(), method, level };
    const asked = clock.monotonic();
    try {
      this.#challenge = new Challenge(request, await fleet.loginChallenge(request), asked);
      return { type: 'challenged' };
    } catch (error) {
      return this.#silence(error);
    }
  }

  #open({ field, fresh }: Extract<Effect, { do: 'ask' }>): void {
    const { pad, random, settings } = this.#hooks.options;
    if (fresh) this.#secrets.wipe();
    if (settings.shufflePad) this.#layout = shuffledLayout(random);
    const digits = this.#secrets.fresh(field);
    pad.ask({
      field,
      digits,
      min: lengthOf(field).min,
      changed: () => this.#take({ type: 'entered', count: digits.length }),
      submitted: () => {
        const fault = this.#secrets.faultOf(field);
        const challengeGood = this.#challengeGood();
        this.#take({ type: 'submitted', challengeGood, ...(fault === undefined ? {} : { fault }) });
      },
    });
  }

  #challengeGood(): boolean {
    const { card, purpose } = this.#state;
    const method = card?.kind === 'cns' ? 'cns-card-local' : 'cie-card-local';
    const level = purpose === 'sign-in-without-pin' ? 'card' : 'pin';
    return this.#challenge?.good({ method, level }, this.#hooks.options.clock) ?? false;
  }

  async #act({ purpose, card }: Extract<Effect, { do: 'act' }>, steps: ActOptions): Promise<LoginEvent> {
    const { reader, place } = this.#hooks.options;
    const options = { ...steps, sameness: card.sameness };
    const secrets = this.#secrets;
    const [first] = fieldsOf(purpose, card.kind);
    const act = async (): Promise<void> => {
      switch (purpose) {
        case 'sign-in':
          this.#keep(await reader.signIn(secrets.get(first), this.#context(place), options));
          return;
        case 'sign-in-without-pin':
          this.#keep(await reader.identify(secrets.get(first), this.#context(place), options));
          return;
        case 'change-pin':
          return reader.changePin(secrets.get(first), secrets.get('cie-new-pin'), options);
        case 'unblock-pin':
          return reader.unblockPin(secrets.get(first), secrets.get('cie-new-pin'), options);
      }
    };
    try {
      await secrets.lend(() => this.#hooks.exclusively(act));
      return { type: 'acted' };
    } catch (error) {
      return this.#failure(error);
    }
  }

  #context(place: LoginDeskOptions['place']) {
    if (!this.#challenge) throw new Error('a card was asked to sign without a challenge');
    return this.#challenge.context(place);
  }

  #keep(proof: CardProof): void {
    if (!this.#closed) this.#proof = proof;
  }

  async #prove(current: () => boolean): Promise<LoginEvent> {
    const { fleet } = this.#hooks.options;
    const proof = this.#proof;
    const challenge = this.#challenge;
    // answered once, whatever comes of it
    this.#proof = undefined;
    this.#challenge = undefined;
    const { card } = this.#state;
    if (!proof || !challenge || !card) throw new Error('there is nothing to prove');
    try {
      const answer = await fleet.loginProof(challenge.loginId, proofOf(proof));
      if (answer.result === 'refused')
        return { type: 'refused', kind: kindOfRefusal(answer.problem), code: answer.problem };
      this.#hooks.verified(answer, current(), card);
      return { type: 'verified' };
    } catch (error) {
      return this.#silence(error);
    }
  }

  #failure(error: unknown): LoginEvent {
    if (!isJollyError(error)) throw error;
    const { step, sw, proof, why, triesLeft } = error.detail;
    const detail = Object.entries({ step, sw, proof, why }).filter((entry) => entry[1] !== undefined);
    this.#hooks.options.log('login-act-failed', {
      code: error.code,
      ...(Object.fromEntries(detail) as Record<string, string | number | boolean>),
    });
    return {
      type: 'failed',
      code: error.code,
      ...(typeof triesLeft === 'number' ? { triesLeft } : {}),
    };
  }

  #silence(error: unknown): LoginEvent {
    if (!isJollyError(error)) throw error;
    // the server's own word where it gave one; how the line failed (`ECONNREFUSED`) is for the log
    const code = String(error.detail.code ?? error.code);
    const refused = error.code === 'SERVER_REFUSED' && code === 'LOGIN_NOT_ACCEPTED';
    return { type: 'refused', kind: refused ? 'method-not-accepted' : 'server-unreachable', code };
  }

  #forget(): void {
    this.#hooks.options.pad.close();
    this.#secrets.wipe();
    this.#proof = undefined;
    this.#challenge = undefined;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
