import type { Intent } from '@jolly/contracts/terminal-channel';
import { and, initialTransition, type SnapshotFrom, stateIn, transition } from 'xstate';
import { listenByHand, takeHeadset, uncover } from './aids-parts.ts';
import { FRESH, isCovered, isUntouched } from './context.ts';
import type { Effect, IntentEvent, SessionEvent } from './events.ts';
import { flow } from './flow.ts';
import { cardLeftState } from './login-flow.ts';
import {
  endCitizen,
  followLogin,
  leaveLogin,
  lookAtCard,
  nextCitizen,
  openLogin,
  takeReader,
} from './login-parts.ts';
import {
  callPerson,
  countDown,
  endVisit,
  followPayment,
  goodbyeSecond,
  greeted,
  leavePayment,
  notQuiet,
  quietSecond,
  setPreference,
  startCountdown,
  startGoodbye,
  takeCall,
  takeLimitations,
  takePreferences,
  takeServing,
  takeSettings,
  tellBroken,
  toldSecond,
  wipe,
  words,
} from './parts.ts';
import { leaveForm, takeServices } from './service-parts.ts';
import type { SessionSettings } from './settings.ts';

const end = [leavePayment, leaveLogin, endVisit, endCitizen, ...wipe];

/** A page that comes by itself is not hidden: who shows a code wants to pay. */
const closesSheet = {
  'intent.leave': 'closed',
  'session.over': 'closed',
  scanned: 'closed',
  reader: { guard: 'cardLaid', target: 'closed', actions: takeReader },
} as const;

/** Ways out of a page beside the citizen's way: back to it, away from the terminal, or away because the machine goes on. */
const leavesAside = {
  'intent.back': 'main.before',
  'intent.leave': { target: 'goodbye', actions: [leavePayment, endVisit] },
  'intent.finish': { target: 'goodbye', actions: [leavePayment, endVisit] },
  payment: { guard: 'paying', target: 'main.before', actions: followPayment },
  login: [
    { guard: 'anotherCitizen', target: 'main.login', actions: [...nextCitizen] },
    { guard: 'loginTakesOver', target: 'main.before', actions: followLogin },
    { actions: followLogin },
  ],
} as const;

/**
 * The citizen's session. Four regions at once: `place` (which page), `presence` (is anybody there), `sheet` (languages or
 * aids over the page) and `news` (a code with preferences was shown). Pure: time comes as `second`, acts go out as effects.
 */
