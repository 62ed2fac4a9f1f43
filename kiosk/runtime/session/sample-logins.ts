import type { LoginAction } from '@jolly/contracts/terminal-channel';
import type { CitizenView } from '../citizens/index.ts';
import type { LoginView } from './events.ts';

const ALL: LoginAction[] = [
  'try-again',
  'no-card',
  'forgot-pin',
  'unblock-pin',
  'change-pin',
  'without-pin',
  'confirm-last-try',
  'continue',
  'finish',
  'help',
];
const page = (screen: LoginView['screen'], changes: Partial<LoginView> = {}): LoginView => ({
  screen,
  interruptible: true,
  canGoBack: false,
  another: false,
  ...changes,
});

/** One login in each page that a desk can show. */
export const SAMPLE_LOGINS: readonly LoginView[] = [
  page({ name: 'login-card', purpose: 'sign-in', stage: 'waiting', actions: ['no-card', 'forgot-pin'] }),
  page({
    name: 'login-secret',
    purpose: 'sign-in',
    card: 'cie',
    field: 'cie-pin',
    entered: 3,
    length: { min: 8, max: 8 },
    triesLeft: 2,
    notice: 'wrong',
    layout: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0],
    canSubmit: false,
    actions: ['forgot-pin'],
  }),
  page({
    name: 'login-last-try',
    purpose: 'sign-in',
    card: 'cie',
    field: 'cie-pin',
    actions: ['confirm-last-try', 'forgot-pin'],
  }),
  page(
    {
      name: 'login-working',
      purpose: 'sign-in',
      card: 'cie',
      step: 'channel',
      progress: { done: 1, of: 6 },
    },
    { interruptible: false },
  ),
  page({
    name: 'login-problem',
    purpose: 'sign-in',
    kind: 'card-removed',
    card: 'cie',
    supportCode: 'SAMPLE',
    actions: ALL,
  }),
  page(
    { name: 'login-other-ways', about: 'forgot-pin', actions: ['unblock-pin', 'try-again', 'help'] },
    { canGoBack: true },
  ),
  page(
    { name: 'login-other-ways', about: 'no-card', actions: ['try-again', 'finish', 'help'] },
    { canGoBack: true },
  ),
  page({ name: 'login-card', purpose: 'sign-in', stage: 'reading', actions: [] }, { another: true }),
  page({ name: 'signed-in', card: 'cie', takeCard: true, actions: ['continue', 'change-pin'] }),
  page({ name: 'pin-done', what: 'changed', takeCard: true, actions: ['continue', 'finish'] }),
];

/** Nobody: an invented name. */
export const SAMPLE_CITIZEN: CitizenView = {
  givenName: 'Ignota',
  familyName: 'Prova',
  method: 'cie-card-local',
  level: 'pin',
};
