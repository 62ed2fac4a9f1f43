import { cardError } from './errors.ts';

/** Throws CARD_SLOW once the act was given up (`ActOptions.signal`). */
export function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cardError('CARD_SLOW', { why: 'given-up' });
}
