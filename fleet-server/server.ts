import { randomUUID } from 'node:crypto';
import { TERMINAL_ROUTES, TimeResponse } from '@jolly/contracts/fleet-api';
import { type Clock, Secret, systemRandom } from '@jolly/contracts/values';
import { assistanceConsoleRoutes, assistanceRoutes, forgetCalls } from './assistance/index.ts';
import { auditRoutes, openAudit } from './audit/index.ts';
import { CheckoutCarts, cartRoutes } from './carts/index.ts';
import { catalogueRoutes, noCatalogue } from './catalogue/index.ts';
import { createChanges } from './changes/index.ts';
import {
  type CitizenGate,
  cieCardWay,
  citizenGate,
  citizenRoutes,
  cnsCardWay,
  forgetAudit,
  openLogins,
} from './citizens/index.ts';
import type { ServerConfig } from './config.ts';
import { consolePages, consoleRoutes } from './console/index.ts';
import { debtPositionDesk, debtPositionRoutes, GpdDebtPositions } from './debt-positions/index.ts';
import { readCatalogues, readTrust } from './files.ts';
import { openFleet } from './fleet.ts';
import type { PaymentGateway } from './gateway/index.ts';
import {
  createHttp,
  describeApi,
  type Http,
  type HttpOptions,
  MOST_CALLS,
  serveApiPage,
} from './http/index.ts';
import {
  consoleGate,
  enrolmentRoutes,
  forgetExpired,
  guardTerminal,
  openSessions,
  permissionOf,
  sessionOf,
  terminalGate,
} from './identity/index.ts';
import { openDuty } from './leases/index.ts';
import { depthOfQueues, healthRoutes, openMeters, readiness } from './metrics/index.ts';
import { type ClosedItem, operatorDesk } from './operator/index.ts';
import {
  callbackRoutes,
  findPayment,
  mustGiveBack,
  openPayments,
  paymentRoutes,
  updatePayment,
} from './payments/index.ts';
import { OWASP_COST, openPeople, personDirectory, type ScryptCost } from './people/index.ts';
import { type PlatformFetch, platformFetch } from './platform/index.ts';
import { forgetLinks, receiptLinkRoutes, receiptPageRoutes } from './receipts/index.ts';
import { openReconciliation, posDayRoutes, type Reconciliation } from './reconciliation/index.ts';
import { openRevocation, type RevocationFetch, revocationFetch } from './revocation/index.ts';
import {
  type CredentialHolder,
  holdCredentials,
  type Keyring,
  openVault,
  secretsOf,
} from './sealing/index.ts';
import { checkSettings, gatewayOf } from './settings.ts';
import type { Store, Transaction } from './store/index.ts';
import { usageRoutes } from './telemetry/index.ts';
import { openTracing } from './tracing/index.ts';

const HOUSEKEEPING_MS = 60_000;
/** A citizen waits before the screen: each address of a CA has this long. */
const REVOCATION_MS = 4_000;

export interface ServerParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly makeGateway: (tenantId: string, credentials: CredentialHolder) => PaymentGateway;
  readonly logLevel?: HttpOptions['logLevel'];
  readonly logTo?: HttpOptions['logTo'];
  /** How the authorities' lists and responders are asked; over HTTP unless a test says otherwise. */
  readonly fetchRevocation?: RevocationFetch;
  /** How debt positions and carts are asked for; over HTTP unless a test says otherwise. */
  readonly fetchPlatform?: PlatformFetch;
  /** What a password costs to try; OWASP's figures unless a test says otherwise. */
  readonly passwordCost?: ScryptCost;
}

export interface ServerRoute {
  readonly method: string;
  readonly url: string;
  /** What the console asks for it; undefined: not a route of the console. */
  readonly permission: string | undefined;
}

