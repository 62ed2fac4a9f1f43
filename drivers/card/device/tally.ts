import { isJollyError, type JollyError } from '@jolly/contracts/values';
import { cardError } from '../errors.ts';

const CARD_CODE = /^(CARD|READER|PIN|PUK|SECRET|CAN)_/;

/** Acts reject with errors of `cardError` only: anything else is a fault of ours and says so in its cause. */
export function asCardError(error: unknown): JollyError {
  if (isJollyError(error) && CARD_CODE.test(error.code)) return error;
  return cardError('CARD_ANSWER_INVALID', { step: 'driver', why: 'fault' }, { cause: error });
}

/** How many acts there were and how they failed: never which card, never whose. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  /** `CARD_REMOVED` is counted as `failed-card-removed`. */
  failed({ code }: JollyError): void {
    this.count(`failed-${code.toLowerCase().replaceAll('_', '-')}`);
  }

  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
