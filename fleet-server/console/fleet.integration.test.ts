import {
  type Alert,
  type ConsoleMe,
  FleetMap,
  FleetPage,
  TerminalDetail,
  TimelineEntry,
} from '@jolly/contracts/fleet-api';
import type { EntryData } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHttp, type Http } from '../http/index.ts';
import type { LinkTables } from '../link/index.ts';
import type { PaymentTables } from '../payments/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { saveState, unknownState } from '../terminals/index.ts';
import { reportedOf, type TestStore, testStore } from '../testing/index.ts';
import { fleetRoutes } from './index.ts';
import type { FleetTables } from './tables.ts';

const A = 'alto';
const B = 'basso';
const MUNICIPIO = uuidv7(1);
const MERCATO = uuidv7(2);
const ALERT: Alert = {
  alertId: uuidv7(3),
  terminalId: 'T1',
  rule: 'paper-low',
  severity: 'warning',
  state: 'healed',
  openedAt: Date.UTC(2026, 10, 21, 8),
  repeats: 0,
  lastAt: 0,
  healedAt: Date.UTC(2026, 10, 21, 9),
  escalation: 0,
  detail: {},
};

describe('the fleet as the console reads it', () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 21, 9, 24));
  let place: TestStore;
  let store: Store;
  let app: Http;

  beforeEach(async () => {
    place = await testStore();
    store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
    app = await createHttp({ clock, production: false });
    app.addHook('onRequest', async (request) => {
      const tenantId = String(request.headers.tenant);
      request.person = { tenantId, role: 'viewer', user: 'anna' } as ConsoleMe;
    });
    const outline: FleetMap['outline'] = [
      [
        [11, 43],
        [11.1, 43],
        [11, 43.1],
        [11, 43],
      ],
    ];
    fleetRoutes(
      app,
      {
        store,
        clock,
        timeZoneOf: () => 'Europe/Rome',
        openAlertsOf: async (tenantId) => new Map(tenantId === A ? [['T1', 2]] : []),
        outlineOf: (tenantId) => (tenantId === A ? { outline, attribution: 'ISTAT' } : {}),
        settingsOf: async () => ({ desired: 3, reported: 2, state: 'on-its-way' }),
        forecastsOf: async () => [{ role: 'printer', name: 'paper-mm', endsAt: 5 }],
        alertsOf: async ({ terminalId }) => (terminalId === 'T1' ? [ALERT] : []),
        settingsChangesOf: async ({ from, to }) => {
          const at = Date.UTC(2026, 10, 21, 7);
          return at >= from && at < to
            ? [{ at, layer: 'site', version: 4, by: 'anna', revertOf: undefined }]
            : [];
        },
        commandKindsOf: async (_, ids) => new Map(ids.map((id) => [id, 'self-test'])),
      },
      {
        session: async () => undefined,
        needs: (permission) => Object.assign(async () => undefined, { permission }),
        anyone: Object.assign(async () => undefined, { permission: 'anyone' as const }),
        alive: async () => true,
      },
    );
    const sites = [
      { site_id: MUNICIPIO, name: 'Municipio', address: 'Piazza del Comune 2', lat: 43.88, lon: 11.09 },
      { site_id: MERCATO, name: 'È al 100% Mercato', address: 'Via Roma', lat: null, lon: null },
    ];
    await db('site')
      .values(sites.map((site) => ({ tenant_id: A, ...site })))
      .execute();
  });
  afterEach(async () => {
    await app.close();
    await store.close();
    await place.drop();
  });

  const db = <T extends keyof (FleetTables & LinkTables & PaymentTables) & string>(table: T) =>
    store.of<FleetTables & LinkTables & PaymentTables>().insertInto(table);
  const enrol = (tenantId: string, ids: readonly string[], over: object = {}) =>
    db('terminal')
      .values(
        ids.map((terminal_id) => ({
          tenant_id: tenantId,
          terminal_id,
          public_key: 'a2V5',
          site: 'Sportello',
          enrolled_at: 5,
          status: 'enrolled' as const,
          suspect_why: null,
          site_id: null,
          serial: null,
          key_since: 6,
          previous_key: null,
          previous_until: null,
          ...over,
        })),
      )
      .execute();
  const stands = (terminalId: string, over: object, tenantId = A) =>
    store.transaction((tx) =>
      saveState(
        tx,
        { ...unknownState({ tenantId, terminalId }), online: true, reported: reportedOf({}), ...over },
        clock.now(),
      ),
    );
  const get = async (path: string, tenant = A) => {
    const answer = await app.inject({ url: `/console/api${path}`, headers: { tenant } });
    return { status: answer.statusCode, body: answer.json() as unknown };
  };
  const page = async (query = '', tenant = A) => FleetPage.parse((await get(`/fleet?${query}`, tenant)).body);
  const ids = ({ rows }: FleetPage) => rows.map(({ terminalId }) => terminalId);
  const paid = (terminal_id: string, charged_at: number, state = 'confirmed', tenant_id = A) =>
    db('payment')
      .values({
        tenant_id,
        terminal_id,
        kiosk_payment_id: uuidv7(charged_at),
        notice_number: '302000000000123456',
        creditor_tax_code: '77777777777',
        state,
        started_at: charged_at - 1_000,
        asked_cents: 1_000,
        charged_at,
        card: '{"amountCents":1000}',
        receipt: 'none',
        looks: 0,
      })
      .execute();

  it('says of one whose key was revoked that it was, not that it does not answer', async () => {
    await enrol(A, ['T1', 'T2'], { status: 'revoked' });
    await stands('T1', { online: false });
    expect((await page()).rows).toMatchObject([
      { terminalId: 'T1', state: 'stopped', reason: 'revoked' },
      { terminalId: 'T2', state: 'stopped', reason: 'revoked' },
    ]);
  });

  it('is worst first, and whoever was never heard stands with the stopped', async () => {
    await enrol(A, ['T1', 'T2', 'T3', 'T4', 'T5']);
    await enrol(A, ['T6'], { status: 'decommissioned' });
    await enrol(B, ['T1', 'T7']);
    await stands('T1', {});
    await stands('T2', { maintenance: true });
    await stands('T3', { online: false });
    await stands('T5', { suspect: true });
    await stands('T6', { online: false });
    const all = await page();
    expect(ids(all)).toEqual(['T3', 'T4', 'T5', 'T2', 'T1']);
    expect(all.counts).toEqual({ stopped: 2, attention: 1, maintenance: 1, 'in-service': 1 });
    expect(all.rows[1]).toMatchObject({ state: 'stopped', reason: 'offline', online: false });
    expect(all.rows[4]).toMatchObject({ online: true, lastSeenAt: clock.now(), openAlerts: 2 });
    expect(ids(await page('state=stopped'))).toEqual(['T3', 'T4']);
    expect(ids(await page('', B))).toEqual(['T1', 'T7']);
    expect((await get('/fleet?after=nothing')).status).toBe(400);
  });

  it('is found by id, site and address, and no sign of a search means anything else', async () => {
    await enrol(A, ['TOTEM-1'], { site_id: MUNICIPIO });
    await enrol(A, ['TOTEM-2'], { site_id: MERCATO });
    await enrol(A, ['X-3']);
    await stands('TOTEM-1', {});
    await stands('TOTEM-2', {});
    const found = async (search: string) => ids(await page(`search=${encodeURIComponent(search)}`));
    expect(await found('totem')).toEqual(['TOTEM-1', 'TOTEM-2']);
    expect(await found('piazza del COMUNE')).toEqual(['TOTEM-1']);
    expect(await found('È al')).toEqual(['TOTEM-2']);
    expect(await found('100% m')).toEqual(['TOTEM-2']);
    expect(await found('%')).toEqual(['TOTEM-2']);
    expect(await found('sportello')).toEqual(['X-3', 'TOTEM-1', 'TOTEM-2']);
    expect(await found("' or 1=1 --")).toEqual([]);
  });

  it('counts what each terminal collected today, and nothing that went back', async () => {
    await enrol(A, ['T1', 'T2']);
    await enrol(B, ['T1']);
    await paid('T1', Date.UTC(2026, 10, 20, 23, 5));
    await paid('T1', Date.UTC(2026, 10, 21, 8, 5));
    await paid('T1', Date.UTC(2026, 10, 21, 8, 6), 'refunded');
    await paid('T1', Date.UTC(2026, 10, 20, 22, 59));
    await paid('T1', Date.UTC(2026, 10, 21, 8, 7), 'confirmed', B);
    expect((await page()).rows.map(({ paymentsToday }) => paymentsToday)).toEqual([2, 0]);
    const { today } = TerminalDetail.parse((await get('/terminals/T1')).body);
    expect(today.payments).toBe(2);
    expect(today.byHour.flatMap((count, hour) => (count > 0 ? [[hour, count]] : []))).toEqual([
      [0, 1],
      [9, 1],
    ]);
  });

  it('shows one terminal with its place, its key and its settings', async () => {
    await enrol(A, ['T1'], { site_id: MUNICIPIO, serial: 'SN-0001' });
    await stands('T1', { reportedAt: 7 });
    const detail = TerminalDetail.parse((await get('/terminals/T1')).body);
    expect(detail).toMatchObject({
      row: { terminalId: 'T1', site: 'Municipio', siteId: MUNICIPIO },
      site: { name: 'Municipio', lat: 43.88 },
      reportedAt: 7,
      enrolment: { enrolledAt: 5, status: 'enrolled', serial: 'SN-0001', fingerprint: '2c70 e12b 7a06' },
      settings: { desired: 3, reported: 2, state: 'on-its-way' },
      forecasts: [{ role: 'printer' }],
    });
    expect((await get('/terminals/T1', B)).status).toBe(404);
    expect((await get('/terminals/T9')).status).toBe(404);
  });

  it('keeps who was taken out readable by id, for its history', async () => {
    await enrol(A, ['T1'], { status: 'decommissioned' });
    const detail = TerminalDetail.parse((await get('/terminals/T1')).body);
    expect(detail.enrolment.status).toBe('decommissioned');
    expect((await page()).rows).toEqual([]);
  });

  it('puts on the map what has a place', async () => {
    await enrol(A, ['T1'], { site_id: MUNICIPIO });
    await enrol(A, ['T2'], { site_id: MERCATO });
    await enrol(B, ['T3']);
    const map = FleetMap.parse((await get('/fleet/map')).body);
    expect(map.points).toEqual([['T1', 43.88, 11.09, 'stopped']]);
    expect(map).toMatchObject({
      attribution: 'ISTAT',
      outline: [
        [
          [11, 43],
          [11.1, 43],
          [11, 43.1],
          [11, 43],
        ],
      ],
    });
    expect(FleetMap.parse((await get('/fleet/map', B)).body)).toEqual({ at: clock.now(), points: [] });
  });

  it('tells a day of a terminal, newest first, without a notice number or a person', async () => {
    await enrol(A, ['T1']);
    await stands('T1', { online: false });
    const said = async (hour: number, data: EntryData, tenant_id = A) => {
      const at = Date.UTC(2026, 10, 21, hour, 30);
      const row = { tenant_id, terminal_id: 'T1', entry_id: uuidv7(at), at, received_at: at };
      await db('link_entry')
        .values({ ...row, kind: data.kind, data: JSON.stringify(data) })
        .execute();
    };
    await said(0, { kind: 'telemetry', metrics: { 'rtt-ms': 3 } });
    await said(1, { kind: 'device', role: 'printer', state: 'out-of-paper', reasons: ['paper-out'] });
    await said(2, { kind: 'event', event: 'service-ended', detail: { seconds: 40 } });
    await said(3, { kind: 'command', commandId: uuidv7(1), state: 'done' });
    await said(23, { kind: 'event', event: 'started', detail: {} });
    await said(2, { kind: 'event', event: 'door-opened', detail: {} }, B);
    await paid('T1', Date.UTC(2026, 10, 21, 8, 30));
    const path = '/terminals/T1/timeline?day=2026-11-21';
    const day = z.array(TimelineEntry).parse((await get(path)).body);
    expect(day.map(({ kind, what, sign }) => `${kind} ${what} ${sign}`)).toEqual([
      'state stopped stopped',
      'alert paper-low ok',
      'payment confirmed ok',
      'alert paper-low warning',
      'settings settings-written neutral',
      'command self-test ok',
      'event service-ended neutral',
      'device out-of-paper warning',
    ]);
    expect(JSON.stringify(day)).not.toContain('302000000000123456');
    const next = z.array(TimelineEntry).parse((await get('/terminals/T1/timeline?day=2026-11-22')).body);
    expect(next.map(({ what }) => what)).toEqual(['started']);
    expect((await get('/terminals/T1/timeline?day=2026-11-21', B)).status).toBe(404);
  });

  it('pages through 15,000 terminals, each of them once', async () => {
    const states = [
      'stopped',
      'in-service',
      'attention',
      'in-service',
      'maintenance',
      'in-service',
      undefined,
    ];
    const all = Array.from({ length: 15_000 }, (_, index) => `T${String((index * 7_919) % 15_000)}`);
    for (let from = 0; from < all.length; from += 1_000) {
      const slice = all.slice(from, from + 1_000);
      await enrol(A, slice);
      const known = slice.flatMap((terminal_id, index) => {
        const state = states[(from + index) % states.length];
        return state === undefined ? [] : [{ ...EMPTY, tenant_id: A, terminal_id, state }];
      });
      await db('terminal_state').values(known).execute();
    }
    const seen: string[] = [];
    let order = '';
    let query = 'limit=500';
    for (;;) {
      const { rows, counts, next } = await page(query);
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(15_000);
      seen.push(...rows.map(({ terminalId }) => terminalId));
      for (const { state } of rows) if (!order.endsWith(state)) order += ` ${state}`;
      if (next === undefined) break;
      query = `limit=500&after=${next}`;
    }
    expect(seen).toHaveLength(15_000);
    expect(new Set(seen).size).toBe(15_000);
    expect(order).toBe(' stopped attention maintenance in-service');
  });
});

const EMPTY = {
  online: 1,
  presence_at: 0,
  last_seen: 0,
  reported_seq: 0,
  in_session: 0,
  settings_version: 0,
  maintenance: 0,
  suspect: 0,
  since: 0,
};
