import type { EntryData, Reported, SentCommand } from '@jolly/contracts/fleet-link';

/** How the terminal proves itself to a broker. */
export interface LinkCredentials {
  readonly user: string;
  readonly clientId: string;
  /** A new one for every connection. */
  password(): string;
  /** The device key as PEM, for TLS with the certificate of the tenant's CA. */
  tlsKey?(): string;
}

/** A message of the server's that was signed for this terminal, is not too old and came once. */
export interface Down<Body> {
  readonly id: string;
  /** Of the server's clock. */
  readonly at: number;
  /** On this terminal's clock; until then it may be begun. */
  readonly until?: number | undefined;
  readonly body: Body;
}

/** Settings as they came: not judged yet. */
export interface Offered {
  readonly version: number;
  readonly settings: unknown;
}

/** The live link to the fleet server. Nothing here throws or waits: what must arrive goes by `add`. */
export interface TerminalLink {
  /** The server has said welcome on this connection. */
  readonly connected: boolean;
  /** Connections after the first, since the terminal started. */
  readonly reconnects: number;
  /** From a batch of entries to its acknowledgement (ms), median of the last few. */
  readonly rttMs: number | undefined;
  /** Entries that wait for the server's acknowledgement, and how many were dropped for want of room. */
  readonly backlog: { readonly entries: number; readonly dropped: number };
  onConnected(listener: (connected: boolean) => void): () => void;
  /** One listener each: the capability whose business it is. What came before it is told at once. */
  onDesired(listener: (desired: Down<Offered>) => void): void;
  onCommand(listener: (command: Down<SentCommand>) => void): void;
  onSignal(listener: (signal: Down<unknown>) => void): void;
  /** Only while connected, and not kept; false: it did not go. */
  sendSignal(body: unknown): boolean;
  /** Kept on the disk until the server has it. */
  add(...data: readonly EntryData[]): void;
  /** Where the twin's reported half is read whenever it is told. */
  reported(source: () => Reported): void;
  /** Something of it may have changed. */
  changed(): void;
  /** Says good-bye and ends. */
  close(): Promise<void>;
}
