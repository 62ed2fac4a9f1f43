import type { SecretDigits } from '@jolly/contracts/values';

/** Why a new PIN is not taken; in words of the page that asks again. */
export type PinFault = 'too-simple' | 'same-as-before' | 'not-the-same';

/**
 * Whether anybody would guess it first: one digit all along, a run up or down (`12345678`, `98765432`, `90123456`), one
 * pair or one half said again (`12121212`, `12341234`). A whole date is not refused: too many PINs look like one.
 */
export function tooSimple(pin: SecretDigits): boolean {
  const digits = pin.ascii();
  const every = (holds: (digit: number, at: number) => boolean): boolean => digits.every(holds);
  const step = (by: number): boolean =>
    every((digit, at) => at === 0 || (digit - (digits[at - 1] ?? 0) + 10) % 10 === by);
  const period = (of: number): boolean => every((digit, at) => at < of || digit === digits[at - of]);
  return step(0) || step(1) || step(9) || period(2) || period(digits.length / 2);
}

/** A new PIN as first typed. */
export function faultOfNew(pin: SecretDigits, old: SecretDigits | undefined): PinFault | undefined {
  if (old?.equals(pin)) return 'same-as-before';
  return tooSimple(pin) ? 'too-simple' : undefined;
}
