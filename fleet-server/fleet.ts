import { type Clock, systemRandom } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Audit } from './audit/index.ts';
import type { Changes } from './changes/index.ts';
import type { ServerConfig } from './config.ts';
import { createWatchers, linkGate, mayLink, openLeases, openLinkKeys } from './enrolment/index.ts';
import type { Http } from './http/index.ts';
import type { ConsoleGate } from './identity/index.ts';
import { linkRoutes, openServerLink } from './link/index.ts';
import type { Keyring, Vault } from './sealing/index.ts';
import type { Store } from './store/index.ts';
import { markTerminals } from './terminals/index.ts';

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
  const { store, clock, vault, changes, audit, config, log } = parts;
  const watchers = createWatchers();
  const keys = openLinkKeys(vault, clock);
  const { link, attach } = openServerLink({
    ...{ store, clock, changes, log, settings: config.link },
    gate: linkGate(store, clock),
    leases: openLeases({ clock, random: systemRandom, audit, watchers }),
    admits: (from) => mayLink(store, from),
    sign: (text) => keys.sign(text),
  });
  watchers.onSuspect((tx, who) => markTerminals(tx, [who], 'suspect', true, clock.now()));
  watchers.onCleared((tx, who) => markTerminals(tx, [who], 'suspect', false, clock.now()));

  return {
    openRoutes: (scope) => attach(scope.server),
    terminalRoutes: () => undefined,
    consoleRoutes: (scope) => linkRoutes(scope),
    start: async () => {
      await link.start();
    },
    tidy: async () => undefined,
    close: async () => {
      await link.close();
    },
  };
}
