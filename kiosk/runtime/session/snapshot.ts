import { writePreferences } from '@jolly/contracts/preferences';
import type { Limitation, Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import { cents } from '@jolly/contracts/values';
import { FIXED_LAYOUT } from '../citizens/index.ts';
import type { RuntimeConfig } from '../config/index.ts';
import { blockingLimitation, countdownOf, LOGIN_SERVICE, type SessionContext } from './context.ts';
import { covers, inSession, isWarned, type SessionState } from './machine.ts';
import { SERVICES_A_PAGE } from './parts.ts';
import { pagesOf } from './service-parts.ts';
import type { ServiceView } from './settings.ts';
import { checkTyped } from './typing.ts';

type Place = Snapshot['place'];

/** The municipality as the screen shows it. */
export function placeOf(config: RuntimeConfig, voice = false, news?: Place['news']): Place {
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
    ...(config.accessibilityStatementUrl === undefined
      ? {}
      : { statementUrl: config.accessibilityStatementUrl }),
    ...(config.accessibilityFeedback === undefined ? {} : { feedback: config.accessibilityFeedback }),
    signIn: config.devices.card !== undefined && config.services.login,
    onPhone: config.payment.onPhone,
    services: {
      payments: config.services.payments,
      spontaneous: config.services.payments && config.services.spontaneous,
      assistance: config.services.assistance,
    },
    ...(news === undefined ? {} : { news }),
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
    'power-failing': 'power-failing',
    'door-open': 'door-open',
  } as const;
  return {
    name: 'problem',
    kind:
      because !== undefined && because in kinds
        ? kinds[because as keyof typeof kinds]
        : context.settings.payments
          ? 'unexpected'
          : 'service-unavailable',
    money: 'nothing-charged',
    supportCode: `${place.terminalId}-${because ?? 'no-payment'}`.toUpperCase(),
    actions: ['finish', 'help'],
  };
}

function paymentScreen({ payment, stars, paid }: SessionContext): Screen {
  // the desk's first screen comes with the very next event
  if (!payment) return { name: 'pay-verifying' };
  if (payment.screen.name !== 'pay-done') return payment.screen;
  return {
    ...payment.screen,
    ...(stars === undefined ? {} : { stars }),
    ...(paid.length > 1 ? { paid: paid.length } : {}),
  };
}

function listScreen({ services, servicesPage: page }: SessionContext): Screen {
  const first = (page - 1) * SERVICES_A_PAGE;
  const shown = services.slice(first, first + SERVICES_A_PAGE);
  return { name: 'service-list', services: shown, page, pages: pagesOf(services) };
}

function phoneScreen(context: SessionContext): Screen {
  const { payment, cart } = context;
  if (payment?.screen.name !== 'pay-check') return paymentScreen(context);
  return { name: 'pay-on-phone', notice: payment.screen.notice, ...cart };
}

function summaryScreen({ paid, summaryPaper: paper }: SessionContext): Screen {
  const total = paid.reduce((sum, { notice }) => sum + notice.totalCents, 0);
  return { name: 'pay-summary', paid: [...paid], totalCents: cents(total), paper };
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
  return visit && visit.service !== LOGIN_SERVICE && screen?.name === 'problem'
    ? { supportCode: screen.supportCode }
    : {};
}

function stoppedScreen(service: ServiceView, place: Place): Screen {
  const page = (why: string) => ({
    name: 'out-of-service' as const,
    code: `${place.terminalId}-${why}`.toUpperCase(),
  });
  switch (service.mode) {
    case 'in-service':
      return page('journal');
    case 'closed':
      return { ...page('closed'), why: 'closed', ...(service.opens ? { opens: service.opens } : {}) };
    default:
      return {
        ...page('staff'),
        why: 'staff',
        ...(service.message === undefined ? {} : { message: service.message }),
      };
  }
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
    return stoppedScreen(context.serving, place);
  }
  if (state.matches({ place: 'help' })) {
    const { call } = context;
    return { name: 'help', ...supportCodeOf(context), ...(call ? { called: call.state } : {}) };
  }
  if (state.matches({ place: 'preferencesCode' })) {
    return { name: 'preferences-code', code: writePreferences(context.preferences) };
  }
  if (state.matches({ place: 'statement' })) return { name: 'statement' };
  if (state.matches({ place: 'cityNews' })) return { name: 'city-news' };
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
  if (state.matches({ place: { main: 'serviceList' } })) return listScreen(context);
  // the desk's first page comes with the very next event
  if (state.matches({ place: { main: 'serviceForm' } })) return context.form?.screen ?? listScreen(context);
  if (state.matches({ place: { main: 'payOnPhone' } })) return phoneScreen(context);
  if (state.matches({ place: { main: 'summary' } })) return summaryScreen(context);
  if (state.matches({ place: { main: 'payment' } })) return paymentScreen(context);
  if (state.matches({ place: { main: 'login' } })) return loginScreen(context);
  return { name: 'home' };
}

const WORST_FIRST: readonly Limitation[] = [
  'journal-unwritable',
  'power-failing',
  'door-open',
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
    languageSheet: state.matches({ sheet: 'languages' }),
    aidsSheet: state.matches({ sheet: 'aids' }),
    ...(context.told ? { told: context.told.what } : {}),
    headset: context.headset,
    covered: covers(state),
  };
}
