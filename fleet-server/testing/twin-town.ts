import { type ConsoleMe, may, type Role } from '@jolly/contracts/fleet-api';
import type { Desired, Hello, LinkAddress, Reported } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from '../audit/index.ts';
import { createChanges } from '../changes/index.ts';
import { createHttp, type Http } from '../http/index.ts';
import { personOf } from '../identity/index.ts';
import type { FleetLink } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { openTwin, settingsRoutes, type Twin } from '../twin/index.ts';
import { type TestStore, testStore } from './test-store.ts';

export interface Places {
  site: { tenant_id: string; site_id: string; name: string; address: string };
  terminal: {
    tenant_id: string;
    terminal_id: string;
    public_key: string;
    site: string;
    enrolled_at: number;
    site_id: string | null;
  };
}

/** Its two municipalities. */
const A = 'alto';
const B = 'basso';

/** The server's twin with nothing around it but a link that keeps what goes down. */
export class TwinTown {
  readonly clock = new ManualClock();
  readonly sent: { to: string; desired: Desired }[] = [];
  readonly audited: AuditEntry[] = [];
  broker: 'there' | 'away' = 'there';
  #hello: ((from: LinkAddress, hello: Hello) => Promise<void>) | undefined;
  #reported: Parameters<FleetLink['onReported']>[0] | undefined;
  readonly store: Store;
  readonly place: TestStore;
  readonly app: Http;
  readonly twin: Twin;

  private constructor(store: Store, place: TestStore, app: Http, clock: ManualClock) {
    this.store = store;
    this.place = place;
    this.app = app;
    this.clock = clock;
    this.twin = this.open();
  }

  static async start(): Promise<TwinTown> {
    const place = await testStore();
    const store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
    const clock = new ManualClock();
    const app = await createHttp({ clock, production: false });
    const town = new TwinTown(store, place, app, clock);
    app.addHook('onRequest', async (request) => {
      request.person = me(String(request.headers.role) as Role, String(request.headers.tenant));
    });
    settingsRoutes(app, town.twin.parts, {
      session: async () => undefined,
      needs: (permission) =>
        Object.assign(
          async (request: FastifyRequest) => {
            if (!may(personOf(request).role, permission)) throw fail('NOT_ALLOWED');
          },
          { permission },
        ),
      anyone: Object.assign(async () => undefined, { permission: 'anyone' as const }),
      alive: async () => true,
    });
    return town;
  }

  /** Another process on the same store. */
  open(): Twin {
    return openTwin({
      store: this.store,
      clock: this.clock,
      changes: createChanges(),
      audit: { record: async (_, entry) => void this.audited.push(entry) },
      tenants: [A, B],
      log: this.app.log,
      link: {
        send: async ({ tenantId, terminalId }, _, body) => {
          if (this.broker === 'away') throw new Error('the broker is away');
          this.sent.push({ to: `${tenantId}/${terminalId}`, desired: body as Desired });
        },
        onHello: (listener) => {
          this.#hello = listener;
        },
        onReported: (listener) => {
          this.#reported = listener;
        },
        onEntries: () => undefined,
        onPresence: () => undefined,
        onUp: () => undefined,
      } satisfies FleetLink as FleetLink,
    });
  }

  async terminals(tenantId: string, ids: readonly string[], siteId: string | null = null): Promise<void> {
    const rows = ids.map((terminal_id) => ({
      tenant_id: tenantId,
      terminal_id,
      public_key: 'k',
      site: 's',
      enrolled_at: 0,
      site_id: siteId,
    }));
    await this.store.of<Places>().insertInto('terminal').values(rows).execute();
  }

  async hello(tenantId: string, terminalId: string, settings: number): Promise<void> {
    const hello = { boot: uuidv7(1), software: '1', lease: null, machine: 'm', settings };
    await this.#hello?.({ tenantId, terminalId }, hello);
    await this.twin.spread.runDue();
  }

  async reports(tenantId: string, terminalId: string, settings: Reported['settings']): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.#reported?.(tx, { tenantId, terminalId }, { settings } as Reported, undefined);
    });
  }

  async call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object, role = 'technician', tenant = A) {
    const answer = await this.app.inject({
      method,
      url: `/console/api${path}`,
      headers: { role, tenant },
      ...(body ? { payload: body } : {}),
    });
    return { status: answer.statusCode, body: answer.json() as unknown };
  }

  async write(layer: string, document: object, baseVersion = 0, role = 'centre-admin') {
    const answer = await this.call(
      'PUT',
      `/settings/${layer}`,
      { baseVersion, document, note: 'prova' },
      role,
    );
    await this.twin.spread.runDue();
    return answer;
  }

  sentTo = (to: string): Desired[] =>
    this.sent.filter((each) => each.to === to).map(({ desired }) => desired);
}

function me(role: Role, tenantId: string): ConsoleMe {
  return {
    user: 'anna',
    name: 'Anna',
    role,
    tenantId,
    tenantName: 't',
    tenants: [],
    demo: true,
    way: 'demo',
    totpNeeded: false,
    csrf: 'c',
  };
}
