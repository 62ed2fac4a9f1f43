import { DEFAULT_PREFERENCES, type Preferences } from '@jolly/contracts/terminal-channel';
import { setup } from 'xstate';
import {
  blockingLimitation,
  countdownOf,
  FRESH,
  isCovered,
  isUntouched,
  NOTHING_PERSONAL,
  PAYMENT_SERVICE,
  patienceOf,
  type SessionContext,
} from './context.ts';
import type { Effect, LoginView, SessionEvent } from './events.ts';
import { paidAfter } from './paid.ts';
import type { SessionSettings } from './settings.ts';
import { checkTyped, cleared, hasRoom, startTyping, withDigit, withoutLast } from './typing.ts';

/** Services on one page of the list (screens.md 6: pages of five). */
export const SERVICES_A_PAGE = 5;

/** Payment screens on which the machine works and the citizen waits: no time limit runs (row 10). */
const WORKING: ReadonlySet<string> = new Set(['pay-verifying', 'pay-activating']);

/** Payment screens where the citizen may turn back: nothing is under way. */
const BEFORE_THE_CARD: ReadonlySet<string> = new Set(['pay-check', 'pay-changed', 'pay-no-paper']);

const screenOf = (context: SessionContext) => context.payment?.screen;
const interruptible = ({ payment, login }: SessionContext): boolean =>
  (payment?.interruptible ?? true) && (login?.interruptible ?? true);

/** The login works by itself: the card, or the server. */
export function loginWorks(view: LoginView | undefined): boolean {
  const screen = view?.screen;
  return screen?.name === 'login-working' || (screen?.name === 'login-card' && screen.stage === 'reading');
}

/** The citizen is signed in, and the login's last page stands there. */
export const greeted = ({ citizen, login }: SessionContext): boolean =>
  citizen !== undefined && (login?.screen.name === 'signed-in' || login?.screen.name === 'pin-done');

function working({ payment, login, form, summaryPaper }: SessionContext): boolean {
  if (loginWorks(login)) return true;
  if (form?.screen.name === 'service-review' && form.screen.busy) return true;
  if (summaryPaper === 'printing' || summaryPaper === 'reprinting') return true;
  if (!payment) return false;
  const { screen } = payment;
  const printing =
    screen.name === 'pay-done' && (screen.paper === 'printing' || screen.paper === 'reprinting');
  return printing || !payment.interruptible || WORKING.has(screen.name);
}

/** Nobody is served here just now. */
const isStopped = ({ limitations, serving }: SessionContext): boolean =>
  limitations.includes('journal-unwritable') || serving.mode !== 'in-service';

/** On battery nothing new begins (other-devices.md). */
const powerFails = ({ limitations }: SessionContext): boolean => limitations.includes('power-failing');

