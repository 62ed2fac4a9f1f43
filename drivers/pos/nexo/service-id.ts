import { createHash } from 'node:crypto';
import type { Clock } from '@jolly/contracts/values';
import type { ChargeReference } from '../port.ts';

/** Nine digits of base 36, 46 bits: among the messages a terminal remembers two never meet by chance. */
function nine(text: string): string {
  const bytes = createHash('sha256').update(text).digest();
  return (bytes.readBigUInt64BE(0) % 36n ** 9n).toString(36).toUpperCase().padStart(9, '0');
}

/**
 * The ServiceID of a charge, made from what the journal holds of it: after a crash the same reference gives the same name, and a
 * second attempt (another `startedAt`) another one.
 */
export const chargeServiceId = ({ kioskPaymentId, startedAt }: ChargeReference): string =>
  `P${nine(`${kioskPaymentId} ${startedAt}`)}`;

/** The ServiceID of the reversal of one charge: asking twice gives back once. */
export const reversalServiceId = (posReference: string): string => `R${nine(posReference)}`;

/** Names of questions: the instant in base 36, never the same twice. A restart goes on where the clock is. */
export class QuestionIds {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    this.#last = Math.max(this.#clock.now(), this.#last + 1);
    return `Q${this.#last.toString(36).toUpperCase().padStart(9, '0').slice(-9)}`;
  }
}
