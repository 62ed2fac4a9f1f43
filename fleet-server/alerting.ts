import type { Clock, Secret } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import {
  AlertDesk,
  alertRoutes,
  alertSources,
  type FleetOfAlerts,
  inMaintenance,
  openWindows,
  settingsOf,
  Teller,
} from './alerts/index.ts';
import type { Audit } from './audit/index.ts';
import type { Changes } from './changes/index.ts';
import type { ServerConfig } from './config.ts';
import type { Http } from './http/index.ts';
import type { ConsoleGate } from './identity/index.ts';
import type { SoleWork } from './leases/index.ts';
import type { FleetLink } from './link/index.ts';
import { mailer } from './mail/index.ts';
import { CENTRE, type Vault } from './sealing/index.ts';
import { statusPageRoutes } from './status-page/index.ts';
import type { Store, Transaction } from './store/index.ts';
import { markTerminals } from './terminals/index.ts';
import { webhookSender } from './webhooks/index.ts';

/** What only time makes wrong is looked for this often. */
const ROUND_MS = 5_000;
const WEBHOOK_MS = 5_000;
const TELL_MS = 5_000;

export interface AlertingParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly people: ConsoleGate;
  readonly link: FleetLink;
  readonly log: FastifyBaseLogger;
  readonly publicUrl: () => string;
}

/** Who notices that a terminal needs somebody, and tells them. */
export interface Alerting {
  /** The rounds: on one server only. */
  readonly work: SoleWork;
  openRoutes(scope: Http): void;
  consoleRoutes(scope: Http): void;
  /** What became of a terminal's key is judged at once. */
  judge(tx: Transaction, terminal: { readonly tenantId: string; readonly terminalId: string }): Promise<void>;
  /** Every municipality once; for tests and after a change of the rules. */
  round(): Promise<void>;
  tidy(): Promise<void>;
}

export function openAlerting(parts: AlertingParts): Alerting {
  const { config, store, clock, vault, changes, audit, people, link, log, publicUrl } = parts;
  const tenants = new Map(config.tenants.map((tenant) => [tenant.id, tenant]));
  const fleet: FleetOfAlerts = alertSources();
  const desk = new AlertDesk({ store, clock, changes, log, sources: fleet, tenants: () => tenants.keys() });
  const secretOf = async (tenantId: string, name: 'smtp-password' | 'webhook-secret') => {
    const set = await vault.has(tenantId, name);
    return set ? vault.get(tenantId, name) : (undefined as Secret<string> | undefined);
  };
  const teller = new Teller({
    store,
    clock,
    log,
    sendMail: config.mail && mailer(config.mail, () => secretOf(CENTRE, 'smtp-password')),
    sendWebhook: webhookSender({ privateAddresses: config.alerts.privateWebhooks, timeoutMs: WEBHOOK_MS }),
    webhookSecret: (tenantId) => secretOf(tenantId, 'webhook-secret'),
    municipality: (tenantId) => tenants.get(tenantId) ?? { name: tenantId, timeZone: 'Europe/Rome' },
    siteOf: (tenantId, terminalId) => fleet.siteOf(store, { tenantId, terminalId }),
    console: () => `${publicUrl()}/console/`,
  });

  link.onReported((tx, from, now, before) => desk.heard(tx, from, now, before));
  link.onPresence((tx, from) => desk.judge(tx, from));

  /** Terminals enter and leave maintenance with their windows. */
  const markMaintenance = async (tenantId: string): Promise<void> => {
    const now = clock.now();
    const changed = await store.transaction(async (tx) => {
      const windows = await openWindows(tx, tenantId, now);
      const places = await fleet.places(tx, tenantId, windows.length > 0);
      const differ = places.filter((place) => inMaintenance(windows, place, now) !== place.marked);
      for (const on of [true, false]) {
        const these = differ.filter(({ marked }) => marked !== on);
        await markTerminals(
          tx,
          these.map(({ terminalId }) => ({ tenantId, terminalId })),
          'maintenance',
          on,
          now,
        );
      }
      return differ.length > 0;
    });
    if (changed) changes.notify(tenantId, 'terminals');
  };

  const round = async (): Promise<void> => {
    for (const tenantId of tenants.keys()) await markMaintenance(tenantId);
    await desk.round();
  };
  const judging = repeated(clock, ROUND_MS, () =>
    round().catch((error: unknown) => log.error({ err: error }, 'the round of the alerts failed')),
  );
  /** Each municipality by itself: a receiver that is silent keeps up nobody else's news, and nobody's judging. */
  const telling = [...tenants.keys()].map((tenantId) =>
    repeated(clock, TELL_MS, () =>
      teller
        .round(tenantId)
        .catch((error: unknown) => log.error({ err: error, tenantId }, 'alerts could not be told')),
    ),
  );

  return {
    work: {
      start() {
        for (const each of [judging, ...telling]) each.start();
      },
      async stop() {
        await Promise.all([judging, ...telling].map((each) => each.stop()));
      },
    },
    openRoutes: (scope) =>
      statusPageRoutes(scope, {
        clock,
        tenants,
        terminals: async (tenantId) =>
          (await settingsOf(store, tenantId)).publicStatus
            ? fleet.publicTerminals(store, tenantId)
            : undefined,
      }),
    consoleRoutes: (scope) =>
      alertRoutes(scope, {
        store,
        clock,
        changes,
        audit,
        gate: people,
        judgeAll: round,
        canTell: async (tenantId) => ({
          mail: config.mail !== undefined,
          webhooks: await vault.has(tenantId, 'webhook-secret'),
        }),
      }),
    judge: (tx, terminal) => desk.judge(tx, terminal),
    round,
    tidy: () => desk.tidy(),
  };
}

/** Does something again and again, a pause after each end of it. */
function repeated(clock: Clock, pauseMs: number, act: () => Promise<void>): SoleWork {
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = act();
    void running.then(() => {
      if (cancel) cancel = clock.after(pauseMs, next);
    });
  };
  return {
    start() {
      cancel = () => undefined;
      next();
    },
    async stop() {
      cancel?.();
      cancel = undefined;
      await running;
    },
  };
}
