import {
  type ConsoleMe,
  EffectiveSettings,
  may,
  Problem,
  type Role,
  SettingsLayer,
  SettingsPreview,
} from '@jolly/contracts/fleet-api';
import type { Desired, Hello, LinkAddress, Reported } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, CENTRE } from '../audit/index.ts';
import { createChanges } from '../changes/index.ts';
import { createHttp, type Http } from '../http/index.ts';
import { personOf } from '../identity/index.ts';
import type { FleetLink } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import { settingsRoutes, settingsStanding, skipSettingsNumbers, type Twin } from './index.ts';
import { openTwin } from './twin.ts';

interface Places {
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

const A = 'alto';
const B = 'basso';
const SITE = uuidv7(1);
const HOURS = { openingHours: { sun: null } };

/** The server's twin with nothing around it but a link that keeps what goes down. */
class Town {
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

  static async start(): Promise<Town> {
    const place = await testStore();
    const store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
    const clock = new ManualClock();
    const app = await createHttp({ clock, production: false });
    const town = new Town(store, place, app, clock);
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

describe('the twin', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.start();
    await town.store
      .of<Places>()
      .insertInto('site')
      .values({ tenant_id: A, site_id: SITE, name: 'Municipio', address: '' })
      .execute();
    await town.terminals(A, ['T1'], SITE);
    await town.terminals(A, ['T2']);
    await town.terminals(B, ['T1']);
  });
  afterEach(async () => {
    await town.twin.spread.stop();
    await town.app.close();
    await town.store.close();
    await town.place.drop();
  });

  it('brings every layer to its terminals, the narrower one over the wider one', async () => {
    await town.write('centre/centre', { volume: 0.2, helpPhone: '1' });
    await town.write(`municipality/${A}`, { volume: 0.4 });
    await town.write(`site/${SITE}`, HOURS);
    await town.write('terminal/T1', { volume: 0.6 });
    expect(town.sentTo(`${A}/T1`)).toEqual([
      { version: 1, settings: { volume: 0.2, helpPhone: '1' } },
      { version: 2, settings: { volume: 0.4, helpPhone: '1' } },
      { version: 3, settings: { volume: 0.4, helpPhone: '1', ...HOURS } },
      { version: 4, settings: { volume: 0.6, helpPhone: '1', ...HOURS } },
    ]);
    expect(town.sentTo(`${A}/T2`).map(({ version }) => version)).toEqual([1, 2]);
    expect(town.sentTo(`${B}/T1`)).toEqual([{ version: 1, settings: { volume: 0.2, helpPhone: '1' } }]);
    const effective = EffectiveSettings.parse((await town.call('GET', '/terminals/T1/settings')).body);
    expect(effective).toMatchObject({
      version: 4,
      origins: { helpPhone: 'centre', volume: 'terminal', 'openingHours.sun': 'site' },
    });
  });