/** Vocabulary of the session's statechart: its types, guards and actions. The charts only arrange these words. */
export const words = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionSettings,
  },
  actions: {
    /** Collected by `step` and done by whoever runs the session: the chart itself touches nothing. */
    effect: (_, _effect: Effect) => undefined,
  },
  guards: {
    interruptible: ({ context }) => interruptible(context),
    covered: ({ context }) => isCovered(context),
    /** Home as a fresh terminal has it, after somebody pulled the headset out. */
    unpluggedBefore: ({ context }) => context.unplugged && isUntouched(context),
    paying: ({ context }) => context.payment !== undefined,
    working: ({ context }) => working(context),
    idle: ({ context }) => !working(context),
    paymentsBlocked: ({ context }) =>
      !context.settings.payments || blockingLimitation(context.limitations) !== undefined,
    spontaneousOff: ({ context }) => !context.settings.spontaneous,
    newsThere: ({ context }) => context.settings.news && !working(context),
    readerMissing: ({ context }) => context.limitations.includes('barcode-unavailable'),
    readerThere: ({ context }) => !context.limitations.includes('barcode-unavailable'),
    stopped: ({ context }) => isStopped(context),
    running: ({ context }) => !isStopped(context),
    readable: ({ event }) => event.type === 'scanned' && event.reading.ok === true,
    hasRoom: ({ context }) => context.typed !== undefined && hasRoom(context.typed),
    typedWell: ({ context }) =>
      context.typed !== undefined && checkTyped(context.typed, context.settings.creditorTaxCode).canContinue,
    catalogued: ({ event }) =>
      // the name comes from the screen: only a word, never free text, is shown and counted
      event.type === 'intent.open-service' && /^[a-z][a-z0-9-]{0,39}$/.test(event.service),
    consentsToTotal: ({ context, event }) => {
      const screen = screenOf(context);
      return (
        event.type === 'intent.consent' &&
        (screen?.name === 'pay-check' || screen?.name === 'pay-changed') &&
        screen.notice.totalCents === event.totalCents
      );
    },
    beforeTheCard: ({ context }) =>
      interruptible(context) && BEFORE_THE_CARD.has(screenOf(context)?.name ?? ''),
    noPaper: ({ context }) => screenOf(context)?.name === 'pay-no-paper',
    paid: ({ context }) => screenOf(context)?.name === 'pay-done' && interruptible(context),
    cancellable: ({ context }) => {
      const screen = screenOf(context);
      return screen?.name === 'pay-card' && screen.progress.canCancel;
    },
    printable: ({ context }) => {
      const screen = screenOf(context);
      const paper = screen?.name === 'pay-done' || screen?.name === 'problem' ? screen.paper : undefined;
      return paper === 'failed' || paper === 'printed' || paper === 'skipped';
    },
    /** The page in front offers this way on. */
    offers: ({ context, event }, params: { readonly action: string }) => {
      if (event.type !== 'intent.choose' || event.action !== params.action) return false;
      const screen = screenOf(context);
      return screen?.name === 'problem' && screen.actions.includes(event.action);
    },
    chooses: ({ event }, params: { readonly action: string }) =>
      event.type === 'intent.choose' && event.action === params.action,
    loginOffered: ({ context }) => context.settings.login && !powerFails(context),
    /** The cabinet was opened before the citizen said yes: nothing is charged at an open terminal. */
    doorOpen: ({ context }) => context.limitations.includes('door-open'),
    /** A card was laid just now: the one for whom nothing else is under way signs in. */
    cardLaid: ({ context, event }) =>
      event.type === 'reader' &&
      event.card !== context.card &&
      (event.card === 'laid' || event.card === 'unseen'),
    signsInByCard: ({ context, event }) =>
      event.type === 'reader' &&
      event.card === 'laid' &&
      context.card !== 'laid' &&
      context.settings.login &&
      !powerFails(context) &&
      event.citizen === undefined,
    /** Laid by the citizen of this session, and still there. */
    cardLies: ({ context }) => context.card === 'laid' || context.card === 'unseen',
    /** It may be another's than that of who is signed in, and nothing that must not be left is in front. */
    cardUnseen: ({ context: { card, payment, login } }) => card === 'unseen' && !payment && !login,
    cardTaken: ({ event }) => event.type === 'reader' && event.card === 'none',
    cardLeftOver: ({ context }) => context.cardLeft <= 1,
    /** The page in front offers this way on. */
    offersLogin: ({ context: { login }, event }, params: { readonly action?: string }) => {
      if (event.type !== 'intent.login' || !login || !('actions' in login.screen)) return false;
      const asked = params.action ?? event.action;
      return event.action === asked && login.screen.actions.includes(event.action);
    },
    /** Where `continue` leads: out of the login, unless the card was only unblocked to sign in with it. */
    loginDone: ({ context: { login, citizen }, event }) =>
      event.type === 'intent.login' &&
      event.action === 'continue' &&
      (login?.screen.name === 'signed-in' || (login?.screen.name === 'pin-done' && citizen !== undefined)),
    /** A greeting or a finished PIN service: nothing of the login is under way, and the citizen is known. */
    paysNext: ({ context }) => greeted(context),
    waysWithoutCard: ({ context: { login } }) =>
      login?.screen.name === 'login-other-ways' && login.screen.about === 'no-card',
    loginGoesBack: ({ context }) => context.login?.canGoBack === true,
    anotherCitizen: ({ event }) => event.type === 'login' && event.view.another,
    leavesNow: ({ context, event }) => event.type === 'login' && context.leaving && event.view.interruptible,
    loginTakesOver: ({ event }) => event.type === 'login' && loginWorks(event.view),
    greetsNobody: ({ context: { login, citizen } }) =>
      login?.screen.name === 'signed-in' && citizen === undefined,
    pageThere: ({ context, event }) =>
      event.type === 'intent.services-page' && (event.page - 1) * SERVICES_A_PAGE < context.services.length,
    serviceOffered: ({ context, event }) =>
      event.type === 'intent.choose-service' && context.services.some(({ id }) => id === event.service),
    /** A question that is answered by keys is in front. */
    writable: ({ context: { form } }) =>
      form?.screen.name === 'service-field' && form.screen.field.kind !== 'choice',
    pickable: ({ context: { form }, event }) =>
      event.type === 'intent.pick' &&
      form?.screen.name === 'service-field' &&
      form.screen.field.choices?.some(({ value }) => value === event.value) === true,
    fieldWritten: ({ context: { form } }) => form?.screen.name === 'service-field' && form.screen.canContinue,
    correctable: ({ context: { form }, event }) =>
      event.type === 'intent.correct' &&
      form?.screen.name === 'service-review' &&
      !form.screen.busy &&
      form.screen.answers.some(({ field }) => field.id === event.field),
    reviewed: ({ context: { form } }) => form?.screen.name === 'service-review' && !form.screen.busy,
    formBusy: ({ context: { form } }) => form?.screen.name === 'service-review' && form.screen.busy,
    formMade: ({ event }) => event.type === 'form' && event.view.made !== undefined,
    formGoesBack: ({ context }) => context.form?.canGoBack === true,
    /** The notice in front was made of a form's answers. */
    ofAForm: ({ context }) => context.form !== undefined,
    /** Nothing is locked yet: it can go on elsewhere. */
    onPhone: ({ context }) =>
      context.settings.onPhone && interruptible(context) && screenOf(context)?.name === 'pay-check',
    cartOfThis: ({ context, event }) => {
      const screen = screenOf(context);
      return (
        event.type === 'cart' &&
        screen?.name === 'pay-check' &&
        screen.notice.noticeNumber === event.noticeNumber
      );
    },
    cartFailed: ({ context }) => context.cart?.problem === true,
    paidSomething: ({ context }) => context.paid.length > 0,
    paidSeveral: ({ context }) => context.paid.length > 1,
    /** More than one payment, and nobody has seen them together yet. */
    summaryDue: ({ context }) => context.paid.length > 1 && !context.summarySeen,
    summaryAtRest: ({ context: { summaryPaper } }) =>
      summaryPaper !== 'printing' && summaryPaper !== 'reprinting',
    preferencesRead: ({ event }) =>
      event.type === 'scanned' &&
      event.reading.ok === 'preferences' &&
      event.reading.preferences !== undefined,
    ofPreferences: ({ event }) => event.type === 'scanned' && event.reading.ok === 'preferences',
    telling: ({ context }) => context.told !== undefined,
    /** One open call a session; one that reached nobody may be tried again. */
    mayCall: ({ context }) =>
      context.settings.assistance && (context.call === undefined || context.call.state === 'not-reached'),
    callInFront: ({ context, event }) => event.type === 'called' && event.call === context.call?.number,
    noLongerQuiet: ({ context }) =>
      context.quiet + 1 < context.settings.warnAfterSeconds * patienceOf(context),
    lastSecond: ({ context }) => context.secondsLeft <= 1,
    goodbyeOver: ({ context }) => context.goodbyeLeft <= 1,
  },
});

