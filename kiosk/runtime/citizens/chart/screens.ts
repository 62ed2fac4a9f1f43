import type { CardKind } from '@jolly/drivers/card';
import type { LoginScreen } from '../port.ts';
import { fieldsOf, lengthOf } from './fields.ts';
import { kindOf, type LoginState } from './state.ts';
import { triesOf } from './tries.ts';
import { offeredBy } from './ways.ts';

export interface Frame {
  readonly terminalId: string;
  /** Keys of the pad, as drawn when its field was opened. */
  readonly layout: readonly number[];
}

/** The page that a login shows. */
export function screenOf(state: LoginState, { terminalId, layout }: Frame): LoginScreen {
  const { phase, purpose, card, presence } = state;
  const kind = card?.kind ?? 'cie';
  const actions = [...offeredBy(state)];
  const lying = kindOf(state.seen, presence);
  const known = lying === undefined ? {} : { card: lying };
  const takeCard = presence.state !== 'none' && presence.state !== 'unavailable';
  switch (phase.at) {
    case 'card':
      return { name: 'login-card', purpose, stage: phase.stage, ...known, ...takes(state), actions };
    case 'looking':
      return {
        name: 'login-card',
        purpose,
        stage: 'reading',
        ...known,
        ...takes(state),
        progress: {
          done: phase.done,
          of: phase.of,
          ...(phase.secondsLeft === undefined ? {} : { secondsLeft: phase.secondsLeft }),
        },
        actions,
      };
    case 'challenge':
    case 'another':
      return {
        name: 'login-card',
        purpose,
        stage: 'reading',
        ...known,
        ...takes(state),
        ...(phase.at === 'challenge' ? { progress: { done: phase.of, of: phase.of } } : {}),
        actions,
      };
    case 'secret': {
      const { field, entered, notice } = phase;
      const length = lengthOf(field);
      const tries = field === fieldsOf(purpose, kind)[0] ? triesOf(state, field) : undefined;
      return {
        name: 'login-secret',
        purpose,
        card: kind,
        field,
        entered,
        length: { ...length },
        ...(tries?.told ? { triesLeft: tries.left } : {}),
        ...(notice === undefined ? {} : { notice }),
        layout: [...layout],
        canSubmit: entered >= length.min,
        actions,
      };
    }
    case 'last-try':
      return { name: 'login-last-try', purpose, card: kind, field: phase.field, actions };
    case 'renewing':
      return { name: 'login-working', purpose, card: kind, step: 'server', progress: { done: 0, of: 1 } };
    case 'acting': {
      const { done, of } = phase;
      // looking again is part of opening the channel
      const step = phase.step === 'look' ? 'channel' : phase.step;
      return { name: 'login-working', purpose, card: kind, step, progress: { done, of } };
    }
    case 'proving': {
      const progress = { done: phase.of - 1, of: phase.of };
      return { name: 'login-working', purpose, card: kind, step: 'server', progress };
    }
    case 'signed-in':
      return { name: 'signed-in', card: state.signedIn?.kind ?? kind, takeCard, actions };
    case 'pin-done':
      return { name: 'pin-done', what: phase.what, takeCard, actions };
    case 'problem': {
      const { kind: problem, code } = phase;
      const supportCode = `${terminalId}-${code.replaceAll('_', '-')}`.toUpperCase();
      return {
        name: 'login-problem',
        purpose,
        kind: problem,
        ...(card ? { card: card.kind } : {}),
        supportCode,
        actions,
      };
    }
    case 'other-ways':
      return { name: 'login-other-ways', about: phase.about, actions };
  }
}

/** Cards that lead on from here; with none accepted the picture is that of the CIE, and the next page says why not. */
function takes({ settings, purpose }: LoginState): { cards?: CardKind[] } {
  if (purpose !== 'sign-in') return { cards: ['cie'] };
  const cards = (['cie', 'cns'] as const).filter((kind) => settings.methods.includes(`${kind}-card-local`));
  return cards.length === 0 ? {} : { cards };
}
