import type { SecretField } from '@jolly/contracts/terminal-channel';
import type { LoginState, Tries } from './state.ts';

/** What a counter may stand at when nobody has said anything of it (cie-card.md 5, 7). The six digits are not counted. */
const MOST: Readonly<Partial<Record<SecretField, number>>> = { 'cie-pin': 3, 'cns-pin': 3, 'cie-puk': 10 };

/** What is known of this field's counter on the card in hand. */
export const triesOf = ({ card, tries }: LoginState, field: SecretField): Tries | undefined =>
  card && tries[card.sameness]?.[field];

/** The next wrong one may block: it is not sent before the citizen has said that they want it. */
export const mayBeLast = (state: LoginState, field: SecretField): boolean =>
  (triesOf(state, field)?.left ?? MOST[field] ?? Number.POSITIVE_INFINITY) <= 1;

/** The card counted a wrong try. */
export function counted(state: LoginState, field: SecretField, left: number | undefined): LoginState {
  return left === undefined ? lost(state, field) : put(state, field, { left, told: true });
}

/** Nobody knows whether the card counted: taken as if it had, and no number is shown. */
export function lost(state: LoginState, field: SecretField): LoginState {
  const before = triesOf(state, field)?.left ?? MOST[field];
  if (before === undefined) return state;
  return put(state, field, { left: Math.max(1, before - 1), told: false });
}

/** A right one sets the counter back. */
export const cleared = (state: LoginState, field: SecretField): LoginState => put(state, field, undefined);

function put(state: LoginState, field: SecretField, counter: Tries | undefined): LoginState {
  if (!state.card) return state;
  const { sameness } = state.card;
  const { [field]: _, ...others } = state.tries[sameness] ?? {};
  const card = counter ? { ...others, [field]: counter } : others;
  return { ...state, tries: { ...state.tries, [sameness]: card } };
}
