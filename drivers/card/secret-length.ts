import type { SecretDigits } from '@jolly/contracts/values';
import { cardError } from './errors.ts';
import { SECRET_LENGTH } from './port.ts';

/**
 * Throws SECRET_MALFORMED for digits that this field does not take. Asked when an act begins, so that the card sees nothing, and again
 * right before the digits go into a command: their owner may have wiped them meanwhile, and nothing filled up is a PIN too.
 */
export function mustFit(field: keyof typeof SECRET_LENGTH, ...secrets: readonly SecretDigits[]): void {
  const { min, max } = SECRET_LENGTH[field];
  for (const { length } of secrets) {
    if (length < min || length > max) throw cardError('SECRET_MALFORMED', { field });
  }
}