export interface FleetServer {
  readonly app: Http;
  readonly payments: ReturnType<typeof openPayments>;
  readonly reconciliation: Reconciliation;
  /** For the services that act for a citizen. */
  readonly citizens: CitizenGate;
  /** Every route there is: the tests walk them. */
  routes(): readonly ServerRoute[];
  /** Starts what runs in the background; `app.listen` is the caller's. */
  start(): Promise<void>;
  /** Refuses new calls, finishes those under way, closes the store. */
  close(): Promise<void>;
}

/** Puts the capabilities together: the only place that knows all of them. */
export async function buildServer(parts: ServerParts): Promise<FleetServer> {
  const { clock, keyring } = parts;
  const config = checkSettings(parts.config);
  const replica = randomUUID();
  const meters = openMeters(clock);
  const tracing = await openTracing(config.otel, replica, (error) =>
    app.log.warn({ err: error }, 'traces lost'),
  );
  const store = tracing.traced(meters.timed(parts.store));
  const trust = readTrust(config);
  const tenants = new Map(config.tenants.map((tenant) => [tenant.id, tenant]));
  const demo = config.mode === 'demo' ? config.demo : undefined;
  const changes = createChanges(store);

  const vault = openVault(store, keyring, clock);
  for (const tenantId of demo ? tenants.keys() : []) {
    await vault.set(tenantId, 'gateway-password', new Secret(demo?.gatewayPassword ?? ''));
    await vault.set(tenantId, 'gateway-subscription-key', new Secret(demo?.gatewaySubscriptionKey ?? ''));
    await vault.set(tenantId, 'gateway-client-secret', new Secret(demo?.gatewayClientSecret ?? ''));
    await vault.set(tenantId, 'gateway-callback-token', new Secret(demo?.gatewayCallbackToken ?? ''));
    await vault.set(tenantId, 'debt-positions-key', new Secret(demo?.platformKey ?? ''));
    await vault.set(tenantId, 'checkout-key', new Secret(demo?.platformKey ?? ''));
  }
  const gateways = new Map(
    config.tenants.map(({ id }) => {
      const credentials = holdCredentials(vault, id, secretsOf[gatewayOf(config, id).kind]);
      return [id, { credentials, gateway: parts.makeGateway(id, credentials) }];
    }),
  );

  const app = await createHttp({
    clock,
    production: config.mode === 'production',
    trustedProxies: config.trustedProxies,
    ...(parts.logLevel ? { logLevel: parts.logLevel } : {}),
    ...(parts.logTo ? { logTo: parts.logTo } : {}),
  });
  tracing.watch(app);
  meters.watch(app);
  const routes: (() => ServerRoute)[] = [];
  app.addHook('onRoute', (route) => {
    // Asked later: the scope that a route is in may still say what it needs.
    for (const method of [route.method].flat()) {
      routes.push(() => ({ method, url: route.url, permission: permissionOf(route) }));
    }
  });
  const audit = openAudit(store, clock, keyring);
  const operator = operatorDesk({ store, clock, changes, audit, closed: refundClosed });
  const timeZoneOf = (tenantId: string) => tenants.get(tenantId)?.timeZone ?? 'Europe/Rome';
  const payments = openPayments({
    store,
    clock,
    keyring,
    operator,
    changes,
    tokenMsOf: (tenantId) => gatewayOf(config, tenantId).tokenMs,
    log: app.log,
    timeZoneOf,
    gatewayFor: async ({ tenantId, terminalId }) => {
      const found = gateways.get(tenantId);
      if (!found) throw new Error('a tenant without gateway');
      await found.credentials.refresh();
      return found.gateway.forTerminal?.(terminalId) ?? found.gateway;
    },
  });

  const catalogues = readCatalogues(config, (tenantId, faults) =>
    app.log.error({ tenantId, faults }, 'the catalogue written anew has faults; it stays as it was'),
  );
  const catalogueOf = (tenantId: string) => catalogues.get(tenantId) ?? noCatalogue;
  const platform = parts.fetchPlatform ?? platformFetch(clock);
  const { debtPositions: archive, carts: checkout } = config;
  const positions = debtPositionDesk({
    store,
    clock,
    tenants,
    catalogueOf,
    archiveOf: (tenantId) =>
      archive &&
      new GpdDebtPositions({
        settings: archive,
        key: () => vault.get(tenantId, 'debt-positions-key'),
        fetch: platform,
      }),
    log: app.log,
  });
  const cartsOf = (tenantId: string) =>
    checkout &&
    new CheckoutCarts({
      settings: {
        ...checkout,
        returnUrl: checkout.returnUrl ?? config.publicUrl ?? app.listeningOrigin,
        loopbackPages: config.mode === 'demo',
      },
      key: () => vault.get(tenantId, 'checkout-key'),
      fetch: platform,
    });

  const reconciliation = openReconciliation({ store, clock, changes, audit, operator, tenants });
  const receipts = {
    store,
    clock,
    tenants,
    publicUrl: () => config.publicUrl ?? app.listeningOrigin,
  };
  const revocation = openRevocation({
    clock,
    keepMs: config.logins.revocationKeepHours * 3_600_000,
    fetch:
      parts.fetchRevocation ??
      revocationFetch({ privateAddresses: config.mode === 'demo', timeoutMs: REVOCATION_MS }),
    failed: (error) => app.log.warn({ err: error }, 'revocation not to be had'),
  });
  const logins = openLogins({
    store,
    clock,
    random: systemRandom,
    tenants,
    ways: [cieCardWay(trust, revocation), cnsCardWay(trust, revocation)],
  });
  const citizens = citizenGate(logins.sessions);
  const terminals = terminalGate(store, clock);
  const secureCookies = config.mode === 'production';
  const sessions = openSessions({
    store,
    clock,
    idleMs: config.signIn.idleMinutes * 60_000,
    longestMs: config.signIn.hours * 3_600_000,
    secureCookies,
  });
  const directory = personDirectory({ store, tenants, demo: demo !== undefined });
  const people = consoleGate({ clock, sessions, directory });
  const duty = openDuty({
    store,
    clock,
    replica,
    failed: (error) => app.log.error({ err: error }, 'the duty of one replica failed'),
  });
  duty.during(payments.worker);
  const persons = await openPeople({
    store,
    clock,
    keyring,
    vault,
    audit,
    changes,
    sessions,
    directory,
    tenants,
    settings: config.signIn,
    publicUrl: receipts.publicUrl,
    gate: people,
    passwordCost: parts.passwordCost ?? OWASP_COST,
    secureCookies,
    demoPeople: demo && demoPeople(demo.user),
    log: app.log,
  });
  const fleet = await openFleet({
    config,
    store,
    clock,
    keyring,
    vault,
    changes,
    people,
    duty,
    tracing,
    audit,
    log: app.log,
    publicUrl: () => originOf(config, app.server.listening ? app.listeningOrigin : undefined),
  });

  meters.from({
    link: () => fleet.counts(),
    duty: () => duty.mine(),
    queues: () => depthOfQueues(store, operator, [...tenants.keys()]),
  });
  let started = false;

  await describeApi(app);
  await app.register(async (scope) => {
    enrolmentRoutes(scope as Http, {
      store,
      clock,
      tenants: new Set(tenants.keys()),
      developmentCode: demo?.enrolmentCode,
    });
    persons.openRoutes(scope as Http);
    healthRoutes(scope as Http, {
      meters,
      settings: config.metrics,
      ready: readiness(parts.store, fleet, () => started),
    });
    receiptPageRoutes(scope as Http, receipts);
    fleet.openRoutes(scope as Http);
    callbackRoutes(scope as Http, payments, {
      doorOf: (tenantId) => {
        const found = gateways.get(tenantId);
        if (!found?.gateway.card) return undefined;
        const { gateway, credentials } = found;
        return {
          gateway,
          token: () => credentials.held('gateway-callback-token'),
          refresh: () => credentials.refresh(),
        };
      },
    });
    await consolePages(scope as Http, config.consoleDir);
  });
  await app.register(async (scope) => {
    const signed = scope as Http;
    guardTerminal(signed, terminals);
    signed.get(
      TERMINAL_ROUTES.time,
      { schema: { response: { 200: TimeResponse }, tags: ['terminals'] } },
      () => ({
        now: clock.now(),
      }),
    );
    paymentRoutes(signed, payments);
    receiptLinkRoutes(signed, receipts);
    posDayRoutes(signed, reconciliation);
    usageRoutes(signed, store, clock);
    assistanceRoutes(signed, { store, clock, changes });
    citizenRoutes(signed, logins, citizens);
    catalogueRoutes(signed, catalogueOf);
    debtPositionRoutes(signed, positions);
    cartRoutes(signed, cartsOf);
    fleet.terminalRoutes(signed);
  });
  await app.register(async (scope) => {
    const gate = people;
    scope.addHook('onRequest', gate.session);
    scope.addHook(
      'onRequest',
      app.rateLimit({ ...MOST_CALLS, keyGenerator: (call) => sessionOf(call).tokenHash }),
    );
    scope.addHook('onRoute', (route) => {
      if (permissionOf(route) === undefined) throw new Error(`${route.url} does not say who may call it`);
    });
    persons.consoleRoutes(scope as Http);
    auditRoutes(scope as Http, { audit, gate, clock });
    consoleRoutes(scope as Http, { store, clock, operator, changes, reconciliation, gate, timeZoneOf });
    assistanceConsoleRoutes(scope as Http, { store, clock, changes, audit, gate });
    fleet.consoleRoutes(scope as Http);
  });
  await serveApiPage(app, [people.session, people.needs('fleet.read')]);

  let cancelHousekeeping: (() => void) | undefined;
  let tidying: Promise<unknown> = Promise.resolve();
  const housekeeping = () => {
    logins.tidy();
    cancelHousekeeping = clock.after(HOUSEKEEPING_MS, housekeeping);
    if (!duty.mine()) return;
    tidying = Promise.all([
      forgetExpired(store, clock.now()),
      forgetLinks(store, clock.now()),
      forgetCalls(store, clock.now()),
      forgetAudit(store, clock.now(), config.logins.auditDays),
      reconciliation.sealPastDays(),
      persons.tidy(),
      fleet.tidy(),
    ]).catch((error: unknown) => app.log.error({ err: error }, 'housekeeping failed'));
  };

  return {
    app,
    payments,
    reconciliation,
    citizens,
    routes: () => routes.map((route) => route()),
    async start() {
      await duty.start();
      housekeeping();
      await fleet.start();
      started = true;
    },
    async close() {
      started = false;
      cancelHousekeeping?.();
      await fleet.close();
      await app.close();
      logins.close();
      await payments.worker.stop();
      await tidying;
      await duty.close();
      await tracing.close();
      meters.close();
      await store.close();
    },
  };
}

/** Where terminals and browsers reach this server; one that does not listen (yet) is on this machine only. */
function originOf(config: ServerConfig, listening: string | undefined): string {
  const url = config.publicUrl ?? listening ?? `http://127.0.0.1:${config.listen.port}`;
  return url.replace(/\/+$/, '');
}
/** Two, so that the second person of a refund can be tried. */
function demoPeople(user: string) {
  return [
    { user, name: 'Operatore dimostrativo', role: 'centre-admin' as const },
    { user: `${user}2`, name: 'Seconda operatrice dimostrativa', role: 'municipality-admin' as const },
  ];
}

/** A refund that two persons signed is the end of the payment's debt to the citizen. */
async function refundClosed(tx: Transaction, item: ClosedItem): Promise<void> {
  if (item.resolution !== 'refunded' || item.terminalId === null || item.kioskPaymentId === null) return;
  const key = {
    tenantId: item.tenantId,
    terminalId: item.terminalId,
    kioskPaymentId: item.kioskPaymentId,
  };
  const payment = await findPayment(tx, key);
  if (!payment || !(mustGiveBack(payment.state) || payment.state === 'rejected')) return;
  await updatePayment(tx, key, { state: 'refunded', look_at: null });
}