  it('uses up no number where nothing changes for the terminal', async () => {
    await town.write('terminal/T1', { volume: 0.6 });
    await town.write(`municipality/${A}`, { volume: 0.4 });
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 1, settings: { volume: 0.6 } }]);
    await town.write(`municipality/${A}`, { volume: 0.4 }, 2);
    const layer = SettingsLayer.parse((await town.call('GET', `/settings/municipality/${A}`)).body);
    expect(layer.history).toHaveLength(1);
  });

  it('keeps who said what and why, and goes back to it', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    await town.write(`municipality/${A}`, { volume: 0.8, languages: ['it'] }, 1);
    const back = await town.call(
      'POST',
      `/settings/municipality/${A}/revert`,
      { baseVersion: 2, version: 1, note: 'troppo forte' },
      'technician',
    );
    expect(SettingsLayer.parse(back.body)).toMatchObject({
      version: 3,
      document: { volume: 0.4 },
      history: [
        {
          version: 3,
          by: 'anna',
          note: 'troppo forte',
          revertOf: 1,
          changes: [
            { path: 'languages', before: ['it'] },
            { path: 'volume', before: 0.8, after: 0.4 },
          ],
        },
        { version: 2 },
        { version: 1, changes: [{ path: 'volume', after: 0.4 }] },
      ],
    });
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`).at(-1)).toEqual({ version: 3, settings: { volume: 0.4 } });
    const nothing = { baseVersion: 3, version: 0, note: 'da capo' };
    await town.call('POST', `/settings/municipality/${A}/revert`, nothing);
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`).at(-1)).toEqual({ version: 4, settings: {} });
    expect(town.audited.map(({ act, subject }) => `${act} ${subject}`)).toEqual([
      `settings-written municipality/${A}`,
      `settings-written municipality/${A}`,
      `settings-reverted municipality/${A}`,
      `settings-reverted municipality/${A}`,
    ]);
  });

  it('refuses what was edited from an older version, and everything that is wrong at once', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    const stale = await town.write(`municipality/${A}`, { volume: 0.5 }, 0);
    expect(Problem.parse(stale.body)).toMatchObject({ status: 409, code: 'SETTINGS_CHANGED' });
    const wrong = { volume: 3, idle: { countdownSeconds: 1 }, colour: 'red', languages: ['it', 'it'] };
    const refused = Problem.parse((await town.write(`municipality/${A}`, wrong, 1)).body);
    expect(refused).toMatchObject({ status: 422, code: 'SETTINGS_REFUSED' });
    expect(refused.faults?.map(({ path }) => path).toSorted()).toEqual([
      'colour',
      'idle.countdownSeconds',
      'languages',
      'volume',
    ]);
    expect(town.sentTo(`${A}/T1`)).toHaveLength(1);
  });

  it('shows what a change would do, and does nothing', async () => {
    await town.write('terminal/T2', { volume: 0.6 });
    const draft = { baseVersion: 0, document: { volume: 0.4, helpPhone: '2' }, note: 'prova' };
    const centre = await town.call('POST', '/settings/centre/centre/preview', draft, 'centre-admin');
    expect(SettingsPreview.parse(centre.body)).toEqual({
      faults: [],
      changes: [
        { path: 'helpPhone', after: '2' },
        { path: 'volume', after: 0.4 },
      ],
      // the other municipality's is counted, not named
      affected: [
        {
          terminalId: 'T1',
          changes: [
            { path: 'helpPhone', after: '2' },
            { path: 'volume', after: 0.4 },
          ],
        },
        { terminalId: 'T2', changes: [{ path: 'helpPhone', after: '2' }] },
      ],
      affectedCount: 3,
    });
    const bad = { ...draft, document: { volume: 9 } };
    const answer = await town.call('POST', '/settings/terminal/T1/preview', bad);
    expect(SettingsPreview.parse(answer.body)).toMatchObject({
      faults: [{ path: 'volume' }],
      affectedCount: 0,
    });
    expect(town.sentTo(`${A}/T1`)).toEqual([]);
  });

  it('lets a municipality change its own layers only, and only the centre the centre', async () => {
    for (const path of [
      `municipality/${B}`,
      'site/018f0000-0000-7000-8000-000000000000',
      'terminal/T9',
      'centre/x',
    ]) {
      expect((await town.call('GET', `/settings/${path}`)).status, path).toBe(404);
      expect((await town.write(path, HOURS)).status, path).toBe(404);
    }
    const ofOther = await town.call('GET', `/settings/site/${SITE}`, undefined, 'centre-admin', B);
    expect(ofOther.status).toBe(404);
    expect((await town.call('GET', '/terminals/T2/settings', undefined, 'viewer', B)).status).toBe(404);
    expect((await town.write('centre/centre', HOURS, 0, 'municipality-admin')).status).toBe(403);
    expect((await town.write(`municipality/${A}`, HOURS, 0, 'office')).status).toBe(403);
    expect((await town.call('GET', '/settings/centre/centre', undefined, 'viewer')).status).toBe(200);
    expect(town.sent).toEqual([]);
  });

  it('tells every municipality in its log what the centre did', async () => {
    await town.write('centre/centre', { volume: 0.2 });
    expect(town.audited.map(({ tenantId }) => tenantId)).toEqual([CENTRE, A, B]);
  });

  it('sends again at a hello what the terminal does not hold', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    town.sent.length = 0;
    await town.hello(A, 'T1', 1);
    expect(town.sent).toEqual([]);
    await town.hello(A, 'T1', 0);
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 1, settings: { volume: 0.4 } }]);
    await town.terminals(A, ['T3']);
    await town.hello(A, 'T3', 0);
    expect(town.sentTo(`${A}/T3`)).toEqual([{ version: 1, settings: { volume: 0.4 } }]);
  });

  it('overtakes a terminal that holds a number never given, as after a backup was put back', async () => {
    await town.hello(A, 'T1', 7);
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 8, settings: {} }]);
    await town.write(`municipality/${A}`, { volume: 0.4 });
    expect(town.sentTo(`${A}/T1`).at(-1)).toEqual({ version: 9, settings: { volume: 0.4 } });
    await skipSettingsNumbers(town.store, town.clock.now());
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T1`).at(-1)).toEqual({ version: 1_009, settings: { volume: 0.4 } });
  });

  it('follows a terminal to another site', async () => {
    await town.write(`site/${SITE}`, HOURS);
    await town.store
      .of<Places>()
      .updateTable('terminal')
      .set({ site_id: SITE })
      .where('terminal_id', '=', 'T2')
      .execute();
    await town.twin.lookAgain({ tenantId: A, terminalId: 'T2' });
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`)).toEqual([{ version: 1, settings: HOURS }]);
  });

  it('says how far a terminal is, and why it refused', async () => {
    const standing = async () =>
      (await settingsStanding(town.store, { tenantId: A, terminalId: 'T1' })).state;
    expect(await standing()).toBe('none');
    await town.write('terminal/T1', { devices: { pos: 'zvt+tcp:1' } });
    expect(await standing()).toBe('on-its-way');
    const faults = [{ path: 'devices.pos', message: 'no port' }];
    await town.reports(A, 'T1', { version: 0, refused: { version: 1, faults } });
    expect(await standing()).toBe('refused');
    const effective = EffectiveSettings.parse((await town.call('GET', '/terminals/T1/settings')).body);
    expect(effective).toMatchObject({ version: 1, reportedVersion: 0, refused: { version: 1, faults } });
    await town.write('terminal/T1', { devices: { pos: 'zvt+tcp:host:1' } }, 1);
    expect(await standing()).toBe('on-its-way');
    await town.reports(A, 'T1', { version: 2 });
    expect(await standing()).toBe('current');
  });

  it('sends later what the broker does not take, and the newest only', async () => {
    town.broker = 'away';
    await town.write('terminal/T1', { volume: 0.1 });
    await town.write('terminal/T1', { volume: 0.2 }, 1);
    town.broker = 'there';
    await town.twin.spread.runDue();
    expect(town.sent).toEqual([]);
    town.clock.advance(30_000);
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 2, settings: { volume: 0.2 } }]);
  });

  it('brings a word of the centre to many terminals in slices, also when the server dies over it', async () => {
    const ids = Array.from({ length: 650 }, (_, index) => `M${String(index).padStart(4, '0')}`);
    for (let from = 0; from < ids.length; from += 100) await town.terminals(B, ids.slice(from, from + 100));
    const first = town.twin;
    const done = town.call(
      'PUT',
      '/settings/centre/centre',
      { baseVersion: 0, document: { volume: 0.2 }, note: 'prova' },
      'centre-admin',
    );
    await done;
    await first.spread.stop();
    expect(town.sent.length).toBeLessThan(653);
    town.clock.advance(30_000);
    await town.open().spread.runDue();
    const told = new Set(town.sent.map(({ to }) => to));
    expect(told.size).toBe(653);
    expect(town.sent.every(({ desired }) => desired.version === 1)).toBe(true);
  });
});
