import type { Limitation, Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import { FIXED_LAYOUT } from '../citizens/index.ts';
import type { RuntimeConfig } from '../config/index.ts';
import { blockingLimitation, countdownOf, PAYMENT_SERVICE, type SessionContext } from './context.ts';
import { inSession, isWarned, type SessionState } from './machine.ts';
import { checkTyped } from './typing.ts';

type Place = Snapshot['place'];

/** The municipality as the screen shows it. */
export function placeOf(config: RuntimeConfig, voice = false): Place {
  const { terminalId, city, site, creditorTaxCode, timeZone, hints } = config;
  return {
    terminalId,
    city,
    site,
    creditorTaxCode,
    timeZone,
    hints,
    demo: config.mode === 'demo',
    languages: config.languages,
    voice,
    ...(config.helpPhone === undefined ? {} : { helpPhone: config.helpPhone }),
    signIn: config.devices.card !== undefined,
  };
}

/** The bad-news page of a payment that cannot even start; nothing was charged. */
function blockedScreen(context: SessionContext, place: Place): Screen {
  const because = blockingLimitation(context.limitations);
  const kinds = {
    'payments-offline': 'network-down',
    'pos-unavailable': 'pos-unavailable',
    'clock-wrong': 'service-unavailable',
    'journal-unwritable': 'service-unavailable',
  } as const;
  return {
    name: 'problem',
    kind: because !== undefined && because in kinds ? kinds[because as keyof typeof kinds] : 'unexpected',
    money: 'nothing-charged',
    supportCode: `${place.terminalId}-${because ?? 'no-payment'}`.toUpperCase(),
    actions: ['finish', 'help'],
  };
}

function paymentScreen({ payment, stars }: SessionContext): Screen {
  // the desk's first screen comes with the very next event
  if (!payment) return { name: 'pay-verifying' };
  return payment.screen.name === 'pay-done' && stars !== undefined
    ? { ...payment.screen, stars }
    : payment.screen;
}

/** The pad lies as every pad does while the page is read aloud: who listens cannot look where the digits are. */
function loginScreen({ login, preferences }: SessionContext): Screen {
  // the desk's first screen comes with the very next event
  if (!login) return { name: 'login-card', purpose: 'sign-in', stage: 'waiting', actions: [] };
  const { screen } = login;
  return screen.name === 'login-secret' && preferences.listen
    ? { ...screen, layout: [...FIXED_LAYOUT] }
    : screen;
}

function supportCodeOf({ payment, login, visit }: SessionContext): { supportCode?: string } {
  if (login?.screen.name === 'login-problem') return { supportCode: login.screen.supportCode };
  const screen = payment?.screen;
  return visit?.service === PAYMENT_SERVICE && screen?.name === 'problem'
    ? { supportCode: screen.supportCode }
    : {};
}

/** The page that the state shows. */
export function screenOf(state: SessionState, place: Place): Screen {
  const { context } = state;
  if (state.matches({ place: 'goodbye' })) return { name: 'goodbye' };
  if (state.matches({ place: 'cardLeft' })) {
    return {
      name: 'card-left',
      secondsLeft: context.cardLeft,
      secondsTotal: context.settings.cardLeftSeconds,
      ...(context.cardKind === undefined ? {} : { card: context.cardKind }),
    };
  }
  if (state.matches({ place: 'outOfService' })) {
    return { name: 'out-of-service', code: `${place.terminalId}-JOURNAL`.toUpperCase() };
  }
  if (state.matches({ place: 'help' })) return { name: 'help', ...supportCodeOf(context) };
  if (state.matches({ place: { main: 'comingSoon' } })) {
    return { name: 'coming-soon', service: context.service };
  }
  if (state.matches({ place: { main: 'payBlocked' } })) return blockedScreen(context, place);
  if (state.matches({ place: { main: 'payScan' } })) {
    return { name: 'pay-scan', ...(context.refused === undefined ? {} : { refused: context.refused }) };
  }
  if (state.matches({ place: { main: 'payType' } }) && context.typed) {
    const { notice, creditor, field } = context.typed;
    const check = checkTyped(context.typed, context.settings.creditorTaxCode);
    return { name: 'pay-type', noticeDigits: notice, creditorDigits: creditor, field, ...check };
  }
  if (state.matches({ place: { main: 'rating' } }) && context.stars !== undefined) {
    return { name: 'rating-reason', stars: context.stars };
  }
  if (state.matches({ place: { main: 'payment' } })) return paymentScreen(context);
  if (state.matches({ place: { main: 'login' } })) return loginScreen(context);
  return { name: 'home' };
}

/** A sum stands on the page: others must not read it when its owner cannot see them. */
export const showsSum = (screen: Screen): boolean =>
  ('notice' in screen && screen.notice !== undefined) ||
  'totalCents' in screen ||
  ('amountCents' in screen && screen.amountCents !== undefined);

const WORST_FIRST: readonly Limitation[] = [
  'journal-unwritable',
  'payments-offline',
  'pos-unavailable',
  'clock-wrong',
  'printer-unavailable',
  'printer-paper-out',
  'barcode-unavailable',
  'card-unavailable',
];

/** Everything the screen shows, from the state alone: the same state gives the same page after any reload. */
export function snapshotOf(state: SessionState, place: Place, moment: { seq: number; at: number }): Snapshot {
  const { context } = state;
  const { payment } = context;
  return {
    v: 1,
    seq: moment.seq,
    at: moment.at,
    place,
    preferences: context.preferences,
    limitations: WORST_FIRST.filter((limitation) => context.limitations.includes(limitation)),
    ...(context.citizen ? { citizen: context.citizen } : {}),
    screen: screenOf(state, place),
    ...(inSession(state)
      ? {
          session: {
            canGoBack: state.can({ type: 'intent.back' }),
            canLeave: payment?.interruptible ?? true,
            ...(context.leaving ? { leaving: true } : {}),
          },
        }
      : {}),
    ...(isWarned(state)
      ? {
          idle: {
            secondsLeft: context.secondsLeft,
            secondsTotal: countdownOf(context),
            money: payment?.money ?? 'nothing-charged',
          },
        }
      : {}),
    languageSheet: state.matches({ sheet: 'open' }),
    aidsSheet: false,
    headset: context.headset,
    covered: context.covered,
  };
}
