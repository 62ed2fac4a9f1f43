import type {
  LoginAction,
  LoginProblemKind,
  LoginPurpose,
  SecretField,
} from '@jolly/contracts/terminal-channel';
import type { LookedAt, Presence } from '@jolly/drivers/card';
import type { LoginSettings } from '../port.ts';
import { fieldsOf } from './fields.ts';
import { AT_READER, problemOf } from './problems.ts';
import {
  type CardOfCitizen,
  type Effect,
  type LoginEvent,
  type LoginState,
  type Notice,
  type Phase,
  signsIn,
} from './state.ts';
import { cleared, counted, lost as lostTry, mayBeLast } from './tries.ts';
import { offeredBy } from './ways.ts';

export interface Step {
  readonly state: LoginState;
  readonly effects: readonly Effect[];
}

const METHOD = { cie: 'cie-card-local', cns: 'cns-card-local' } as const;

/** Steps of the card's work before it has said how many there are. */
const FIRST_GUESS = 6;

/** Phases in which the server is asked. */
const ASKING: ReadonlySet<Phase['at']> = new Set(['challenge', 'renewing', 'proving']);

export interface LoginStart {
  readonly settings: LoginSettings;
  readonly purpose: LoginPurpose;
  readonly presence: Presence;
  readonly stale: boolean;
  readonly tries: LoginState['tries'];
  readonly signedIn: CardOfCitizen | undefined;
  readonly seen: LoginState['seen'];
}

export function startLogin(start: LoginStart): Step {
  const state: LoginState = {
    ...start,
    phase: { at: 'card', stage: 'waiting' },
    card: undefined,
    expected: undefined,
  };
  return approach(state, 'waiting');
}

/** One event: the next state and what is to be done. An event that means nothing in the present phase changes nothing. */
export function transition(state: LoginState, event: LoginEvent): Step {
  const { phase } = state;
  switch (event.type) {
    case 'presence':
      return meet(moved({ ...state, presence: event.presence, stale: event.stale }));
    case 'choose':
      return offeredBy(state).includes(event.action) ? choose(state, event.action) : only(state);
    case 'back':
      if (phase.at === 'other-ways') return approach(state, 'waiting');
      return backToGreeting(state)
        ? recognise(to({ ...state, purpose: 'sign-in' }, { at: 'signed-in' }))
        : only(state);
    case 'stepped':
      return only(progress(state, event));
    case 'looked':
      return phase.at === 'looking' ? looked(state, event.card) : only(state);
    case 'challenged':
      if (phase.at === 'challenge') return here(state) ? ask(state) : gone(state);
      return phase.at === 'renewing' ? act(state) : only(state);
    case 'refused':
      return only(ASKING.has(phase.at) ? problem(state, event.kind, event.code) : state);
    case 'entered':
      return only(phase.at === 'secret' ? to(state, { ...phase, entered: event.count }) : state);
    case 'submitted':
      return phase.at === 'secret' ? submitted(state, phase, event) : only(state);
    case 'acted':
      return phase.at === 'acting' ? acted(state, phase.of) : only(state);
    case 'failed':
      return failed(state, event);
    case 'verified':
      return phase.at === 'proving' ? verified(state) : only(state);
    case 'expired':
      return only({ ...state, signedIn: undefined });
  }
}

const only = (state: LoginState): Step => ({ state, effects: [] });
const to = (state: LoginState, phase: Phase): LoginState => ({ ...state, phase });

/** The card that was looked at still lies there, unmoved. */
const here = ({ card, presence }: LoginState): boolean =>
  presence.state === 'one' && presence.insertion === card?.insertion;

/** What lies there may be another's card than that of the citizen who is signed in. */
const unseen = ({ signedIn, presence }: LoginState): boolean =>
  signedIn !== undefined &&
  presence.state !== 'none' &&
  presence.state !== 'unavailable' &&
  !(presence.state === 'one' && presence.insertion === signedIn.insertion);

/** The citizen's card that has moved is no longer known to be theirs. */
function moved(state: LoginState): LoginState {
  const { signedIn, presence } = state;
  if (signedIn === undefined || (presence.state === 'one' && presence.insertion === signedIn.insertion))
    return state;
  return { ...state, signedIn: { ...signedIn, insertion: undefined } };
}

function problem(state: LoginState, kind: LoginProblemKind, code: string): LoginState {
  const { presence } = state;
  const insertion = presence.state === 'one' ? presence.insertion : undefined;
  return to(state, { at: 'problem', kind, code, insertion });
}

/** No card lies there: one is asked for, but of a citizen who is signed in already. */
function empty(state: LoginState, stage: 'waiting' | 'again'): LoginState {
  if (state.signedIn && signsIn(state.purpose)) return to(state, { at: 'signed-in' });
  return to(state, { at: 'card', stage });
}

/** Who is signed in turns away from a PIN service, and is greeted again. */
export const backToGreeting = ({ signedIn, purpose, phase }: LoginState): boolean =>
  signedIn !== undefined && !signsIn(purpose) && phase.at !== 'acting' && phase.at !== 'pin-done';

