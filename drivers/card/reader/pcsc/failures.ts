import { cardError } from '../../errors.ts';

/** PC/SC's words (as pcsc-mini writes them) for the codes of cie-card.md 10. */
const codes: Readonly<Record<string, Parameters<typeof cardError>[0]>> = {
  NoSmartCard: 'CARD_REMOVED',
  RemovedCard: 'CARD_REMOVED',
  /** The card left in the middle of a command. */
  NotTransacted: 'CARD_REMOVED',
  ResetCard: 'CARD_RESET',
  UnpoweredCard: 'CARD_RESET',
  UnresponsiveCard: 'CARD_MUTE',
  UnsupportedCard: 'CARD_MUTE',
  ProtoMismatch: 'CARD_MUTE',
  CommDataLost: 'CARD_MUTE',
  InsufficientBuffer: 'CARD_MUTE',
  SharingViolation: 'CARD_BUSY',
  Timeout: 'CARD_SLOW',
};

/** Errors that come from the native side carry PC/SC's word as their `code`. */
export function hasCode(error: unknown, word: string): boolean {
  return error instanceof Error && 'code' in error && error.code === word;
}

/**
 * The named error behind a word of PC/SC: anything that is not about the card (`ReaderUnavailable`, `NoService`,
 * `ServiceStopped`, `InvalidHandle`, …) is READER_LOST.
 */
export function pcscFailure(word: string): ReturnType<typeof cardError> {
  return cardError(codes[word] ?? 'READER_LOST', { pcsc: word });
}

/** What `ReaderStackEvents.trouble` says for a word of PC/SC. */
export function pcscTrouble(word: string): string | undefined {
  switch (word) {
    case '':
      return undefined;
    case 'NoService':
      return 'no-service';
    case 'NoReadersAvailable':
      return 'no-readers';
    case 'addon-missing':
      return 'stack-missing';
    default:
      return 'service-stopped';
  }
}
