import { nameOf } from './bytes.ts';

/** Result codes that the driver decides by (pos.md 2). */
export const result = {
  ok: 0x00,
  noData: 0x65,
  notRegistered: 0x6b,
  aborted: 0x6c,
  wait: 0x9c,
  notReady: 0xa0,
  cardInserted: 0xdc,
  cardNotRemoved: 0xe1,
  notSupported: 0x83,
} as const;

/** Words of field 27, of `06 1E` and of `84 xx`. */
const results: Readonly<Record<number, string>> = {
  0: 'ok',
  30: 'wrong-currency',
  100: 'card-unreadable',
  101: 'no-card-data',
  102: 'processing-error',
  107: 'not-registered',
  108: 'aborted',
  111: 'wrong-currency',
  120: 'card-expired',
  122: 'card-unknown',
  131: 'not-supported',
  154: 'protocol-error',
  156: 'wait',
  157: 'partial-issue',
  160: 'receiver-not-ready',
  180: 'already-reversed',
  181: 'reversal-impossible',
  194: 'diagnosis-needed',
  204: 'printer-not-ready',
  220: 'card-inserted',
  226: 'reader-defective',
  228: 'activation-needed',
  240: 'end-of-day-open',
  255: 'system-error',
};

const HOST_FIRST = 0x01;
const HOST_LAST = 0x63;

/** `0x6c` → `aborted`; codes 01–63 are the host's own: `host-05`. */
export function resultWord(code: number): string {
  const word = results[code];
  if (word) return word;
  return code >= HOST_FIRST && code <= HOST_LAST ? `host-${nameOf(code)}` : `result-${nameOf(code)}`;
}

const statuses: Readonly<Record<number, string>> = {
  0: 'ready',
  81: 'initialisation-needed',
  98: 'date-time-wrong',
  156: 'busy',
  177: 'memory-full',
  194: 'diagnosis-needed',
  220: 'card-inserted',
  223: 'out-of-order',
  225: 'card-not-removed',
  227: 'shutter',
  240: 'end-of-day-needed',
};

/** Words of the status byte that answers `05 01`. */
export const statusWord = (code: number): string => statuses[code] ?? `status-${nameOf(code)}`;

const REMOVE_CARD = 0x40;
const intermediates: Readonly<Record<number, string>> = {
  10: 'insert-card',
  11: 'remove-card',
  14: 'wait',
  21: 'wrong-pin',
  23: 'wait',
  24: 'pin-tries-exceeded',
  28: 'approved-take-goods',
  29: 'declined',
};

/** Words of the code of `04 FF`; +40 says the same and asks to take the card away. */
export function intermediateWord(code: number): string {
  const word = intermediates[code];
  if (word) return word;
  const plain = code & REMOVE_CARD ? intermediates[code ^ REMOVE_CARD] : undefined;
  return plain ? `${plain}-remove-card` : `intermediate-${nameOf(code)}`;
}

/** The terminal waits for a card and nothing else: the only moment at which an abort still means something. */
export const awaitsCard = (code: number): boolean => (code & ~REMOVE_CARD) === 0x0a;

const cardKinds: Readonly<Record<number, 'debit' | 'credit'>> = {
  5: 'debit',
  6: 'credit',
  10: 'credit',
  11: 'debit',
  13: 'debit',
  14: 'credit',
  46: 'debit',
};

/** Kind of card by field 8A; a name that says "debit" counts more (Debit Mastercard is told as 06 by some). */
export function cardKindOf(
  cardType: number | undefined,
  name: string | undefined,
): 'debit' | 'credit' | 'other' {
  if (name && /\bdebit\b/i.test(name)) return 'debit';
  return (cardType !== undefined && cardKinds[cardType]) || 'other';
}