/** A card that may be another's is looked at before the citizen who is signed in goes on. */
const recognise = (state: LoginState): Step =>
  unseen(state) ? approach({ ...state, purpose: 'sign-in' }, 'waiting') : only(state);

/** Goes to the card, whatever lies there. `again`: the citizen was told already what is wrong with it. */
function approach(state: LoginState, stage: 'waiting' | 'again'): Step {
  const { presence, stale } = state;
  switch (presence.state) {
    case 'none':
      return only(empty(state, stage));
    case 'unavailable':
      return only(problem(state, 'reader-unavailable', 'READER_LOST'));
    case 'one':
      return stale ? only(to(state, { at: 'card', stage: 'take-off' })) : look(state);
    default:
      if (stale || stage === 'again') return only(to(state, { at: 'card', stage: 'take-off' }));
      return only(
        presence.state === 'several'
          ? problem(state, 'card-two', 'CARD_TWO')
          : problem(state, 'card-unreadable', 'CARD_MUTE'),
      );
  }
}

const look = (state: LoginState): Step => ({
  state: { ...to(state, { at: 'looking', done: 0, of: 2 }), card: undefined },
  effects: [{ do: 'look' }],
});

/** Cards came or went. While the card works its own answer says what happened; nothing is decided here. */
function meet(state: LoginState): Step {
  const { phase, presence, stale } = state;
  switch (phase.at) {
    case 'card': {
      if (phase.stage !== 'take-off') return approach(state, phase.stage);
      if (presence.state === 'none') return only(empty(state, 'waiting'));
      // one of two was lifted, or another was put down in place of the old one
      return presence.state === 'one' && !stale ? look(state) : only(state);
    }
    case 'challenge':
    case 'secret':
    case 'last-try':
    case 'renewing':
      return here(state) ? only(state) : gone(state);
    case 'problem': {
      const fresh = presence.state === 'one' && !stale && presence.insertion !== phase.insertion;
      const oneOfTwo = phase.kind === 'card-two' && presence.state === 'one' && !stale;
      if (AT_READER.has(phase.kind) && (fresh || oneOfTwo)) return look(state);
      // lifted and laid again is laid anew, whatever number it gets
      if (presence.state === 'none') return only(to(state, { ...phase, insertion: undefined }));
      return fresh ? recognise(state) : only(state);
    }
    case 'signed-in':
    case 'pin-done':
    case 'other-ways':
      return recognise(state);
    default:
      return only(state);
  }
}

/** The card left in the middle. */
function gone(state: LoginState): Step {
  const expected = state.card?.sameness ?? state.expected;
  const waiting = { ...state, expected };
  if (state.presence.state === 'unavailable')
    return only(problem(waiting, 'reader-unavailable', 'READER_LOST'));
  if (state.presence.state === 'several') return only(problem(waiting, 'card-two', 'CARD_TWO'));
  return only(problem(waiting, 'card-removed', 'CARD_REMOVED'));
}

function progress(
  state: LoginState,
  { step, done, of, secondsLeft }: Extract<LoginEvent, { type: 'stepped' }>,
): LoginState {
  if (state.phase.at === 'looking') return to(state, { at: 'looking', done, of, secondsLeft });
  if (state.phase.at !== 'acting') return state;
  // the server's word is a step too
  return to(state, { at: 'acting', step, done, of: of + (signsIn(state.purpose) ? 1 : 0) });
}

function looked(before: LoginState, card: LookedAt): Step {
  const { expected, settings, purpose } = before;
  const { kind, insertion } = card;
  const seen = { ...before, card, seen: { kind, insertion }, expected: undefined };
  if (!here(seen)) return gone(seen);
  const state = theirs(seen, card);
  if (!state) return only(to(seen, { at: 'another' }));
  if (state.signedIn && signsIn(purpose)) return only(to(state, { at: 'signed-in' }));
  if (expected !== undefined && expected !== card.sameness)
    return only(problem(state, 'card-other', 'CARD_OTHER'));
  const method = METHOD[card.kind];
  const takes = purpose === 'sign-in' || card.kind === 'cie';
  if (!takes || (signsIn(purpose) && !settings.methods.includes(method)))
    return only(problem(state, 'method-not-accepted', 'METHOD_NOT_ACCEPTED'));
  if (!signsIn(purpose)) return ask(state);
  const of = before.phase.at === 'looking' ? before.phase.of : 1;
  return {
    state: to(state, { at: 'challenge', of }),
    effects: [{ do: 'challenge', method, level: levelOf(purpose) }],
  };
}

/** The card is that of the citizen who is signed in, or nobody is; undefined when it is another's. */
function theirs(state: LoginState, { sameness, insertion }: LookedAt): LoginState | undefined {
  const { signedIn } = state;
  if (signedIn === undefined) return state;
  return signedIn.sameness === sameness ? { ...state, signedIn: { ...signedIn, insertion } } : undefined;
}

