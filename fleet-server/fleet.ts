import { type Clock, systemRandom } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Audit } from './audit/index.ts';
import type { Changes } from './changes/index.ts';
import type { ServerConfig } from './config.ts';
import { openEnrolment } from './enrolment/index.ts';
import type { Http } from './http/index.ts';
import type { ConsoleGate } from './identity/index.ts';
import type { Keyring, Vault } from './sealing/index.ts';
import { siteRoutes } from './sites/index.ts';
import type { Store } from './store/index.ts';

export interface FleetParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly vault: Vault;
  readonly changes: Changes;
  readonly people: ConsoleGate;
  readonly audit: Audit;
  readonly log: FastifyBaseLogger;
  /** Where this server is reached, without a slash at its end. */
  readonly publicUrl: () => string;
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
  /** Forgets what has had its time; now and then. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export async function openFleet(parts: FleetParts): Promise<Fleet> {
  const { config, store, clock, vault, changes, people, audit, publicUrl } = parts;
  const enrolment = openEnrolment({
    store,
    clock,
    random: systemRandom,
    audit,
    changes,
    vault,
    people,
    tenants: new Set(config.tenants.map(({ id }) => id)),
    settings: config.linkAccess,
    publicUrl,
  });
  return {
    openRoutes: (scope) => {
      enrolment.openRoutes(scope);
    },
    terminalRoutes: (scope) => {
      enrolment.terminalRoutes(scope);
    },
    consoleRoutes: (scope) => {
      enrolment.consoleRoutes(scope);
      siteRoutes(scope, { store, clock, changes, audit, gate: people });
    },
    start: async () => undefined,
    tidy: async () => {
      await enrolment.tidy();
    },
    close: async () => undefined,
  };
}
