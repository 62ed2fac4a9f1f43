import type { LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import type {
  LoginAction,
  LoginProblemKind,
  LoginPurpose,
  SecretField,
} from '@jolly/contracts/terminal-channel';
import type { CardKind, CardStep, LookedAt, Presence } from '@jolly/drivers/card';
import type { PinFault } from '../new-pin.ts';
import type { LoginSettings } from '../port.ts';

/** Why a field is asked again. */
export type Notice = 'wrong' | PinFault;

/** Where a login is. `looking`, `challenge`, `renewing`, `acting` and `proving` have work under way, the others wait. */
export type Phase =
  | { readonly at: 'card'; readonly stage: 'waiting' | 'again' | 'take-off' }
  | {
      readonly at: 'looking';
      readonly done: number;
      readonly of: number;
      readonly secondsLeft?: number | undefined;
    }
  /** The server is asked before the PIN is: nobody types for nothing. */
  | { readonly at: 'challenge'; readonly of: number }
  | {
      readonly at: 'secret';
      readonly field: SecretField;
      readonly entered: number;
      readonly notice?: Notice;
    }
  | { readonly at: 'last-try'; readonly field: SecretField; readonly notice?: Notice }
  /** The challenge grew old while the PIN was typed; the PIN is still here, and still unsent. */
  | { readonly at: 'renewing' }
  | { readonly at: 'acting'; readonly step: CardStep; readonly done: number; readonly of: number }
  | { readonly at: 'proving'; readonly of: number }
  | { readonly at: 'signed-in' }
  /** The card that lies there is not the signed-in citizen's: their session is over, and this login with it. */
  | { readonly at: 'another' }
  | { readonly at: 'pin-done'; readonly what: 'changed' | 'unblocked' }
  | {
      readonly at: 'problem';
      readonly kind: LoginProblemKind;
      readonly code: string;
      /** The card that lay there then: another one, or the same laid anew, goes on by itself. */
      readonly insertion: number | undefined;
    }
  | { readonly at: 'other-ways'; readonly about: 'no-card' | 'forgot-pin' };

/** What is known of one counter of a card. */
export interface Tries {
  /** So many at most, the last one included: every try that may have counted is taken off. */
  readonly left: number;
  /** The card itself said the number, in this session; else it is not shown. */
  readonly told: boolean;
}

export type TriesOfCard = Readonly<Partial<Record<SecretField, Tries>>>;

/** By `sameness`. */
export type TriesOfCards = Readonly<Record<string, TriesOfCard>>;

export interface LoginState {
  readonly settings: LoginSettings;
  readonly purpose: LoginPurpose;
  readonly phase: Phase;
  readonly presence: Presence;
  /** What lies there lay there before the citizen came. */
  readonly stale: boolean;
  /** The card that was looked at in this login. */
  readonly card: LookedAt | undefined;
  /** It went away in the middle: the next one should be the same. */
  readonly expected: string | undefined;
  readonly tries: TriesOfCards;
  readonly signedIn: CardOfCitizen | undefined;
  /** The last card that was looked at, also in an earlier login: its kind is shown while it lies there. */
  readonly seen: KnownKind | undefined;
}

/** What is kept of a card that was looked at, until it moves. */
export type KnownKind = Pick<LookedAt, 'kind' | 'insertion'>;

/** The kind of what lies there, once that is known. */
export const kindOf = (seen: KnownKind | undefined, presence: Presence): CardKind | undefined =>
  presence.state === 'one' && presence.insertion === seen?.insertion ? seen.kind : undefined;

/** The card with which the citizen is signed in. */
export interface CardOfCitizen {
  readonly kind: CardKind;
  readonly sameness: string;
  /** Where it was last seen, until it moves: any other insertion may be another's card. */
  readonly insertion: number | undefined;
}

export type LoginEvent =
  | { readonly type: 'presence'; readonly presence: Presence; readonly stale: boolean }
  | {
      readonly type: 'stepped';
      readonly step: CardStep;
      readonly done: number;
      readonly of: number;
      readonly secondsLeft?: number | undefined;
    }
  | { readonly type: 'looked'; readonly card: LookedAt }
  | { readonly type: 'challenged' }
  /** The server said no, or nothing. */
  | { readonly type: 'refused'; readonly kind: LoginProblemKind; readonly code: string }
  | { readonly type: 'entered'; readonly count: number }
  | { readonly type: 'submitted'; readonly fault?: PinFault; readonly challengeGood: boolean }
  /** The card did what it was asked. */
  | { readonly type: 'acted' }
  /** The card did not; `code` of `cardError`. */
  | { readonly type: 'failed'; readonly code: string; readonly triesLeft?: number }
  | { readonly type: 'verified' }
  /** The citizen's session has ended at the server. */
  | { readonly type: 'expired' }
  | { readonly type: 'choose'; readonly action: LoginAction }
  | { readonly type: 'back' };

/** What a transition asks of the world. */
export type Effect =
  | { readonly do: 'look' }
  | { readonly do: 'challenge'; readonly method: LoginMethod; readonly level: LoginLevel }
  /** Opens the field, empty. `fresh`: the others are wiped too. */
  | { readonly do: 'ask'; readonly field: SecretField; readonly fresh: boolean }
  | { readonly do: 'act'; readonly purpose: LoginPurpose; readonly card: LookedAt }
  | { readonly do: 'prove' };

export const signsIn = (purpose: LoginPurpose): boolean =>
  purpose === 'sign-in' || purpose === 'sign-in-without-pin';

const WORKING: ReadonlySet<Phase['at']> = new Set(['looking', 'challenge', 'renewing', 'acting', 'proving']);

/** Terminal, card or server is at work, and the citizen waits. */
export const working = ({ at }: Phase): boolean => WORKING.has(at);