/** A visit that begins. */
export const startVisitTo = (service: string) => ({ visit: { service, ended: false } });

export const startVisit = words.enqueueActions(({ context, enqueue }) => {
  if (context.visit) return;
  enqueue({ type: 'effect', params: { do: 'usage', service: PAYMENT_SERVICE, step: 'open' } });
  enqueue.assign({ visit: { service: PAYMENT_SERVICE, ended: false } });
});

export const openService = words.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'intent.open-service') return;
  enqueue.assign({ service: event.service });
  enqueue({ type: 'effect', params: { do: 'usage', service: event.service, step: 'open' } });
});

/** Opens a payment on the notice that a scan or the keypad gave. */
export const openPayment = words.enqueueActions(({ context, event, enqueue }) => {
  const typed = context.typed && {
    noticeNumber: context.typed.notice,
    creditorTaxCode: context.typed.creditor,
  };
  const notice = event.type === 'scanned' && event.reading.ok === true ? event.reading.notice : typed;
  if (!notice) return;
  enqueue({ type: 'effect', params: { do: 'usage', service: PAYMENT_SERVICE, step: 'use' } });
  enqueue({ type: 'effect', params: { do: 'open-payment', notice } });
});

/** Turns away from the payment in front: it is settled without the citizen, and the rating given is kept. */
export const leavePayment = words.enqueueActions(({ context, event, enqueue }) => {
  const { stars, reason, payment } = context;
  if (stars !== undefined) {
    const rating = reason === undefined ? { stars } : { stars, reason };
    enqueue({ type: 'effect', params: { do: 'rating', service: PAYMENT_SERVICE, ...rating } });
  }
  if (payment) {
    const why = event.type === 'idle.over' ? 'idle' : 'left';
    enqueue({ type: 'effect', params: { do: 'command', command: { type: 'leave', reason: why } } });
  }
  enqueue.assign({ payment: undefined, stars: undefined, reason: undefined });
});

