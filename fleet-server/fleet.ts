import { type Clock, systemRandom } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import { openAlerting } from './alerting.ts';
import { alertsBetween, forecastsOf, openAlertsOf } from './alerts/index.ts';
import type { Audit } from './audit/index.ts';
import type { Changes } from './changes/index.ts';
import { commandConsoleRoutes, commandKinds, commandTerminalRoutes, openCommands } from './commands/index.ts';
import type { ServerConfig } from './config.ts';
import { type FleetRouteSources, fleetRoutes, readOutlines } from './console/index.ts';
import { mayLink, openEnrolment } from './enrolment/index.ts';
import { type Http, upgradeCallers } from './http/index.ts';
import type { ConsoleGate } from './identity/index.ts';
import type { SoleDuty } from './leases/index.ts';
import { type Counts, linkRoutes, openServerLink } from './link/index.ts';
import { keptMs, openRetention } from './retention/index.ts';
import type { Keyring, Vault } from './sealing/index.ts';
import { demoSites, siteRoutes } from './sites/index.ts';
import type { Store } from './store/index.ts';
import { markShut } from './terminals/index.ts';
import type { Tracing } from './tracing/index.ts';
import { openTwin, settingsChangesOf, settingsRoutes, settingsStanding } from './twin/index.ts';

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
  /** Forgets what has had its time; every minute, at the replica that has the duty. */
  tidy(): Promise<void>;
  /** The link in numbers; undefined where there is none. */
  counts(): Counts | undefined;
  close(): Promise<void>;
}

export async function openFleet(parts: FleetParts): Promise<Fleet> {
  const { config, store, clock, keyring, vault, changes, people, duty, audit, log, publicUrl } = parts;
  const enrolment = openEnrolment({
    ...{ store, clock, audit, changes, vault, people, publicUrl },
    random: systemRandom,
    tenants: new Set(config.tenants.map(({ id }) => id)),
    settings: config.linkAccess,
  });
  const { gate, leases, keys, watchers } = enrolment;
  const { link, attach } = openServerLink({
    ...{ store, clock, changes, log, gate, leases, settings: config.link },
    admits: (from) => mayLink(store, from),
    sign: (text) => keys.sign(text),
    callerOf: upgradeCallers(config.trustedProxies),
    keeps: (kind) => keptMs(config.retention, kind),
  });
  watchers.onShut((who) => {
    link
      .disconnect(who)
      .catch((error: unknown) => log.warn({ err: error }, 'a terminal was not disconnected'));
  });
  const retention = openRetention({ store, clock, settings: config.retention });

  const tenants = config.tenants.map(({ id }) => id);
  const zones = new Map(config.tenants.map(({ id, timeZone }) => [id, timeZone]));
  const twin = openTwin({ store, clock, changes, audit, log, link, tenants });
  watchers.onPlaced((who) => {
    twin
      .lookAgain(who)
      .catch((error: unknown) =>
        log.error({ err: error }, 'the settings of a moved terminal are not looked at'),
      );
  });
  const [demoTenant = ''] = tenants;
  const sitesOfDemo =
    config.mode === 'demo' && config.demo
      ? demoSites({ store, clock, tenantId: demoTenant, sites: config.demo.sites })
      : undefined;
  link.onHello(async (from) => {
    if (!(await sitesOfDemo?.place(from))) return;
    await twin.lookAgain(from);
    changes.notify(from.tenantId, 'terminals');
  });
  const outlines = readOutlines(config.tenants);
  const fleetSources: FleetRouteSources = {
    store,
    clock,
    timeZoneOf: (tenantId) => zones.get(tenantId) ?? 'Europe/Rome',
    outlineOf: (tenantId) => outlines.get(tenantId) ?? {},
    settingsOf: (terminal) => settingsStanding(store, terminal),
    settingsChangesOf: (span, limit) => settingsChangesOf(store, span, limit),
    openAlertsOf: (tenantId) => openAlertsOf(store, tenantId),
    alertsOf: (span) => alertsBetween(store, span, span),
    forecastsOf: (terminal) => forecastsOf(store, terminal, clock.now()),
    commandKindsOf: (tenantId, ids) => commandKinds(store, tenantId, ids),
  };
  const commands = openCommands({ store, clock, keyring, audit, changes, link, log });
  const alerting = openAlerting({
    ...{ config, store, clock, vault, changes, audit, people, link, log, publicUrl },
  });
  duty.during(alerting.work);
  duty.during(commands.work);

  for (const [on, mark] of [
    [watchers.onSuspect, true],
    [watchers.onCleared, false],
  ] as const) {
    on(async (tx, who) => {
      await markShut(tx, who, mark, clock.now());
      await alerting.judge(tx, who);
    });
  }

  return {
    openRoutes: (scope) => {
      enrolment.openRoutes(scope);
      alerting.openRoutes(scope);
      attach(scope.server);
    },
    terminalRoutes: (scope) => {
      enrolment.terminalRoutes(scope);
      commandTerminalRoutes(scope, commands);
    },
    consoleRoutes: (scope) => {
      enrolment.consoleRoutes(scope);
      linkRoutes(scope, people);
      siteRoutes(scope, { store, clock, changes, audit, gate: people });
      fleetRoutes(scope, fleetSources, people);
      settingsRoutes(scope, twin.parts, people);
      commandConsoleRoutes(scope, people, commands);
      alerting.consoleRoutes(scope);
    },
    start: async () => {
      await sitesOfDemo?.make();
      await link.start();
      twin.spread.start();
    },
    tidy: async () => {
      await enrolment.tidy();
      await commands.tidy();
      await retention.tidy();
      await alerting.tidy();
    },
    close: async () => {
      await twin.spread.stop();
      await link.close();
    },
    counts: () => link.counts(),
  };
}
