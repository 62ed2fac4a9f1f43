import type { SecretField } from '@jolly/contracts/terminal-channel';
import { SecretDigits } from '@jolly/contracts/values';
import { lengthOf } from './chart/index.ts';
import { faultOfNew, type PinFault } from './new-pin.ts';

/** The buffers of one login: made when a field is asked, wiped together. While the card works they are lent to it. */
export class LoginSecrets {
  readonly #digits = new Map<SecretField, SecretDigits>();
  #lent = false;

  /** An empty buffer for the field. */
  fresh(field: SecretField): SecretDigits {
    const digits = this.#digits.get(field) ?? new SecretDigits(lengthOf(field).max);
    digits.wipe();
    this.#digits.set(field, digits);
    return digits;
  }

  /** The digits typed into that field. */
  get(field: SecretField): SecretDigits {
    const digits = this.#digits.get(field);
    if (!digits) throw new Error('a secret was asked for that nobody typed');
    return digits;
  }

  /** What is wrong with what was just typed into this field, as far as the terminal can tell. */
  faultOf(field: SecretField): PinFault | undefined {
    if (field === 'cie-new-pin') return faultOfNew(this.get(field), this.#digits.get('cie-pin'));
    if (field !== 'cie-new-pin-again') return undefined;
    return this.get(field).equals(this.get('cie-new-pin')) ? undefined : 'not-the-same';
  }

  /**
   * Lends them to the card for one act and wipes them when it has ended, however it ends. A buffer that was wiped under the
   * driver's hands would be sent as another PIN, and cost a try.
   */
  async lend<T>(act: () => Promise<T>): Promise<T> {
    this.#lent = true;
    try {
      return await act();
    } finally {
      this.#lent = false;
      this.#wipe();
    }
  }

  /** Wipes all; those that are lent are wiped when they come back. */
  wipe(): void {
    if (!this.#lent) this.#wipe();
  }

  #wipe(): void {
    for (const digits of this.#digits.values()) digits.wipe();
    this.#digits.clear();
  }
}