export const endVisit = words.enqueueActions(({ context, enqueue }) => {
  if (context.visit && !context.visit.ended) {
    const { service } = context.visit;
    enqueue({ type: 'effect', params: { do: 'usage', service, step: 'abandon' } });
  }
  enqueue.assign({ visit: undefined });
});

/** A payment that is done, or has failed, is counted once. */
const countPayment = words.enqueueActions(({ context, enqueue }) => {
  const { visit } = context;
  const name = screenOf(context)?.name;
  if (!visit || visit.ended || (name !== 'pay-done' && name !== 'problem')) return;
  const step = name === 'pay-done' ? 'done' : 'error';
  enqueue({ type: 'effect', params: { do: 'usage', service: visit.service, step } });
  enqueue.assign({ visit: { ...visit, ended: true } });
});

const takePayment = words.assign({
  payment: ({ context, event }) => (event.type === 'payment' ? event.view : context.payment),
});

/** Who has paid needs the answers no longer; what was paid is kept for the summary. */
const keepPaid = words.assign(({ context }) => {
  const { payment, paid, form } = context;
  if (!payment) return {};
  const now = paidAfter(paid, payment);
  return {
    form: payment.screen.name === 'pay-done' ? undefined : form,
    // another payment: the summary is another one
    ...(now.length === paid.length
      ? { paid: now }
      : { paid: now, summarySeen: false, summaryPaper: 'skipped' as const }),
  };
});

export const followPayment = [takePayment, countPayment, keepPaid];

export const takeSettings = words.assign(({ event }) =>
  event.type === 'settings' ? { settings: event.settings } : {},
);
export const takeServing = words.assign(({ event }) =>
  event.type === 'serving' ? { serving: event.serving } : {},
);
export const takeLimitations = words.assign({
  limitations: ({ context, event }) =>
    event.type === 'limitations' ? event.limitations : context.limitations,
});

export const countAgain = words.assign({ visit: { service: PAYMENT_SERVICE, ended: false } });
export const consent = words.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'intent.consent') return;
  const command = { type: 'consent', totalCents: event.totalCents } as const;
  enqueue({ type: 'effect', params: { do: 'command', command } });
});

export const tell = (
  command: 'refuse' | 'cancel-card' | 'retry-card' | 'retry' | 'reprint' | 'accept-phone-receipt',
) => ({ type: 'effect' as const, params: { do: 'command' as const, command: { type: command } } });

export const refuseScan = words.assign({
  refused: ({ event }) =>
    event.type === 'scanned' && event.reading.ok === false ? event.reading.reason : undefined,
});
export const forgetRefusal = words.assign({ refused: undefined });

export const beginTyping = words.assign({
  typed: ({ context }) => context.typed ?? startTyping(context.settings.creditorTaxCode),
});
export const forgetTyped = words.assign({ typed: undefined });
export const typeKey = words.assign({
  typed: ({ context: { typed }, event }) => {
    if (!typed) return typed;
    if (event.type === 'intent.digit') return withDigit(typed, event.digit);
    if (event.type === 'intent.erase') return withoutLast(typed);
    if (event.type === 'intent.clear-field') return cleared(typed);
    return event.type === 'intent.edit-field' ? { ...typed, field: event.field } : typed;
  },
});

export const takeStars = words.assign({
  stars: ({ context, event }) => (event.type === 'intent.rate' ? event.stars : context.stars),
});
export const takeReason = words.assign({
  reason: ({ context, event }) => (event.type === 'intent.rate-reason' ? event.reason : context.reason),
});

export const startGoodbye = words.assign({
  goodbyeLeft: ({ context }) => context.settings.goodbyeSeconds,
});
export const goodbyeSecond = words.assign({ goodbyeLeft: ({ context }) => context.goodbyeLeft - 1 });

