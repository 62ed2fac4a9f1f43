import type { LoginPurpose } from '@jolly/contracts/terminal-channel';
import type { LoginCommand } from '../citizens/index.ts';
import { LOGIN_SERVICE, NOTHING_PERSONAL } from './context.ts';
import { endVisit, wipe, words } from './parts.ts';

/** Words of the session's chart about the login and the card on the reader. */

export const openLogin = (purpose: LoginPurpose) =>
  words.enqueueActions(({ context, enqueue }) => {
    if (!context.visit) {
      enqueue({ type: 'effect', params: { do: 'usage', service: LOGIN_SERVICE, step: 'open' } });
      enqueue.assign({ visit: { service: LOGIN_SERVICE, ended: false } });
    }
    enqueue({ type: 'effect', params: { do: 'open-login', purpose } });
  });

const command = (told: LoginCommand) => ({
  type: 'effect' as const,
  params: { do: 'login-command' as const, command: told },
});

export const chooseLogin = words.enqueueActions(({ event, enqueue }) => {
  if (event.type === 'intent.login') enqueue(command({ type: 'choose', action: event.action }));
});

/** Who turns away from a PIN service to the greeting did not do it. */
export const loginBack = words.enqueueActions(({ context, enqueue }) => {
  const { visit, login } = context;
  if (visit && !visit.ended && login?.screen.name !== 'login-other-ways') {
    enqueue({ type: 'effect', params: { do: 'usage', service: visit.service, step: 'abandon' } });
    enqueue.assign({ visit: { ...visit, ended: true } });
  }
  enqueue(command({ type: 'back' }));
});

/** Turns away from the login in front; who is signed in stays so. */
export const leaveLogin = words.enqueueActions(({ context, enqueue }) => {
  if (context.login) enqueue(command({ type: 'leave' }));
  enqueue.assign({ login: undefined, leaving: false });
});

export const wantToLeave = words.assign({ leaving: true });

const takeLogin = words.assign({
  login: ({ context, event }) => (event.type === 'login' ? event.view : context.login),
});

/** Pages on which a login is tried anew after it was counted as failed. */
const TRYING: ReadonlySet<string> = new Set(['login-card', 'login-secret', 'login-working']);

/** A login that is done, or has failed, is counted once for each time it was tried. */
const countLogin = words.enqueueActions(({ context, enqueue }) => {
  const { visit, login } = context;
  if (visit?.service !== LOGIN_SERVICE || !login) return;
  const { name } = login.screen;
  const count = (step: 'use' | 'done' | 'error') =>
    enqueue({ type: 'effect', params: { do: 'usage', service: LOGIN_SERVICE, step } });
  if (!visit.ended && (name === 'signed-in' || name === 'pin-done' || name === 'login-problem')) {
    count(name === 'login-problem' ? 'error' : 'done');
    enqueue.assign({ visit: { ...visit, ended: true } });
  } else if (name === 'login-secret' && !visit.used) {
    count('use');
    enqueue.assign({ visit: { service: LOGIN_SERVICE, ended: false, used: true } });
  } else if (visit.ended && TRYING.has(name)) {
    enqueue.assign({ visit: { ...visit, ended: false } });
  }
});

export const followLogin = [takeLogin, countLogin];

export const takeReader = words.assign({
  card: ({ context, event }) => (event.type === 'reader' ? event.card : context.card),
  cardKind: ({ context, event }) => (event.type === 'reader' ? event.kind : context.cardKind),
  citizen: ({ context, event }) => (event.type === 'reader' ? event.citizen : context.citizen),
});

/** The end of the session at the card reader: whoever was signed in is not, from this very moment. */
export const endCitizen = words.enqueueActions(({ enqueue }) => {
  enqueue({ type: 'effect', params: { do: 'end-citizen', card: 'left' } });
  enqueue.assign({ citizen: undefined, login: undefined, leaving: false });
});

/** Another's card was laid in the session of who is signed in: that session is over, and the card's owner begins anew. */
export const nextCitizen = [
  endVisit,
  { type: 'effect' as const, params: { do: 'end-citizen' as const, card: 'next' as const } },
  ...wipe,
  openLogin('sign-in'),
] as const;

/** A card that may be another's is looked at before anything goes on as the citizen who is signed in. */
export const lookAtCard = {
  guard: 'cardUnseen',
  target: '#session.place.main.login',
  actions: [endVisit, openLogin('sign-in')],
} as const;

/** What is called out over the card has nothing of its owner left. Language and aids stay: they are for who reads it. */
export const startCardLeft = words.assign(({ context }) => ({
  ...NOTHING_PERSONAL,
  citizen: undefined,
  cardLeft: context.settings.cardLeftSeconds,
}));
export const cardLeftSecond = words.assign({ cardLeft: ({ context }) => context.cardLeft - 1 });
