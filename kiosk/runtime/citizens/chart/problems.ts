import type { LoginProblemKind } from '@jolly/contracts/terminal-channel';

/** What the citizen is told of an error of the card driver. Wrong PINs and PUKs are not here: they are asked again. */
const BY_CODE: Readonly<Record<string, LoginProblemKind>> = {
  CARD_REMOVED: 'card-removed',
  CARD_MUTE: 'card-unreadable',
  CARD_RESET: 'card-unreadable',
  CARD_BUSY: 'card-unreadable',
  CARD_ANSWER_INVALID: 'card-unreadable',
  CARD_REFUSED: 'card-unreadable',
  CARD_CHANNEL_BROKEN: 'card-unreadable',
  CARD_SLOW: 'card-slow',
  CARD_UNKNOWN: 'card-unknown',
  CARD_NOT_GENUINE: 'card-not-genuine',
  READER_LOST: 'reader-unavailable',
  PIN_BLOCKED: 'pin-blocked',
  PUK_BLOCKED: 'puk-blocked',
  PIN_UNCERTAIN: 'pin-uncertain',
  CAN_WRONG: 'can-wrong',
};

export const problemOf = (code: string): LoginProblemKind => BY_CODE[code] ?? 'card-unreadable';

/** Troubles at the reader: a card laid anew goes on without a touch. After an uncertain PIN nothing goes on by itself. */
export const AT_READER: ReadonlySet<LoginProblemKind> = new Set([
  'card-removed',
  'card-two',
  'card-unreadable',
  'card-unknown',
  'card-other',
  'card-slow',
]);
