import type { LoginAction, LoginProblemKind } from '@jolly/contracts/terminal-channel';
import type { LoginState } from './state.ts';

/** Ways on of each bad-news page; the first is the door: trying again is it only where the same card may do. */
const AFTER: Readonly<Record<LoginProblemKind, readonly LoginAction[]>> = {
  'card-removed': ['try-again', 'no-card', 'help'],
  'card-two': ['try-again', 'help'],
  'card-unreadable': ['try-again', 'no-card', 'help'],
  'card-unknown': ['try-again', 'no-card', 'help'],
  'card-other': ['try-again', 'help'],
  'card-slow': ['try-again', 'no-card', 'help'],
  'card-not-genuine': ['no-card', 'try-again', 'finish', 'help'],
  'reader-unavailable': ['finish', 'try-again', 'help'],
  'pin-blocked': ['finish', 'help'],
  'puk-blocked': ['finish', 'help'],
  'pin-uncertain': ['try-again', 'finish', 'help'],
  'can-wrong': ['try-again', 'finish', 'help'],
  'card-expired': ['no-card', 'try-again', 'finish', 'help'],
  'card-revoked': ['no-card', 'try-again', 'finish', 'help'],
  'card-not-verified': ['no-card', 'try-again', 'finish', 'help'],
  'method-not-accepted': ['finish', 'try-again', 'help'],
  'server-unreachable': ['try-again', 'finish', 'help'],
};

const LOCKED_OUT: ReadonlySet<LoginProblemKind> = new Set(['pin-blocked', 'puk-blocked']);

/** What the page in front offers. What it does not offer is not taken. */
export function offeredBy(state: LoginState): readonly LoginAction[] {
  const { phase, card, purpose, signedIn } = state;
  const withoutPin: readonly LoginAction[] = mayIdentify(state) ? ['without-pin'] : [];
  switch (phase.at) {
    case 'card':
      return purpose === 'sign-in' ? ['no-card', 'forgot-pin', ...withoutPin] : ['no-card'];
    case 'secret':
    case 'last-try': {
      const first: readonly LoginAction[] = phase.at === 'last-try' ? ['confirm-last-try'] : [];
      if (phase.field === 'cie-pin' && purpose === 'sign-in') return [...first, 'forgot-pin', ...withoutPin];
      if (phase.field === 'cie-pin' || phase.field === 'cns-pin') return [...first, 'forgot-pin'];
      return [...first, 'help'];
    }
    case 'problem': {
      const after = AFTER[phase.kind];
      if (!LOCKED_OUT.has(phase.kind)) return after;
      // the PUK is the citizen's own; that of a health card is its issuer's, whom the page names
      const unblock: readonly LoginAction[] =
        phase.kind === 'pin-blocked' && card?.kind === 'cie' ? ['unblock-pin'] : [];
      return [...unblock, ...withoutPin, ...after];
    }
    case 'other-ways': {
      if (phase.about === 'no-card') return ['try-again', 'finish', 'help'];
      const unblock: readonly LoginAction[] = card?.kind === 'cns' ? [] : ['unblock-pin'];
      return [...unblock, ...withoutPin, 'try-again', 'help'];
    }
    case 'signed-in':
      return signedIn?.kind === 'cie' ? ['continue', 'change-pin'] : ['continue'];
    case 'pin-done':
      return ['continue', 'finish'];
    default:
      return [];
  }
}

/** The municipality allows it, a CIE (or no card yet) is there, and this login does not do it already. */
function mayIdentify({ settings, purpose, card, signedIn }: LoginState): boolean {
  const allowed = settings.withoutPin && settings.methods.includes('cie-card-local');
  return allowed && purpose !== 'sign-in-without-pin' && card?.kind !== 'cns' && signedIn === undefined;
}
