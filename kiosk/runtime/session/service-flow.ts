import { and, not } from 'xstate';
import { lookAtCard } from './login-parts.ts';
import { countAgain, endVisit, followPayment, forgetTyped, leavePayment, words } from './parts.ts';
import {
  askCart,
  firstPage,
  followForm,
  forgetCart,
  leaveForm,
  openForm,
  payMade,
  printSummary,
  seeSummary,
  takeCart,
  takeSummary,
  tellForm,
  turnPage,
} from './service-parts.ts';

const GOODBYE = '#session.place.goodbye';
const leave = [leavePayment, endVisit];

/** To the services: told at once that nothing can be paid. */
export const intoServices = [
  { guard: 'paymentsBlocked', target: 'payBlocked' },
  { guard: not('spontaneousOff'), target: 'serviceList', actions: firstPage },
] as const;

/** What can be paid here without a notice. */
export const serviceListState = words.createStateConfig({
  entry: leaveForm,
  always: lookAtCard,
  on: {
    'intent.services-page': { guard: 'pageThere', actions: turnPage },
    'intent.choose-service': [
      { guard: and(['serviceOffered', 'paymentsBlocked']), target: 'payBlocked' },
      { guard: 'serviceOffered', target: 'serviceForm', actions: openForm },
    ],
    // between two payments of one session home would forget the first
    'intent.back': [{ guard: 'paidSomething', target: 'payScan' }, { target: 'home' }],
  },
});

/** The questions of a service, one a page, and the review of the answers: the desk gives the pages. */
export const serviceFormState = words.createStateConfig({
  always: lookAtCard,
  on: {
    form: [
      { guard: and(['formMade', 'paymentsBlocked']), target: 'payBlocked', actions: leaveForm },
      { guard: 'formMade', target: 'payment', actions: [followForm, payMade] },
      { actions: followForm },
    ],
    'form.unavailable': 'serviceList',
    'intent.write': { guard: 'writable', actions: tellForm },
    'intent.digit': { guard: 'writable', actions: tellForm },
    'intent.erase': { guard: 'writable', actions: tellForm },
    'intent.clear-field': { guard: 'writable', actions: tellForm },
    'intent.pick': { guard: 'pickable', actions: tellForm },
    'intent.submit-field': { guard: 'fieldWritten', actions: tellForm },
    'intent.correct': { guard: 'correctable', actions: tellForm },
    'intent.submit-form': { guard: 'reviewed', actions: tellForm },
    'intent.back': [
      // who waits for the answer waits: it comes, or the page says that it did not
      { guard: 'formBusy' },
      { guard: 'formGoesBack', actions: tellForm },
      { target: 'serviceList', actions: endVisit },
    ],
  },
});

/** The same notice on the citizen's phone. Nothing is locked, nothing is charged. */
export const payOnPhoneState = words.createStateConfig({
  entry: askCart,
  exit: forgetCart,
  on: {
    payment: { actions: followPayment },
    cart: { guard: 'cartOfThis', actions: takeCart },
    'intent.pay-on-phone': { guard: 'cartFailed', actions: askCart },
    'intent.back': 'payment',
    'intent.finish': { target: GOODBYE, actions: leave },
  },
});

/** Everything that was paid in this session. */
export const summaryState = words.createStateConfig({
  entry: seeSummary,
  on: {
    payment: { actions: followPayment },
    summary: { actions: takeSummary },
    'intent.print-summary': { guard: 'summaryAtRest', actions: printSummary },
    'intent.another-notice': { target: 'payScan', actions: [leavePayment, countAgain, forgetTyped] },
    'intent.back': 'payment',
    'intent.finish': { target: GOODBYE, actions: leave },
  },
});