/** Home: whatever a visit left is gone; how the citizen wants to see stays while they are there. */
export const forget = words.assign(NOTHING_PERSONAL);
/** End of the session: as if nobody had been there. */
export const wipe = [
  words.assign(FRESH),
  // who comes next, or has stayed, with a headset on goes on hearing
  words.assign({
    preferences: ({ context }) => ({ ...FRESH.preferences, listen: context.headset }),
    jackListens: ({ context }) => context.headset,
  }),
  words.raise({ type: 'session.over' }),
] as const;

export const quietSecond = words.assign({ quiet: ({ context }) => context.quiet + 1 });
export const notQuiet = words.assign({ quiet: 0 });
export const startCountdown = words.assign({ secondsLeft: ({ context }) => countdownOf(context) });
export const countDown = words.assign({ secondsLeft: ({ context }) => context.secondsLeft - 1 });

export const setPreference = words.assign({
  preferences: ({ context: { preferences }, event }) => {
    switch (event.type) {
      case 'intent.set-language':
        return { ...preferences, language: event.language };
      case 'intent.toggle-text-size': {
        const next = { 1: 1.5, 1.5: 2, 2: 1 } as const;
        return { ...preferences, textScale: next[preferences.textScale] };
      }
      case 'intent.toggle-contrast':
        return { ...preferences, theme: preferences.theme.startsWith('contrast') ? 'standard' : 'contrast' };
      case 'intent.toggle-lowered':
        return { ...preferences, lowered: !preferences.lowered };
      case 'intent.toggle-listen':
        return { ...preferences, listen: !preferences.listen };
      case 'intent.set-theme':
        return { ...preferences, theme: event.theme };
      case 'intent.set-hand':
        return { ...preferences, hand: event.hand };
      case 'intent.set-speed':
        return { ...preferences, speed: event.speed };
      case 'intent.volume': {
        const next = preferences.volume + (event.step === 'up' ? 1 : -1);
        return { ...preferences, volume: Math.min(10, Math.max(0, next)) };
      }
      case 'intent.toggle-calm':
        return { ...preferences, calm: !preferences.calm };
      case 'intent.toggle-more-time':
        return { ...preferences, moreTime: !preferences.moreTime };
      // asked for in the warning: it stays on
      case 'intent.more-time':
        return { ...preferences, moreTime: true };
      case 'intent.toggle-abc-keys':
        return { ...preferences, abcKeys: !preferences.abcKeys };
      default:
        return preferences;
    }
  },
});

/** Loudness that others hear: nobody's code makes the loudspeaker louder than a session begins (EN 301 549 5.1.3.13). */
function heardByAll(read: Preferences, headset: boolean): Preferences {
  // into a headset it is as loud as its owner asked for
  return headset ? read : { ...read, volume: Math.min(read.volume, DEFAULT_PREFERENCES.volume) };
}

/** Seconds for which "done" is shown after a code with preferences. */
const TOLD_SECONDS = 6;

export const takePreferences = words.assign({
  preferences: ({ context, event }) =>
    event.type === 'scanned' && event.reading.ok === 'preferences' && event.reading.preferences
      ? heardByAll(event.reading.preferences, context.headset)
      : context.preferences,
  told: { what: 'preferences-taken', left: TOLD_SECONDS } as const,
});
export const tellBroken = words.assign({ told: { what: 'preferences-broken', left: TOLD_SECONDS } as const });
export const toldSecond = words.assign({
  told: ({ context: { told } }) => (told && told.left > 1 ? { ...told, left: told.left - 1 } : undefined),
});

export const callPerson = words.enqueueActions(({ context, enqueue }) => {
  const { login, payment } = context;
  const number = context.calls + 1;
  const screen = login?.screen ?? payment?.screen;
  const supportCode = screen && 'supportCode' in screen ? { supportCode: screen.supportCode } : {};
  enqueue.assign({ calls: number, call: { number, state: 'calling' } });
  enqueue({
    type: 'effect',
    params: { do: 'call-person', call: number, screen: screen?.name ?? 'help', ...supportCode },
  });
});
export const takeCall = words.assign(({ context, event }) =>
  context.call && event.type === 'called'
    ? { call: { ...context.call, state: event.reached ? ('told' as const) : ('not-reached' as const) } }
    : {},
);
