import type { SecretField } from '@jolly/contracts/terminal-channel';
import type { LoginState, Tries } from './state.ts';

const keyOf = (sameness: string, field: SecretField): string => `${sameness} ${field}`;

/** What the card in hand said of its counter for this field, in this session. */
export const triesOf = ({ card, tries }: LoginState, field: SecretField): Tries | undefined =>
  card && tries[keyOf(card.sameness, field)];

/** The card counted a wrong try. */
export function counted(state: LoginState, field: SecretField, left: number | undefined): LoginState {
  return left === undefined ? lost(state, field) : put(state, field, { left, last: left <= 1 });
}

/** Nobody knows whether the card counted: warned as if it had, and no number is shown. */
export function lost(state: LoginState, field: SecretField): LoginState {
  const before = triesOf(state, field);
  const last = before?.last === true || (before?.left !== undefined && before.left <= 2);
  return put(state, field, { last });
}

/** A right one sets the counter back. */
export function cleared(state: LoginState, field: SecretField): LoginState {
  if (!state.card) return state;
  const { [keyOf(state.card.sameness, field)]: _, ...tries } = state.tries;
  return { ...state, tries };
}

function put(state: LoginState, field: SecretField, tries: Tries): LoginState {
  if (!state.card) return state;
  return { ...state, tries: { ...state.tries, [keyOf(state.card.sameness, field)]: tries } };
}
