import {
  DEFAULT_PREFERENCES,
  type Intent,
  type Language,
  type Limitation,
  type Screen,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { BarcodeReader } from '@jolly/drivers/barcode';

import type { CitizenLogin, LoginCommand, LoginDesk } from '../citizens/index.ts';
import type { RuntimeConfig } from '../config/index.ts';
import type { CitizenPayment, PaymentCommand, PaymentDesk } from '../payments/index.ts';
import { msBetween, type Press } from '../presses/index.ts';
import type { CitizenForm, FormCommand, KnownCitizen, ServiceDesk } from '../services/index.ts';
import type { Effect, SessionEvent, UsageStep } from './events.ts';
import {
  asksSecret,
  eventOf,
  inSession,
  type SessionState,
  startSession,
  step,
  ticking,
  wantsScan,
} from './machine.ts';
import { readScan } from './reading.ts';
import type { ServiceView, SessionSettings } from './settings.ts';
import { placeOf, snapshotOf } from './snapshot.ts';

type EnrolmentScreen = Extract<Screen, { name: 'enrolment' }>;

/** Counts uses and keeps ratings; never anything about the person (location-analytics.md 6.1). */
export interface UsageRecorder {
  use(use: { service: string; step: UsageStep; durationMs: number; lang: string; a11y: boolean }): void;
  rate(rating: Omit<Extract<Effect, { do: 'rating' }>, 'do'> & { lang: string }): void;
}

/** What the office is told: nothing about who calls. */
export interface PersonCall {
  readonly language: Language;
  readonly screen: string;
  readonly supportCode?: string;
}

export interface SessionPorts {
  readonly config: RuntimeConfig;
  readonly clock: Clock;
  readonly desk: PaymentDesk;
  /** Absent where the terminal has no reader for citizens' cards. */
  readonly logins?: LoginDesk | undefined;
  /** Absent where nothing is paid without a notice. */
  readonly services?: ServiceDesk | undefined;
  readonly barcode: Pick<BarcodeReader, 'listen'>;
  readonly usage: UsageRecorder;
  /** Tells the office that somebody needs a person; rejects when it cannot be told. */
  readonly callPerson?: (call: PersonCall) => Promise<void>;
  /** The terminal itself can speak. */
  readonly voice?: boolean;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** The same act again within this time is a bounce of finger or key (accessibility-and-design.md 3, row 20). */
const SAME_ACT_MS = 500;
/** Digits repeat in earnest (`00` in a notice number): only what no finger can do is a bounce. */
const SAME_KEY_MS = 80;
const KEYS: ReadonlySet<Intent['type']> = new Set(['digit', 'erase', 'write', 'volume']);
/** Presence is no act: it never counts as dropped. */
const PRESENCE: ReadonlySet<Intent['type']> = new Set(['touched', 'still-here', 'more-time']);

/** What also a page without a session takes: how it is read. */
const AIDS: ReadonlySet<Intent['type']> = new Set([
  ...PRESENCE,
  'open-languages',
  'close-languages',
  'set-language',
  'open-aids',
  'close-aids',
  'set-theme',
  'set-hand',
  'set-speed',
  'volume',
  'toggle-text-size',
  'toggle-contrast',
  'toggle-lowered',
  'toggle-listen',
  'toggle-calm',
  'toggle-more-time',
  'toggle-abc-keys',
]);

export interface SessionCounters {
  readonly taken: number;
  /** Intents that the page did not know. */
  readonly dropped: number;
  /** Double presses. */
  readonly bounced: number;
}

/**
 * Runs the session's statechart: gives it intents, scans, payments' changes and seconds, does the effects it asks for, and
 * publishes a snapshot whenever what is to be seen has changed. Everything happens at once, in order: an event that
 * comes up while another is at work waits its turn.
 */
export class Session {
  readonly #ports: SessionPorts;
  #place: Snapshot['place'];
  #config: RuntimeConfig;
  /** Nobody has taken the terminal in: this page, whatever the chart says. */
  #enrolment: EnrolmentScreen | undefined;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #queue: SessionEvent[] = [];
  readonly #counters = { taken: 0, dropped: 0, bounced: 0 };
  #state: SessionState;
  #snapshot: Snapshot;
  #busy = false;
  #payment: { readonly payment: CitizenPayment; readonly stop: () => void } | undefined;
  #login: { readonly login: CitizenLogin; readonly stop: () => void } | undefined;
  #form: { readonly form: CitizenForm; readonly stop: () => void } | undefined;
  readonly #stopReader: (() => void) | undefined;
  readonly #stopServices: (() => void) | undefined;
  #stopScan: (() => void) | undefined;
  #cancelSecond: (() => void) | undefined;
  #last: (Press & { readonly key: string }) | undefined;
  #visitStart = 0;
  #closed = false;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#config = ports.config;
    this.#place = placeOf(ports.config, ports.voice);
    this.#state = startSession(this.#settingsOf(ports.config, false)).state;
    this.#snapshot = snapshotOf(this.#state, this.#place, { seq: 0, at: ports.clock.now() });
    this.#follow();
    this.#stopReader = ports.logins?.onChange(() => this.#readerChanged());
    this.#readerChanged();
    this.#stopServices = ports.services?.onChange(() => this.#servicesChanged());
    this.#servicesChanged();
  }

  /** The snapshot now; its time is that of the call, so that the screen's clock is right after a reload. */
  snapshot(): Snapshot {
    return { ...this.#snapshot, at: this.#ports.clock.now() };
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get inSession(): boolean {
    return inSession(this.#state);
  }

  /** Secret digits may be typed just now. */
  get asksSecret(): boolean {
    return asksSecret(this.#state);
  }

  get counters(): SessionCounters {
    return { ...this.#counters };
  }

  /**
   * Takes what the citizen wants; what the page does not know is dropped and counted. `pressedAt`: ms of the screen's own
   * clock.
   */
  intent(intent: Intent, pressedAt?: number): 'taken' | 'dropped' | 'bounced' {
    if (this.#closed || (this.#enrolment && !AIDS.has(intent.type))) return 'dropped';
    if (this.#bounces(intent, pressedAt)) {
      this.#counters.bounced += 1;
      return 'bounced';
    }
    const event = eventOf(this.#state, intent);
    this.#present();
    if (!event) {
      if (!PRESENCE.has(intent.type)) {
        this.#counters.dropped += 1;
        this.#ports.log('intent-dropped', { intent: intent.type, screen: this.#snapshot.screen.name });
      }
      return 'dropped';
    }
    if (!PRESENCE.has(intent.type)) this.#counters.taken += 1;
    this.#dispatch(event);
    return 'taken';
  }

  limitations(limitations: readonly Limitation[]): void {
    const before = this.#state.context.limitations;
    if (before.length === limitations.length && limitations.every((each) => before.includes(each))) return;
    this.#dispatch({ type: 'limitations', limitations });
  }

  /** The page of a terminal that waits to be taken in; undefined: it is known, and perhaps has a new name. */
  enrolment(screen: EnrolmentScreen | undefined): void {
    this.#enrolment = screen;
    this.#place = placeOf(this.#config, this.#ports.voice, this.#place.news);
    this.#publish();
  }

  /** Settings that changed while nobody was there, and what the municipality has to say to everybody. */
  configure(config: RuntimeConfig, news?: Snapshot['place']['news']): void {
    this.#config = config;
    this.#place = placeOf(config, this.#ports.voice, news);
    this.#dispatch({ type: 'settings', settings: this.#settingsOf(config, news !== undefined) });
  }

  /** Whether citizens are served from now on. */
  serve(serving: ServiceView): void {
    if (JSON.stringify(serving) === JSON.stringify(this.#state.context.serving)) return;
    this.#dispatch({ type: 'serving', serving });
  }

  /** The headset's plug went in or came out. */
  headset(plugged: boolean): void {
    if (plugged === this.#state.context.headset) return;
    this.#dispatch({ type: 'headset', plugged, used: this.inSession });
  }

  close(): void {
    this.#closed = true;
    this.#cancelSecond?.();
    this.#cancelSecond = undefined;
    this.#stopScan?.();
    this.#stopScan = undefined;
    this.#dropPayment();
    this.#stopReader?.();
    this.#dropLogin();
    this.#stopServices?.();
    this.#dropForm();
    this.#listeners.clear();
  }

  #settingsOf(config: RuntimeConfig, news: boolean): SessionSettings {
    const { idle, creditorTaxCode, login, payment, services } = config;
    return {
      ...idle,
      creditorTaxCode,
      cardLeftSeconds: login.cardLeftSeconds,
      login: this.#ports.logins !== undefined && services.login,
      onPhone: payment.onPhone,
      payments: services.payments,
      spontaneous: services.spontaneous,
      assistance: services.assistance,
      news,
    };
  }

  #bounces(intent: Intent, pressedAt?: number): boolean {
    if (PRESENCE.has(intent.type)) return false;
    const press = { key: JSON.stringify(intent), at: this.#ports.clock.monotonic(), pressedAt };
    const limit = KEYS.has(intent.type) ? SAME_KEY_MS : SAME_ACT_MS;
    const again = this.#last?.key === press.key && msBetween(this.#last, press) < limit;
    // measured from the press that was taken: a person who keeps tapping is heard again
    if (!again) this.#last = press;
    return again;
  }

  /** Any touch shows that somebody is there; the second in course starts anew, so that none is counted short. */
  #present(): void {
    this.#cancelSecond?.();
    this.#cancelSecond = undefined;
    this.#dispatch({ type: 'intent.touched' });
  }

  #dispatch(event: SessionEvent): void {
    if (this.#closed) return;
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const { state, effects } = step(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#do(effect);
      }
    } finally {
      this.#busy = false;
    }
    // whoever went on took nothing of the answers along
    if (!this.#state.context.form) this.#dropForm();
    this.#follow();
    this.#publish();
  }

  #do(effect: Effect): void {
    const { lang, a11y } = this.#citizen();
    switch (effect.do) {
      case 'open-payment':
        this.#open(effect.notice);
        return;
      case 'command':
        this.#tell(effect.command);
        return;
      case 'open-login':
        this.#openLogin(effect.purpose);
        return;
      case 'login-command':
        this.#tellLogin(effect.command);
        return;
      case 'open-form':
        this.#openForm(effect.service);
        return;
      case 'form-command':
        this.#form?.form.send(effect.command satisfies FormCommand);
        return;
      case 'ask-cart': {
        const { noticeNumber } = effect.notice;
        const asked = this.#ports.services?.cart(effect.notice) ?? Promise.resolve(undefined);
        this.#later(asked, (url) => ({ type: 'cart', noticeNumber, url }));
        return;
      }
      case 'print-summary': {
        const language = lang === 'it' ? 'it' : 'en';
        const printed = this.#ports.services?.printSummary(effect.paid, language);
        this.#later(printed ?? Promise.resolve('failed' as const), (paper) => ({ type: 'summary', paper }));
        return;
      }
      case 'end-citizen':
        this.#dropLogin();
        this.#ports.logins?.end(effect.card);
        return;
      case 'call-person':
        this.#call(effect);
        return;
      case 'usage': {
        const now = this.#ports.clock.monotonic();
        if (effect.step === 'open') this.#visitStart = now;
        const durationMs = now - this.#visitStart;
        const { service, step: what } = effect;
        this.#ports.usage.use({ service, step: what, durationMs, lang, a11y });
        return;
      }
      case 'rating': {
        const { do: _, ...rating } = effect;
        this.#ports.usage.rate({ ...rating, lang });
      }
    }
  }

  /** Language and aids as they were when the act was done; already reset when it ended the session. */
  #citizen(): { lang: string; a11y: boolean } {
    const { preferences } = this.#snapshot;
    const aids = ['textScale', 'theme', 'lowered', 'listen', 'hand', 'calm', 'moreTime', 'abcKeys'] as const;
    return {
      lang: preferences.language,
      a11y: aids.some((aid) => preferences[aid] !== DEFAULT_PREFERENCES[aid]),
    };
  }

  #call({ call, screen, supportCode }: Extract<Effect, { do: 'call-person' }>): void {
    const { callPerson, log } = this.#ports;
    const { language } = this.#state.context.preferences;
    const request = { language, screen, ...(supportCode === undefined ? {} : { supportCode }) };
    const told = (reached: boolean) => {
      log('person-called', { reached });
      this.#dispatch({ type: 'called', call, reached });
    };
    (callPerson?.(request) ?? Promise.reject(new Error('no way to call'))).then(
      () => told(true),
      () => told(false),
    );
  }

  #tell(command: PaymentCommand): void {
    const payment = this.#payment?.payment;
    // what a payment left behind still does is no longer the citizen's page
    if (command.type === 'leave') this.#dropPayment();
    payment?.send(command);
  }

  #open(notice: Parameters<PaymentDesk['open']>[0]): void {
    try {
      const payment = this.#ports.desk.open(notice);
      const view = (): SessionEvent => {
        const { screen, money, interruptible } = payment;
        return { type: 'payment', view: { screen, money, interruptible } };
      };
      this.#payment = { payment, stop: payment.onChange(() => this.#dispatch(view())) };
      // before anything that waits: the chart must know the payment before it can be asked to leave it
      this.#queue.unshift(view());
    } catch (error) {
      if (!isJollyError(error)) throw error;
      this.#ports.log('payment-not-opened', { code: error.code });
      this.#queue.unshift({ type: 'payment.unavailable' });
    }
  }

  /** What an answer that comes later means; a failure of ours is no citizen's page and is not hidden either. */
  #later<T>(work: Promise<T>, event: (answer: T) => SessionEvent): void {
    work.then((answer) => this.#dispatch(event(answer)));
  }

  #openForm(service: string): void {
    this.#dropForm();
    const form = this.#ports.services?.open(service, this.#known());
    if (!form) {
      this.#queue.unshift({ type: 'form.unavailable' });
      return;
    }
    const view = (): SessionEvent => {
      const { screen, canGoBack, made } = form;
      return { type: 'form', view: { screen, canGoBack, made } };
    };
    this.#form = { form, stop: form.onChange(() => this.#dispatch(view())) };
    // before anything that waits: the chart must know the form before it can be asked to leave it
    this.#queue.unshift(view());
  }

  /** The citizen who is signed in, for what need not be asked again. */
  #known(): KnownCitizen | undefined {
    return this.#ports.logins?.signedIn?.session.reveal().citizen;
  }

  #dropForm(): void {
    this.#form?.stop();
    this.#form?.form.close();
    this.#form = undefined;
  }

  #servicesChanged(): void {
    const { services } = this.#ports;
    if (services) this.#dispatch({ type: 'services', services: services.services });
  }

  #openLogin(purpose: Parameters<LoginDesk['open']>[0]): void {
    const { logins } = this.#ports;
    if (!logins) return;
    this.#dropLogin();
    const login = logins.open(purpose);
    const view = (): SessionEvent => {
      const { screen, interruptible, canGoBack, another } = login;
      return { type: 'login', view: { screen, interruptible, canGoBack, another } };
    };
    this.#login = { login, stop: login.onChange(() => this.#dispatch(view())) };
    // before anything that waits: the chart must know the login before it can be asked to leave it
    this.#queue.unshift(view());
  }

  #tellLogin(command: LoginCommand): void {
    const login = this.#login?.login;
    if (command.type === 'leave') this.#dropLogin();
    login?.send(command);
  }

  #dropLogin(): void {
    this.#login?.stop();
    this.#login = undefined;
  }

  #readerChanged(): void {
    const { logins } = this.#ports;
    if (!logins) return;
    const { card, cardKind: kind, citizen } = logins;
    const before = this.#state.context;
    if (card === before.card && kind === before.cardKind && sameCitizen(citizen, before.citizen)) return;
    this.#dispatch({ type: 'reader', card, kind, citizen });
  }

  #dropPayment(): void {
    this.#payment?.stop();
    this.#payment = undefined;
  }

  /** Sets what the state asks of the world: the second that runs, the reader that listens. */
  #follow(): void {
    if (!ticking(this.#state)) {
      this.#cancelSecond?.();
      this.#cancelSecond = undefined;
    } else if (!this.#cancelSecond) {
      this.#cancelSecond = this.#ports.clock.after(1000, () => {
        this.#cancelSecond = undefined;
        this.#dispatch({ type: 'second' });
      });
    }
    const listen = wantsScan(this.#state);
    if (listen && !this.#stopScan) {
      this.#stopScan = this.#ports.barcode.listen((scan) => {
        this.#dispatch({ type: 'scanned', reading: readScan(scan.text) });
      });
    } else if (!listen && this.#stopScan) {
      this.#stopScan();
      this.#stopScan = undefined;
    }
  }

  #publish(): void {
    const before = this.#snapshot;
    const chart = snapshotOf(this.#state, this.#place, { seq: before.seq, at: before.at });
    const next = this.#enrolment ? { ...chart, screen: this.#enrolment } : chart;
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    this.#snapshot = { ...next, seq: before.seq + 1, at: this.#ports.clock.now() };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }
}

function sameCitizen(one: LoginDesk['citizen'], other: LoginDesk['citizen']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
