import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Audit } from './audit/index.ts';
import type { Changes } from './changes/index.ts';
import type { ServerConfig } from './config.ts';
import type { Http } from './http/index.ts';
import type { ConsoleGate } from './identity/index.ts';
import type { SoleDuty } from './leases/index.ts';
import type { Counts } from './link/index.ts';
import { openRetention } from './retention/index.ts';
import type { Keyring, Vault } from './sealing/index.ts';
import type { Store } from './store/index.ts';
import type { Tracing } from './tracing/index.ts';

export interface FleetParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly vault: Vault;
  readonly changes: Changes;
  readonly people: ConsoleGate;
  /** What one replica does for all: timers of alerts, escalation, webhooks and the like run while it is `mine()`. */
  readonly duty: SoleDuty;
  /** Spans around what takes long; transactions and calls have theirs already. */
  readonly tracing: Tracing;
  readonly audit: Audit;
  readonly log: FastifyBaseLogger;
}

/** What looks after the terminals: enrolment, link, settings, commands, alerts. The one place that knows all of them. */
export interface Fleet {
  /** Routes for everybody: each guards itself. */
  openRoutes(scope: Http): void;
  /** Behind the terminal's signature. */
  terminalRoutes(scope: Http): void;
  /** Behind the console's session. */
  consoleRoutes(scope: Http): void;
  /** Starts what runs in the background. */
  start(): Promise<void>;
  /** Forgets what has had its time; every minute, at the replica that has the duty. */
  tidy(): Promise<void>;
  /** The link in numbers; undefined where there is none. */
  counts(): Counts | undefined;
  close(): Promise<void>;
}

export async function openFleet(parts: FleetParts): Promise<Fleet> {
  const { config, store, clock } = parts;
  const retention = openRetention({ store, clock, settings: config.retention });
  return {
    openRoutes: () => undefined,
    terminalRoutes: () => undefined,
    consoleRoutes: () => undefined,
    start: async () => undefined,
    tidy: () => retention.tidy(),
    counts: () => undefined,
    close: async () => undefined,
  };
}
