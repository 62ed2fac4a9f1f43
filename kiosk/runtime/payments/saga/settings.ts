/** Limits of the saga, all in milliseconds (pagopa.md 3.7 and 7, pos.md 1.5). */
export interface SagaSettings {
  /** No card is asked for when the token lives less than this. */
  readonly minTokenMs: number;
  /** How long the screen waits for the node's acknowledgement. */
  readonly outcomeWaitMs: number;
  /** Between two questions to a terminal that does not answer about a lost charge. */
  readonly askPosEveryMs: number;
  /** The operator is called this long before the token of an unknown charge expires. */
  readonly giveUpBeforeExpiryMs: number;
  /** After a restart a terminal is given at least this long to come back. */
  readonly restartPatienceMs: number;
  /** Between two questions to the server about the node's word. */
  readonly askNodeEveryMs: number;
  readonly activateAgainMs: number;
}

export const defaultSagaSettings: SagaSettings = {
  minTokenMs: 120_000,
  outcomeWaitMs: 12_000,
  askPosEveryMs: 5_000,
  giveUpBeforeExpiryMs: 60_000,
  restartPatienceMs: 120_000,
  askNodeEveryMs: 500,
  activateAgainMs: 1_000,
};
