import type { NoticeKey } from '@jolly/contracts/notice';
import type {
  CardKind,
  Intent,
  IntentType,
  Limitation,
  LoginPurpose,
  NoticeView,
  PaidView,
  Preferences,
  ReceiptPaper,
} from '@jolly/contracts/terminal-channel';
import type { z } from 'zod';
import type { CardOnReader, CitizenLogin, CitizenView, LoginCommand } from '../citizens/index.ts';
import type { CitizenPayment, PaymentCommand } from '../payments/index.ts';
import type { CitizenForm, FormCommand, ServiceCard } from '../services/index.ts';
import type { ServiceView, SessionSettings } from './settings.ts';

/** An intent as the statechart hears it: `intent.consent`, so that whole families can be matched. */
export type IntentEvent = {
  [T in IntentType]: { readonly type: `intent.${T}` } & Omit<Extract<Intent, { type: T }>, 'type'>;
}[IntentType];

/** What the statechart may know of the payment in front of the citizen: a copy, never the payment itself. */
export type PaymentView = Pick<CitizenPayment, 'screen' | 'money' | 'interruptible'>;

/** The same of the login in front. */
export type LoginView = Pick<CitizenLogin, 'screen' | 'interruptible' | 'canGoBack' | 'another'>;

/** The same of the form in front. */
export type FormView = Pick<CitizenForm, 'screen' | 'canGoBack' | 'made'>;

/** A scanned code, already read: the text itself (a postal code carries the debtor's name) never comes here. */
export type Reading =
  | { readonly ok: true; readonly notice: NoticeKey }
  /** A citizen's preferences; undefined: the code says that it holds some, and is broken. */
  | { readonly ok: 'preferences'; readonly preferences: Preferences | undefined }
  | { readonly ok: false; readonly reason: string };

export type SessionEvent =
  | IntentEvent
  | { readonly type: 'scanned'; readonly reading: Reading }
  | { readonly type: 'payment'; readonly view: PaymentView }
  /** The desk would not open a payment. */
  | { readonly type: 'payment.unavailable' }
  | { readonly type: 'login'; readonly view: LoginView }
  /** What can be paid without a notice has changed. */
  | { readonly type: 'services'; readonly services: readonly ServiceCard[] }
  | { readonly type: 'form'; readonly view: FormView }
  /** The service is not offered any more. */
  | { readonly type: 'form.unavailable' }
  /** Where the notice can be paid on a phone; no address: not now. */
  | { readonly type: 'cart'; readonly noticeNumber: string; readonly url: string | undefined }
  | { readonly type: 'summary'; readonly paper: z.infer<typeof ReceiptPaper> }
  /** A card came or went, or the citizen is signed in, or no longer. */
  | {
      readonly type: 'reader';
      readonly card: CardOnReader;
      readonly kind?: CardKind | undefined;
      readonly citizen: CitizenView | undefined;
    }
  /** Settings that hold from now on. */
  | { readonly type: 'settings'; readonly settings: SessionSettings }
  | { readonly type: 'serving'; readonly serving: ServiceView }
  | { readonly type: 'limitations'; readonly limitations: readonly Limitation[] }
  /** What became of the call for a person with this number. */
  | { readonly type: 'called'; readonly call: number; readonly reached: boolean }
  /** The headset's plug. `used`: a session is under way, whose private pages are covered when the plug comes out. */
  | { readonly type: 'headset'; readonly plugged: boolean; readonly used: boolean }
  /** One second went by; sent only while `ticking`. */
  | { readonly type: 'second' }
  /** Raised by the chart itself when the countdown is over. */
  | { readonly type: 'idle.over' }
  /** Raised by the chart itself when a session was wiped. */
  | { readonly type: 'session.over' };

export type UsageStep = 'open' | 'use' | 'done' | 'abandon' | 'error';

/** What a transition asks of the world. Done in order, after the new state is in force. */
export type Effect =
  | { readonly do: 'open-payment'; readonly notice: NoticeKey }
  | { readonly do: 'command'; readonly command: PaymentCommand }
  | { readonly do: 'open-login'; readonly purpose: LoginPurpose }
  | { readonly do: 'login-command'; readonly command: LoginCommand }
  | { readonly do: 'open-form'; readonly service: string }
  | { readonly do: 'form-command'; readonly command: FormCommand }
  | { readonly do: 'ask-cart'; readonly notice: NoticeView }
  | { readonly do: 'print-summary'; readonly paid: readonly PaidView[] }
  /** The session is over for the card reader too: log out, forget, count what lies there as left, or as the next citizen's. */
  | { readonly do: 'end-citizen'; readonly card: 'left' | 'next' }
  /** Asks the office for a person; `called` tells what became of it. */
  | {
      readonly do: 'call-person';
      readonly call: number;
      readonly screen: string;
      readonly supportCode?: string;
    }
  | { readonly do: 'usage'; readonly service: string; readonly step: UsageStep }
  | {
      readonly do: 'rating';
      readonly service: string;
      readonly stars: number;
      readonly reason?: 'clarity' | 'completeness' | 'progress' | 'technical' | 'other';
    };