export const sessionMachine = words.createMachine({
  id: 'session',
  type: 'parallel',
  context: ({ input }) => ({
    ...FRESH,
    settings: input,
    serving: { mode: 'in-service' },
    limitations: [],
    services: [],
    calls: 0,
    card: 'none',
    cardKind: undefined,
    headset: false,
    jackListens: false,
  }),
  on: {
    limitations: { actions: takeLimitations },
    services: { actions: takeServices },
    settings: { actions: takeSettings },
    serving: { actions: takeServing },
    reader: { actions: takeReader },
    'intent.set-language': { actions: setPreference },
    'intent.toggle-text-size': { actions: setPreference },
    'intent.toggle-contrast': { actions: setPreference },
    'intent.toggle-lowered': { actions: setPreference },
    'intent.toggle-listen': { actions: [setPreference, listenByHand] },
    'intent.set-theme': { actions: setPreference },
    'intent.set-hand': { actions: setPreference },
    'intent.set-speed': { actions: setPreference },
    'intent.volume': { actions: setPreference },
    'intent.toggle-calm': { actions: setPreference },
    'intent.toggle-more-time': { actions: setPreference },
    'intent.toggle-abc-keys': { actions: setPreference },
    called: { guard: 'callInFront', actions: takeCall },
    'intent.uncover': { guard: 'covered', actions: uncover },
    headset: { actions: takeHeadset },
  },
  states: {
    place: {
      initial: 'main',
      on: {
        'idle.over': [
          { guard: 'cardLies', target: '.cardLeft', actions: [leavePayment, leaveLogin, endVisit] },
          { target: '.main.home', actions: end },
        ],
        'intent.start-over': [
          {
            guard: and(['interruptible', 'cardLies']),
            target: '.cardLeft',
            actions: [leavePayment, leaveLogin, endVisit],
          },
          { guard: 'interruptible', target: '.main.home', actions: end },
        ],
      },
      states: {
        main: {
          ...flow,
          on: {
            'intent.help': { guard: 'idle', target: 'help' },
            'intent.show-preferences-code': { guard: 'idle', target: 'preferencesCode' },
            'intent.show-statement': { guard: 'idle', target: 'statement' },
            'intent.read-news': { guard: 'newsThere', target: 'cityNews' },
            'intent.leave': { guard: 'interruptible', target: 'goodbye', actions: [leavePayment, endVisit] },
          },
        },
        /** Help keeps the page it was asked on; a payment that goes on by itself takes the screen back. */
        help: {
          always: lookAtCard,
          on: {
            ...leavesAside,
            'intent.show-preferences-code': 'preferencesCode',
            'intent.show-statement': 'statement',
            'intent.call-person': { guard: 'mayCall', actions: callPerson },
          },
        },
        /** So does the page with the preferences as a code. */
        preferencesCode: {
          always: lookAtCard,
          on: { ...leavesAside, 'intent.help': 'help' },
        },
        /** And the page with the accessibility statement. */
        statement: {
          always: lookAtCard,
          on: { ...leavesAside, 'intent.help': 'help', 'intent.show-preferences-code': 'preferencesCode' },
        },
        /** And the municipality's notice. */
        cityNews: { always: lookAtCard, on: { ...leavesAside, 'intent.help': 'help' } },
        goodbye: {
          entry: [startGoodbye, leaveLogin, leaveForm, endCitizen],
          always: { guard: 'cardLies', target: 'cardLeft' },
          on: {
            second: [
              { guard: 'goodbyeOver', target: 'main.home', actions: [...wipe] },
              { actions: goodbyeSecond },
            ],
            // the next citizen need not wait for the end of another's goodbye
            reader: [
              {
                guard: 'signsInByCard',
                target: 'main.login',
                actions: [takeReader, ...wipe, openLogin('sign-in')],
              },
              { actions: takeReader },
            ],
            'intent.leave': { target: 'main.home', actions: [...wipe] },
            'intent.finish': { target: 'main.home', actions: [...wipe] },
          },
        },
        cardLeft: cardLeftState,
        outOfService: {
          entry: endCitizen,
          always: { guard: 'running', target: 'main.home' },
          on: { 'idle.over': { actions: [...wipe] } },
        },
      },
    },
    presence: {
      initial: 'watching',
      states: {
        watching: {
          entry: notQuiet,
          on: {
            'intent.touched': { actions: notQuiet },
            headset: { actions: [takeHeadset, notQuiet] },
            reader: { guard: 'cardLaid', actions: [takeReader, notQuiet] },
            second: [
              { guard: stateIn({ place: 'goodbye' }) },
              { guard: stateIn({ place: 'cardLeft' }) },
              { guard: 'working', actions: notQuiet },
              { guard: 'noLongerQuiet', actions: quietSecond },
              { target: 'warned' },
            ],
          },
        },
        /** The warning is seen, heard and lit; only its own buttons take it away (a touch beside them does not). */
        warned: {
          entry: startCountdown,
          // a job that starts by itself (the card is asked for) runs without limit
          always: { guard: 'working', target: 'watching' },
          on: {
            second: [
              { guard: 'lastSecond', target: 'watching', actions: words.raise({ type: 'idle.over' }) },
              { actions: countDown },
            ],
            'intent.still-here': 'watching',
            reader: { guard: 'cardLaid', target: 'watching', actions: takeReader },
            'intent.more-time': { target: 'watching', actions: setPreference },
            // the sheet with all aids: who opens it is there
            'intent.open-aids': 'watching',
            'intent.leave': 'watching',
            'session.over': 'watching',
            // an aid was touched: somebody is there, and needs the warning larger, not gone
            'intent.set-language': { actions: [startCountdown, setPreference] },
            'intent.toggle-text-size': { actions: [startCountdown, setPreference] },
            'intent.toggle-contrast': { actions: [startCountdown, setPreference] },
            'intent.toggle-lowered': { actions: [startCountdown, setPreference] },
            'intent.toggle-listen': { actions: [startCountdown, setPreference, listenByHand] },
            'intent.volume': { actions: [startCountdown, setPreference] },
            'intent.set-speed': { actions: [startCountdown, setPreference] },
            headset: { actions: [startCountdown, takeHeadset] },
          },
        },
      },
    },
    sheet: {
      initial: 'closed',
      states: {
        closed: { on: { 'intent.open-languages': 'languages', 'intent.open-aids': 'aids' } },
        languages: {
          on: {
            ...closesSheet,
            'intent.close-languages': 'closed',
            'intent.set-language': { target: 'closed', actions: setPreference },
            'intent.open-aids': 'aids',
          },
        },
        /** Stays open while one thing after another is tried. */
        aids: {
          on: { ...closesSheet, 'intent.close-aids': 'closed', 'intent.show-preferences-code': 'closed' },
        },
      },
    },
    news: {
      on: {
        scanned: [
          { guard: 'preferencesRead', actions: takePreferences },
          { guard: 'ofPreferences', actions: tellBroken },
        ],
        second: { guard: 'telling', actions: toldSecond },
      },
    },
  },
});

