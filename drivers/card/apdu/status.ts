import type { JollyError } from '@jolly/contracts/values';
import { cardError } from '../errors.ts';

/** Status words of ISO 7816-4 that mean something to this driver (cie-card.md 10). */
const MEANINGS: Readonly<Record<number, string>> = {
  36864: 'ok',
  25217: 'data-corrupted',
  25218: 'end-of-file',
  25219: 'file-deactivated',
  25221: 'file-terminated',
  25344: 'verification-failed',
  25600: 'memory-unchanged',
  25985: 'memory-failure',
  26368: 'wrong-length',
  26753: 'channel-not-supported',
  26754: 'secure-messaging-not-supported',
  26755: 'last-of-chain-expected',
  26756: 'chaining-not-supported',
  27009: 'file-structure',
  27010: 'security-status',
  27011: 'blocked',
  27012: 'reference-unusable',
  27013: 'conditions',
  27014: 'no-current-file',
  27015: 'secure-messaging-missing',
  27016: 'secure-messaging-wrong',
  27264: 'data-wrong',
  27265: 'function-not-supported',
  27266: 'file-not-found',
  27268: 'no-space',
  27270: 'parameters-wrong',
  27272: 'object-not-found',
  27392: 'offset-wrong',
  27904: 'instruction-unknown',
  28160: 'class-unknown',
  28416: 'no-diagnosis',
};

export const SW = {
  ok: 0x9000,
  endOfFile: 0x6282,
  verificationFailed: 0x6300,
  lastOfChainExpected: 0x6883,
  securityStatus: 0x6982,
  blocked: 0x6983,
  referenceUnusable: 0x6984,
  fileNotFound: 0x6a82,
  offsetWrong: 0x6b00,
} as const;

/** A word for the status: `ok`, `more`, `tries-left`, `wrong-le`, one of the table, or `unknown`. */
export function statusMeaning(sw: number): string {
  const known = MEANINGS[sw];
  if (known) return known;
  if (sw >> 8 === 0x61) return 'more';
  if (sw >> 8 === 0x6c) return 'wrong-le';
  return triesLeft(sw) === undefined ? 'unknown' : 'tries-left';
}

/** x of 63Cx. */
export function triesLeft(sw: number): number | undefined {
  return (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
}

export const statusText = (sw: number): string => sw.toString(16).toUpperCase().padStart(4, '0');

/** CARD_REFUSED with step, status word and its meaning. */
export function refused(step: string, sw: number): JollyError {
  return cardError('CARD_REFUSED', { step, sw: statusText(sw), meaning: statusMeaning(sw) });
}
