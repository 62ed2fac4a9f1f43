import { and, stateIn } from 'xstate';
import { uncover } from './aids-parts.ts';
import { loginState } from './login-flow.ts';

import { leaveLogin, lookAtCard, openLogin, takeReader } from './login-parts.ts';
import {
  beginTyping,
  consent,
  countAgain,
  endVisit,
  followPayment,
  forget,
  forgetRefusal,
  forgetTyped,
  leavePayment,
  openPayment,
  openService,
  refuseScan,
  startVisit,
  takeReason,
  takeStars,
  tell,
  typeKey,
  words,
} from './parts.ts';

import {
  intoServices,
  payOnPhoneState,
  serviceFormState,
  serviceListState,
  summaryState,
} from './service-flow.ts';
import { leaveForm } from './service-parts.ts';

const GOODBYE = '#session.place.goodbye';
const HELP = '#session.place.help';
const leave = [leavePayment, endVisit];

/** Told at once that it cannot be; else scan, or type where the reader is missing. */
const intoPayment = [
  { guard: 'paymentsBlocked', target: 'payBlocked' },
  { guard: 'readerMissing', target: 'payType', actions: startVisit },
  { target: 'payScan', actions: startVisit },
] as const;

/** The citizen's way through the services: home, the payment of a notice, the rating. */
export const flow = words.createStateConfig({
  initial: 'home',
  states: {
    before: { type: 'history' },
    home: {
      entry: [leaveLogin, endVisit, forget],
      always: [
        { guard: 'stopped', target: '#session.place.outOfService' },
        lookAtCard,
        // the session is over: the next one's pages are not covered for this one's plug
        { guard: and(['unpluggedBefore', stateIn({ sheet: 'closed' })]), actions: uncover },
      ],
      on: {
        'intent.start-payment': intoPayment,
        'intent.type-notice': [
          { guard: 'paymentsBlocked', target: 'payBlocked' },
          { target: 'payType', actions: startVisit },
        ],
        'intent.open-services': intoServices,
        'intent.sign-in': { guard: 'loginOffered', target: 'login', actions: openLogin('sign-in') },
        reader: [
          { guard: 'signsInByCard', target: 'login', actions: [takeReader, openLogin('sign-in')] },
          { actions: takeReader },
        ],
        'intent.open-service': { guard: 'catalogued', target: 'comingSoon', actions: openService },
        scanned: [
          { guard: 'ofPreferences' },
          { guard: 'paymentsBlocked', target: 'payBlocked' },
          { guard: 'readable', target: 'payment', actions: [startVisit, openPayment] },
          { target: 'payScan', actions: [startVisit, refuseScan] },
        ],
      },
    },
    login: loginState,
    comingSoon: { always: lookAtCard, on: { 'intent.back': 'home', 'intent.start-payment': intoPayment } },
    /** Why no payment can be taken, told before anything starts. */
    payBlocked: {
      always: lookAtCard,
      on: {
        'intent.back': 'home',
        'intent.choose': [
          { guard: { type: 'chooses', params: { action: 'help' } }, target: HELP },
          { guard: { type: 'chooses', params: { action: 'finish' } }, target: GOODBYE, actions: leave },
        ],
      },
    },
    serviceList: serviceListState,
    serviceForm: serviceFormState,
    payOnPhone: payOnPhoneState,
    summary: summaryState,
    payScan: {
      entry: leaveForm,
      exit: forgetRefusal,
      always: lookAtCard,
      on: {
        'intent.back': 'home',
        'intent.type-notice': 'payType',
        'intent.open-services': intoServices,
        scanned: [
          { guard: 'ofPreferences' },
          { guard: 'paymentsBlocked', target: 'payBlocked' },
          { guard: 'readable', target: 'payment', actions: [startVisit, openPayment] },
          { actions: refuseScan },
        ],
      },
    },
    payType: {
      entry: beginTyping,
      always: lookAtCard,
      on: {
        'intent.back': [{ guard: 'readerMissing', target: 'home' }, { target: 'payScan' }],
        'intent.scan-notice': { guard: 'readerThere', target: 'payScan' },
        'intent.edit-field': { actions: typeKey },
        'intent.digit': { guard: 'hasRoom', actions: typeKey },
        'intent.erase': { actions: typeKey },
        'intent.clear-field': { actions: typeKey },
        'intent.submit-notice': [
          { guard: and(['typedWell', 'paymentsBlocked']), target: 'payBlocked' },
          { guard: 'typedWell', target: 'payment', actions: [startVisit, openPayment] },
        ],
      },
    },
    payment: {
      on: {
        payment: { actions: followPayment },
        'payment.unavailable': 'payBlocked',
        'intent.consent': [
          { guard: and(['consentsToTotal', 'doorOpen']), target: 'payBlocked', actions: leavePayment },
          { guard: 'consentsToTotal', actions: consent },
        ],
        'intent.accept-phone-receipt': { guard: 'noPaper', actions: tell('accept-phone-receipt') },
        'intent.refuse': {
          guard: 'beforeTheCard',
          target: 'payScan',
          actions: [tell('refuse'), leavePayment],
        },
        'intent.back': [
          { guard: and(['beforeTheCard', 'ofAForm']), target: 'serviceForm', actions: leavePayment },
          { guard: 'beforeTheCard', target: 'payScan', actions: leavePayment },
        ],
        'intent.pay-on-phone': { guard: 'onPhone', target: 'payOnPhone' },
        'intent.show-summary': { guard: and(['paid', 'paidSeveral']), target: 'summary' },
        'intent.cancel-card': { guard: 'cancellable', actions: tell('cancel-card') },
        'intent.reprint': { guard: 'printable', actions: tell('reprint') },
        'intent.rate': { guard: 'paid', target: 'rating', actions: takeStars },
        'intent.another-notice': [
          { guard: 'paid', target: 'payScan', actions: [leavePayment, countAgain, forgetTyped] },
          // "no, read another notice": nothing was asked of anybody yet
          { guard: 'beforeTheCard', target: 'payScan', actions: [leavePayment, forgetTyped] },
        ],
        'intent.finish': [
          { guard: and(['paid', 'summaryDue']), target: 'summary' },
          { guard: 'paid', target: GOODBYE, actions: leave },
        ],
        'intent.choose': [
          {
            guard: and([{ type: 'offers', params: { action: 'retry-card' } }, 'doorOpen']),
            target: 'payBlocked',
            actions: leavePayment,
          },
          {
            guard: { type: 'offers', params: { action: 'retry-card' } },
            actions: [countAgain, tell('retry-card')],
          },
          { guard: { type: 'offers', params: { action: 'retry' } }, actions: [countAgain, tell('retry')] },
          {
            guard: { type: 'offers', params: { action: 'another-notice' } },
            target: 'payScan',
            actions: [leavePayment, countAgain, forgetTyped],
          },
          {
            guard: { type: 'offers', params: { action: 'type-notice' } },
            target: 'payType',
            actions: [leavePayment, countAgain],
          },
          { guard: { type: 'offers', params: { action: 'help' } }, target: HELP },
          { guard: { type: 'offers', params: { action: 'finish' } }, target: GOODBYE, actions: leave },
        ],
      },
    },
    rating: {
      on: {
        payment: { actions: followPayment },
        'intent.rate-reason': [
          { guard: 'summaryDue', target: 'summary', actions: takeReason },
          { target: GOODBYE, actions: [takeReason, ...leave] },
        ],
        'intent.skip-rating': [
          { guard: 'summaryDue', target: 'summary' },
          { target: GOODBYE, actions: leave },
        ],
        'intent.finish': [
          { guard: 'summaryDue', target: 'summary' },
          { target: GOODBYE, actions: leave },
        ],
        'intent.back': 'payment',
      },
    },
  },
});