/** Greets; a card that came while the server judged may be another's. */
function verified(state: LoginState): Step {
  const { card } = state;
  if (!card) return approach(state, 'again');
  const { kind, sameness, insertion } = card;
  return recognise(to(moved({ ...state, signedIn: { kind, sameness, insertion } }), { at: 'signed-in' }));
}

const levelOf = (purpose: LoginPurpose) => (purpose === 'sign-in-without-pin' ? 'card' : 'pin');

/** Asks for the first field; before the last try only once the citizen has said that they want it. */
function ask(state: LoginState, notice?: Notice, confirmed = false): Step {
  if (!state.card) return approach(state, 'again');
  const [field] = fieldsOf(state.purpose, state.card.kind);
  const why = notice === undefined ? {} : { notice };
  if (mayBeLast(state, field) && !confirmed) return only(to(state, { at: 'last-try', field, ...why }));
  return {
    state: to(state, { at: 'secret', field, entered: 0, ...why }),
    effects: [{ do: 'ask', field, fresh: true }],
  };
}

function submitted(
  state: LoginState,
  { field }: Extract<Phase, { at: 'secret' }>,
  { fault, challengeGood }: Extract<LoginEvent, { type: 'submitted' }>,
): Step {
  if (!state.card) return approach(state, 'again');
  const fields = fieldsOf(state.purpose, state.card.kind);
  if (fault) return askNext(state, 'cie-new-pin', fault);
  const next = fields[fields.indexOf(field) + 1];
  if (next) return askNext(state, next);
  if (!signsIn(state.purpose) || challengeGood) return act(state);
  return {
    state: to(state, { at: 'renewing' }),
    effects: [{ do: 'challenge', method: METHOD[state.card.kind], level: levelOf(state.purpose) }],
  };
}

const askNext = (state: LoginState, field: SecretField, notice?: Notice): Step => ({
  state: to(state, { at: 'secret', field, entered: 0, ...(notice === undefined ? {} : { notice }) }),
  effects: [{ do: 'ask', field, fresh: false }],
});

function act(state: LoginState): Step {
  const { card, purpose } = state;
  if (!card) return approach(state, 'again');
  return {
    state: to(state, { at: 'acting', step: 'channel', done: 0, of: FIRST_GUESS }),
    effects: [{ do: 'act', purpose, card }],
  };
}

function acted(before: LoginState, of: number): Step {
  const { card, purpose } = before;
  if (!card) return approach(before, 'again');
  const state = cleared(before, fieldsOf(purpose, card.kind)[0]);
  if (signsIn(purpose)) return { state: to(state, { at: 'proving', of }), effects: [{ do: 'prove' }] };
  if (purpose === 'change-pin') return only(to(state, { at: 'pin-done', what: 'changed' }));
  return only(to(cleared(state, 'cie-pin'), { at: 'pin-done', what: 'unblocked' }));
}

function failed(state: LoginState, { code, triesLeft }: Extract<LoginEvent, { type: 'failed' }>): Step {
  const { card, purpose, phase } = state;
  if (phase.at !== 'acting' && phase.at !== 'looking') return only(state);
  if (phase.at === 'looking' || !card) return only(problem(state, problemOf(code), code));
  const [field] = fieldsOf(purpose, card.kind);
  switch (code) {
    case 'PIN_WRONG':
    case 'PUK_WRONG': {
      if (triesLeft === 0) {
        const kind = code === 'PIN_WRONG' ? 'pin-blocked' : 'puk-blocked';
        return only(problem(state, kind, code));
      }
      const known = counted(state, field, triesLeft);
      return here(known) ? ask(known, 'wrong') : gone(known);
    }
    case 'SECRET_MALFORMED':
      return ask(state);
    case 'PIN_UNCERTAIN':
      return only(problem(lostTry(state, field), 'pin-uncertain', code));
    case 'CARD_REMOVED':
      return only(problem({ ...state, expected: card.sameness }, 'card-removed', code));
    default:
      return only(problem(state, problemOf(code), code));
  }
}

function choose(state: LoginState, action: LoginAction): Step {
  switch (action) {
    case 'try-again':
      return approach(state, 'again');
    case 'no-card':
    case 'forgot-pin':
      return only(to(state, { at: 'other-ways', about: action }));
    case 'confirm-last-try':
      return state.phase.at === 'last-try' ? ask(state, state.phase.notice, true) : only(state);
    case 'unblock-pin':
    case 'change-pin':
      return approach({ ...state, purpose: action }, 'waiting');
    case 'without-pin':
      return approach({ ...state, purpose: 'sign-in-without-pin' }, 'waiting');
    case 'continue':
      // an unblocked card is what the citizen came to sign in with
      return state.phase.at === 'pin-done' && !state.signedIn
        ? approach({ ...state, purpose: 'sign-in' }, 'waiting')
        : only(state);
    default:
      // finish and help lead out of the login: the session's
      return only(state);
  }
}
