/** What lies on one slot of a reader. `mute`: something is there that does not answer (two cards in the field do that). */
export type SlotState = 'empty' | 'card' | 'mute';

export interface Slot {
  /** PC/SC name of the reader, or the address of a virtual one. */
  readonly name: string;
  readonly state: SlotState;
  /** ATR while a card is there. */
  readonly atr: Uint8Array | undefined;
  /** Grows with each insertion seen by this process, over all slots: the same number is the same card, never moved. */
  readonly insertion: number;
}

export interface ReaderStackEvents {
  /** The slots there are, after each change; an empty list: no reader (or no service). */
  slots(slots: readonly Slot[]): void;
  /** `service-stopped`, `no-service`, `no-readers`, `stack-crashed`…; undefined: all is well. */
  trouble(reason: string | undefined): void;
}

/** A card inside an exclusive transaction. */
export interface CardInHand {
  readonly slot: Slot;
  readonly protocol: 'T=0' | 'T=1';
  /**
   * One command, one answer, as bytes (the answer ends with SW1 SW2, so at least two). Rejects with a named error of
   * `cardError`: CARD_REMOVED, CARD_MUTE, CARD_RESET, CARD_SLOW, READER_LOST. The caller owns `apdu` and wipes it.
   */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
}

/**
 * The readers of one URI, over PC/SC or a virtual slot's wire. Comes back by itself whatever disappears (reader, service,
 * process). Invariants: one transaction at a time; it ends with a reset of the card, whatever happened; after `close` no
 * event comes.
 */
export interface ReaderStack {
  readonly uri: string;
  readonly slots: readonly Slot[];
  readonly counters: Readonly<Record<string, number>>;
  start(events: ReaderStackEvents): void;
  /**
   * Runs `act` on the card of that insertion, exclusively. Rejects with CARD_REMOVED when it is no longer that card, with what
   * `act` rejected, or with CARD_BUSY when another program holds it. A removal makes the `transmit` under way and every further
   * one reject; so does `signal`, with CARD_SLOW.
   */
  withCard<T>(insertion: number, act: (card: CardInHand) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}
