import {
  type CardKind,
  DEFAULT_PREFERENCES,
  type Limitation,
  type PaidView,
  type Preferences,
  type RatingReason,
  type ReceiptPaper,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import type { z } from 'zod';
import type { CardOnReader, CitizenView } from '../citizens/index.ts';
import type { ServiceCard } from '../services/index.ts';
import type { FormView, LoginView, PaymentView } from './events.ts';
import type { ServiceView, SessionSettings } from './settings.ts';

export interface Typed {
  readonly notice: string;
  readonly creditor: string;
  readonly field: 'notice' | 'creditor';
}

/**
 * Everything here but `settings`, `serving`, `limitations`, `services`, `calls`, `headset`, `card` and its kind is forgotten at the end of a
 * session.
 */
export interface SessionContext {
  readonly settings: SessionSettings;
  readonly serving: ServiceView;
  readonly limitations: readonly Limitation[];
  readonly preferences: Preferences;
  /** What became of a code with preferences, and for how many seconds that is still shown. */
  readonly told: { readonly what: NonNullable<Snapshot['told']>; readonly left: number } | undefined;
  /** The call for a person of this session. */
  readonly call: { readonly number: number; readonly state: 'calling' | 'told' | 'not-reached' } | undefined;
  /** Calls since the terminal started: an answer that comes late is told from the next citizen's. */
  readonly calls: number;
  /** A headset is plugged in. */
  readonly headset: boolean;
  /** Listening was switched on by the headset's plug, and goes with it. */
  readonly jackListens: boolean;
  /** The headset was pulled out in the middle of this session, and the citizen has not yet said to go on without it. */
  readonly unplugged: boolean;
  /** Seconds since the last sign of the citizen. */
  readonly quiet: number;
  readonly secondsLeft: number;
  readonly goodbyeLeft: number;
  /** Why the last scan was refused. */
  readonly refused: string | undefined;
  readonly typed: Typed | undefined;
  readonly payment: PaymentView | undefined;
  readonly login: LoginView | undefined;
  /** Who is signed in: stays over all pages until the end of the session. */
  readonly citizen: CitizenView | undefined;
  readonly card: CardOnReader;
  /** Its kind, where it was looked at. */
  readonly cardKind: CardKind | undefined;
  /** The citizen wants to go, and the card is still at work. */
  readonly leaving: boolean;
  readonly cardLeft: number;
  /** The visit to a service that is counted: `ended` once done or failed, `used` once more than its first page was seen. */
  readonly visit: { readonly service: string; readonly ended: boolean; readonly used?: boolean } | undefined;
  /** What can be paid without a notice. */
  readonly services: readonly ServiceCard[];
  readonly servicesPage: number;
  /** The form in front, or the one of the notice that is being paid. */
  readonly form: FormView | undefined;
  /** What was paid since the citizen came. */
  readonly paid: readonly PaidView[];
  readonly summaryPaper: z.infer<typeof ReceiptPaper>;
  readonly summarySeen: boolean;
  /** The address for the phone, or that there is none. */
  readonly cart: { readonly url?: string; readonly problem?: boolean } | undefined;
  /** Name of the service on the "coming soon" page. */
  readonly service: string;
  readonly stars: number | undefined;
  readonly reason: z.infer<typeof RatingReason> | undefined;
}

export const PAYMENT_SERVICE = 'pagopa';
export const LOGIN_SERVICE = 'login';

/** What a payment, a login and their visits leave behind: wiped whenever home is reached, whoever goes on from there. */
export const NOTHING_PERSONAL = {
  refused: undefined,
  typed: undefined,
  form: undefined,
  paid: [],
  summaryPaper: 'skipped',
  summarySeen: false,
  cart: undefined,
  payment: undefined,
  login: undefined,
  leaving: false,
  visit: undefined,
  servicesPage: 1,
  service: '',
  stars: undefined,
  reason: undefined,
} as const satisfies Partial<SessionContext>;

/** A fresh terminal: nobody was ever here. */
export const FRESH = {
  ...NOTHING_PERSONAL,
  preferences: DEFAULT_PREFERENCES,
  told: undefined,
  call: undefined,
  unplugged: false,
  quiet: 0,
  secondsLeft: 0,
  goodbyeLeft: 0,
  cardLeft: 0,
  citizen: undefined,
} as const satisfies Partial<SessionContext>;

/** How many times as long a citizen's time limits are (accessibility-and-design.md 3, row 10). */
export const patienceOf = ({ preferences }: SessionContext): 1 | 3 => (preferences.moreTime ? 3 : 1);

/**
 * What is private is covered since the headset was pulled out: by what the session knows, whatever page is in front just now. A sum
 * that comes later, and a page that help hid, are covered like the one at which it happened.
 */
export const isCovered = ({ unplugged, payment, form, paid, citizen }: SessionContext): boolean =>
  unplugged && (payment !== undefined || form !== undefined || paid.length > 0 || citizen !== undefined);

/** Nobody is signed in, and language and aids are as a fresh terminal has them. */
export const isUntouched = ({ preferences, citizen, headset }: SessionContext): boolean =>
  citizen === undefined &&
  (Object.keys(DEFAULT_PREFERENCES) as (keyof Preferences)[]).every(
    (key) => preferences[key] === (key === 'listen' ? headset : DEFAULT_PREFERENCES[key]),
  );

/** Countdown in force: never under 20 s, longer for who asked for more time. */
export function countdownOf(context: SessionContext): number {
  return Math.max(20, context.settings.countdownSeconds) * patienceOf(context);
}

/** Limitations under which no payment can be started (screens.md 1, "honest before pretty"). */
const BLOCKING: ReadonlySet<Limitation> = new Set([
  'payments-offline',
  'pos-unavailable',
  'clock-wrong',
  'journal-unwritable',
  'power-failing',
  'door-open',
]);

export function blockingLimitation(limitations: readonly Limitation[]): Limitation | undefined {
  return limitations.find((limitation) => BLOCKING.has(limitation));
}
