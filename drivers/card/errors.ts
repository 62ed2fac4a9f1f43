import { errorsOf } from '@jolly/contracts/values';

/** What can go wrong with a card. `message` names what the citizen is told (`login.problem.<LoginProblemKind>`). */
export const cardError = errorsOf({
  CARD_REMOVED: {
    cause: 'the card was taken away, or is not the one that was there',
    retry: 'later',
    message: 'login.problem.card-removed',
  },
  CARD_MUTE: {
    cause: 'the card does not answer, or two lie in the field',
    retry: 'later',
    message: 'login.problem.card-unreadable',
    cure: 'one card only; wipe its contacts; try another card to tell card from reader',
  },
  CARD_RESET: {
    cause: 'another program reset the card, or its channel broke',
    retry: 'later',
    message: 'login.problem.card-unreadable',
    cure: 'no other program may use the reader',
  },
  CARD_BUSY: {
    cause: 'another program holds the card',
    retry: 'later',
    message: 'login.problem.card-unreadable',
    cure: 'no other program may use the reader',
  },
  CARD_SLOW: {
    cause: 'the card did not answer a command in time',
    retry: 'later',
    message: 'login.problem.card-slow',
  },
  READER_LOST: {
    cause: 'the reader or its service went away',
    retry: 'later',
    message: 'login.problem.reader-unavailable',
    cure: 'check the cable of the reader and that pcscd runs',
  },
  CARD_UNKNOWN: {
    cause: 'neither a CIE nor a TS-CNS',
    retry: 'no',
    message: 'login.problem.card-unknown',
  },
  /** `detail`: `step` and `why` (a word), never bytes of the card. */
  CARD_ANSWER_INVALID: {
    cause: 'the card answered what the standard does not allow',
    retry: 'later',
    message: 'login.problem.card-unreadable',
  },
  /** `detail`: `step`, `sw`. */
  CARD_REFUSED: {
    cause: 'the card refused a command',
    retry: 'later',
    message: 'login.problem.card-unreadable',
  },
  /** Wrong MAC, missing objects, unprotected answer. */
  CARD_CHANNEL_BROKEN: {
    cause: 'secure messaging with the card broke',
    retry: 'later',
    message: 'login.problem.card-unreadable',
  },
  /** `detail.proof`: anti-clone, device-authentication, sod, signature, chip-authentication. */
  CARD_NOT_GENUINE: {
    cause: 'the card failed a proof that only a genuine one can give',
    retry: 'no',
    message: 'login.problem.card-not-genuine',
  },
  /** `detail.triesLeft` when the card said it. */
  PIN_WRONG: { cause: 'the PIN is wrong', retry: 'later', message: 'login.pin-wrong' },
  PIN_BLOCKED: { cause: 'the PIN is blocked', retry: 'no', message: 'login.problem.pin-blocked' },
  PUK_WRONG: { cause: 'the PUK is wrong', retry: 'later', message: 'login.pin-wrong' },
  PUK_BLOCKED: { cause: 'the PUK is blocked', retry: 'no', message: 'login.problem.puk-blocked' },
  /** The link broke after the command left: the try may have counted. Never sent again. */
  PIN_UNCERTAIN: {
    cause: 'the card was lost while a PIN was on its way',
    retry: 'no',
    message: 'login.problem.pin-uncertain',
  },
  /** Refused before the card saw it. */
  SECRET_MALFORMED: { cause: 'not the digits this field takes', retry: 'no', message: 'login.pin-malformed' },
  CAN_WRONG: {
    cause: 'the six digits do not open the card',
    retry: 'later',
    message: 'login.problem.can-wrong',
  },
});
