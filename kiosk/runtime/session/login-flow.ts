import { and } from 'xstate';
import {
  cardLeftSecond,
  chooseLogin,
  endCitizen,
  followLogin,
  leaveLogin,
  loginBack,
  nextCitizen,
  startCardLeft,
  takeReader,
  wantToLeave,
} from './login-parts.ts';
import { endVisit, openPayment, refuseScan, startVisit, wipe, words } from './parts.ts';

const GOODBYE = '#session.place.goodbye';
/** From the login to a payment; who is signed in stays so. */
const turnAway = [leaveLogin, endVisit];

/** The pages of a login: the desk gives them, the chart only lets through what the page in front offers. */
export const loginState = words.createStateConfig({
  // the server's session ended while the greeting stood there
  always: { guard: 'greetsNobody', target: 'home' },
  on: {
    login: [
      { guard: 'anotherCitizen', actions: [...nextCitizen] },
      { guard: 'leavesNow', target: GOODBYE, actions: [...followLogin, endVisit] },
      { actions: followLogin },
    ],
    // who is greeted and shows a code wants to pay, as from home
    scanned: [
      { guard: 'ofPreferences' },
      { guard: and(['paysNext', 'paymentsBlocked']), target: 'payBlocked', actions: turnAway },
      {
        guard: and(['paysNext', 'readable']),
        target: 'payment',
        actions: [...turnAway, startVisit, openPayment],
      },
      { guard: 'paysNext', target: 'payScan', actions: [...turnAway, startVisit, refuseScan] },
    ],
    // a payment needs no card
    'intent.start-payment': [
      { guard: and(['waysWithoutCard', 'paymentsBlocked']), target: 'payBlocked', actions: turnAway },
      {
        guard: and(['waysWithoutCard', 'readerMissing']),
        target: 'payType',
        actions: [...turnAway, startVisit],
      },
      { guard: 'waysWithoutCard', target: 'payScan', actions: [...turnAway, startVisit] },
    ],
    'intent.type-notice': [
      { guard: and(['waysWithoutCard', 'paymentsBlocked']), target: 'payBlocked', actions: turnAway },
      { guard: 'waysWithoutCard', target: 'payType', actions: [...turnAway, startVisit] },
    ],
    'intent.login': [
      { guard: { type: 'offersLogin', params: { action: 'finish' } }, target: GOODBYE, actions: endVisit },
      { guard: { type: 'offersLogin', params: { action: 'help' } }, target: '#session.place.help' },
      { guard: 'loginDone', target: 'home' },
      { guard: { type: 'offersLogin', params: {} }, actions: chooseLogin },
    ],
    'intent.back': [
      { guard: 'loginGoesBack', actions: loginBack },
      { guard: 'interruptible', target: 'home' },
    ],
    'intent.leave': [
      { guard: 'interruptible', target: GOODBYE, actions: endVisit },
      { actions: wantToLeave },
    ],
  },
});

/** The session is over and its card still lies there: called for, until it is taken or the time is over. */
export const cardLeftState = words.createStateConfig({
  entry: [startCardLeft, endCitizen, words.raise({ type: 'session.over' })],
  on: {
    second: [{ guard: 'cardLeftOver', target: 'main.home', actions: [...wipe] }, { actions: cardLeftSecond }],
    reader: [
      { guard: 'cardTaken', target: 'main.home', actions: [takeReader, ...wipe] },
      { actions: takeReader },
    ],
  },
});