export type SessionState = SnapshotFrom<typeof sessionMachine>;

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

const effectsOf = (actions: readonly { readonly type: string; readonly params?: unknown }[]): Effect[] =>
  actions.filter((action) => action.type === 'effect').map((action) => action.params as Effect);

export function startSession(settings: SessionSettings): Step {
  const [state, actions] = initialTransition(sessionMachine, settings);
  return { state, effects: effectsOf(actions) };
}

/** One event: the next state and what is to be done, in order. Never throws on any event of the types. */
export function step(state: SessionState, event: SessionEvent): Step {
  const [next, actions] = transition(sessionMachine, state, event);
  return { state: next, effects: effectsOf(actions) };
}

const AIDS: ReadonlySet<Intent['type']> = new Set([
  'toggle-text-size',
  'toggle-contrast',
  'toggle-lowered',
  'toggle-listen',
  'set-language',
  'set-theme',
  'set-hand',
  'set-speed',
  'volume',
  'toggle-calm',
  'toggle-more-time',
  'toggle-abc-keys',
  'open-aids',
  'leave',
  'start-over',
]);

const OF_SHEETS: ReadonlySet<Intent['type']> = new Set([
  'close-languages',
  'close-aids',
  'show-preferences-code',
  'touched',
]);

/**
 * What an intent means just now, or undefined when the present page does not know it. A warning or a sheet covers the page:
 * what comes from under it is a touch meant for something that is no longer there.
 */
export function eventOf(state: SessionState, intent: Intent): IntentEvent | undefined {
  if (isWarned(state)) {
    if (!AIDS.has(intent.type) && intent.type !== 'still-here' && intent.type !== 'more-time')
      return undefined;
  } else if (covers(state)) {
    if (!AIDS.has(intent.type) && intent.type !== 'uncover' && intent.type !== 'touched') return undefined;
  } else if (!state.matches({ sheet: 'closed' })) {
    if (intent.type === 'back') {
      return eventOf(state, {
        type: state.matches({ sheet: 'aids' }) ? 'close-aids' : 'close-languages',
      });
    }
    if (!AIDS.has(intent.type) && !OF_SHEETS.has(intent.type)) return undefined;
  }
  const { type, ...rest } = intent;
  const event = { type: `intent.${type}`, ...rest } as IntentEvent;
  return state.can(event) ? event : undefined;
}

/** The session has ended, and its last page still stands there. */
const isOver = (state: SessionState): boolean =>
  state.matches({ place: 'goodbye' }) || state.matches({ place: 'cardLeft' });

/** What is private is covered; the last page of a session shows nothing of it. */
export const covers = (state: SessionState): boolean => isCovered(state.context) && !isOver(state);

export const isWarned = (state: SessionState): boolean => state.matches({ presence: 'warned' });

/** Somebody is (or was just) there: pages, aids or a sheet are not as a fresh terminal has them. */
export function inSession(state: SessionState): boolean {
  if (isOver(state)) return false;
  const resting = state.matches({ place: { main: 'home' } }) || state.matches({ place: 'outOfService' });
  return !resting || !isUntouched(state.context) || !state.matches({ sheet: 'closed' });
}

/** Whether `second` events are due. */
export const ticking = (state: SessionState): boolean =>
  inSession(state) || isOver(state) || state.context.told !== undefined;

/** The page that asks for secret digits is in front, and nothing covers it. */
export const asksSecret = (state: SessionState): boolean =>
  !isWarned(state) &&
  !covers(state) &&
  state.matches({ sheet: 'closed' }) &&
  state.matches({ place: { main: 'login' } }) &&
  state.context.login?.screen.name === 'login-secret';

/** The barcode reader listens only on pages that ask for a code (barcode.md 1.1). */
export const wantsScan = (state: SessionState): boolean =>
  !isWarned(state) &&
  !covers(state) &&
  (state.matches({ place: { main: 'home' } }) ||
    state.matches({ place: { main: 'payScan' } }) ||
    (state.matches({ place: { main: 'login' } }) && greeted(state.context)));
