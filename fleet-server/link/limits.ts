/** What one fleet link bears. Every queue has an end; beyond it something is refused, slowed or dropped, and counted. */
export interface LinkLimits {
  /**
   * Connections of the embedded broker, and how many of them may still have to say who they are: no more than it can serve before
   * they lose patience. When all come back at once, one that is turned away at the door costs little and comes again.
   */
  readonly connections: number;
  readonly strangers: number;
  /** A connection says who it is within so long (ms). */
  readonly connectMs: number;
  /** Refused credentials a minute from one address; beyond it the address is not heard for the rest of the minute. */
  readonly failuresPerMinute: number;
  /** Of one terminal, sustained; ten seconds' worth at once is a burst. Beyond it the connection is read more slowly. */
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bytes that wait for a terminal that does not read; beyond it the connection ends. */
  readonly outgoingBytes: number;
  /** Messages, entries and bytes that wait for a commit; beyond it they are dropped and the terminal sends them again. */
  readonly waitingOfOne: number;
  readonly waitingEntries: number;
  readonly waitingBytes: number;
  /** Most entries and messages of one commit. */
  readonly commitEntries: number;
  readonly commitMessages: number;
}

export const LINK_LIMITS: LinkLimits = {
  connections: 19_000,
  strangers: 1_000,
  connectMs: 20_000,
  failuresPerMinute: 600,
  messagesPerSecond: 30,
  bytesPerSecond: 128 * 1024,
  outgoingBytes: 1024 * 1024,
  waitingOfOne: 32,
  waitingEntries: 50_000,
  waitingBytes: 64 * 1024 * 1024,
  commitEntries: 2_000,
  commitMessages: 500,
};
