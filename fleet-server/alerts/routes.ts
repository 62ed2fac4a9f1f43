import {
  AcknowledgeAlert,
  Alert,
  AlertPage,
  AlertSettings,
  CONSOLE_API,
  type Fault,
  isAlertRule,
  MaintenanceWindow,
  MaintenanceWrite,
} from '@jolly/contracts/fleet-api';
import { type Clock, Uuid, uuidv7 } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { FaultsFound, fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { openWindows, rowOf } from './maintenance.ts';
import { alertOf } from './records.ts';
import { settingsOf, storeSettings } from './settings.ts';
import type { AlertTables } from './tables.ts';

export interface AlertRouteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly gate: ConsoleGate;
  /** Whether mails and webhooks can be sent at all: a receiver that can never be told is a fault of the settings. */
  readonly canTell: (tenantId: string) => Promise<{ readonly mail: boolean; readonly webhooks: boolean }>;
  /** Judges again what a change of windows or rules may have changed. */
  readonly judgeAll: () => Promise<void>;
}

const tags = ['console'];
const MOST = 100;
const IdParams = z.object({ id: Uuid });
const PageQuery = z.object({
  state: Alert.shape.state.optional(),
  after: z
    .string()
    .regex(/^\d{1,15}_[0-9a-f-]{36}$/)
    .optional(),
});

/** Alerts, maintenance and who is told. To be registered behind the console session. */
export function alertRoutes(app: Http, options: AlertRouteOptions): void {
  readingRoute(app, options);
  acknowledgeRoute(app, options);
  maintenanceRoutes(app, options);
  settingsRoutes(app, options);
}

function readingRoute(app: Http, { store, gate }: AlertRouteOptions): void {
  app.get(
    `${CONSOLE_API}/alerts`,
    {
      onRequest: gate.needs('fleet.read'),
      schema: { querystring: PageQuery, response: { 200: AlertPage }, tags },
    },
    async (request) => {
      const { state, after } = request.query;
      let query = store
        .of<AlertTables>()
        .selectFrom('alert')
        .selectAll()
        .where('tenant_id', '=', personOf(request).tenantId);
      if (state) query = query.where('state', '=', state);
      if (after) {
        const [at = '', id = ''] = after.split('_');
        query = query.where((where) =>
          where.or([
            where('opened_at', '<', Number(at)),
            where.and([where('opened_at', '=', Number(at)), where('alert_id', '<', id)]),
          ]),
        );
      }
      const rows = await query
        .orderBy('opened_at', 'desc')
        .orderBy('alert_id', 'desc')
        .limit(MOST + 1)
        .execute();
      const page = rows.slice(0, MOST);
      const last = page.at(-1);
      return {
        rows: page.map(alertOf),
        ...(rows.length > MOST && last ? { next: `${last.opened_at}_${last.alert_id}` } : {}),
      };
    },
  );
}

function acknowledgeRoute(app: Http, { store, clock, changes, audit, gate }: AlertRouteOptions): void {
  app.post(
    `${CONSOLE_API}/alerts/:id/acknowledge`,
    {
      onRequest: gate.needs('alerts.acknowledge'),
      schema: { params: IdParams, body: AcknowledgeAlert, response: { 200: Alert }, tags },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const alert = await store.transaction(async (tx) => {
        const db = tx.of<AlertTables>();
        const row = await db
          .selectFrom('alert')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('alert_id', '=', request.params.id)
          .executeTakeFirst();
        if (!row) throw fail('NOT_FOUND');
        if (row.state !== 'open') return alertOf(row);
        const values = {
          state: 'acknowledged',
          acknowledged_by: user,
          acknowledged_at: clock.now(),
          note: request.body.note ?? null,
        };
        await db
          .updateTable('alert')
          .set(values)
          .where('tenant_id', '=', tenantId)
          .where('alert_id', '=', row.alert_id)
          .execute();
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'alert-acknowledged',
          subject: row.terminal_id,
          detail: { rule: row.rule },
        });
        return alertOf({ ...row, ...values });
      });
      changes.notify(tenantId, 'alerts');
      return alert;
    },
  );
}

function maintenanceRoutes(app: Http, options: AlertRouteOptions): void {
  const { store, clock, changes, audit, gate } = options;
  app.get(
    `${CONSOLE_API}/maintenance`,
    { onRequest: gate.needs('fleet.read'), schema: { response: { 200: z.array(MaintenanceWindow) }, tags } },
    (request) => openWindows(store, personOf(request).tenantId, clock.now()),
  );
  app.post(
    `${CONSOLE_API}/maintenance`,
    {
      onRequest: gate.needs('maintenance.write'),
      schema: { body: MaintenanceWrite, response: { 200: MaintenanceWindow }, tags },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const { from, to } = request.body;
      if (to <= from || to <= clock.now()) {
        throw new FaultsFound('BODY_INVALID', [
          { path: 'to', message: 'must be after its beginning and after now' },
        ]);
      }
      const window = { ...request.body, windowId: uuidv7(clock.now()), by: user };
      await store.transaction(async (tx) => {
        await tx.of<AlertTables>().insertInto('maintenance_window').values(rowOf(tenantId, window)).execute();
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'maintenance-began',
          subject: rowOf(tenantId, window).scope_id || tenantId,
          detail: { scope: window.scope.kind, from, to, reason: window.reason },
        });
      });
      await options.judgeAll();
      changes.notify(tenantId, 'terminals');
      return window;
    },
  );
  app.delete(
    `${CONSOLE_API}/maintenance/:id`,
    {
      onRequest: gate.needs('maintenance.write'),
      schema: { params: IdParams, response: { 204: z.void() }, tags },
    },
    async (request, reply) => {
      const { tenantId, user } = personOf(request);
      await store.transaction(async (tx) => {
        const { numUpdatedRows } = await tx
          .of<AlertTables>()
          .updateTable('maintenance_window')
          .set({ ends_at: clock.now() })
          .where('tenant_id', '=', tenantId)
          .where('window_id', '=', request.params.id)
          .where('ends_at', '>', clock.now())
          .executeTakeFirst();
        if (Number(numUpdatedRows) === 0) throw fail('NOT_FOUND');
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'maintenance-ended',
          subject: request.params.id,
          detail: {},
        });
      });
      await options.judgeAll();
      changes.notify(tenantId, 'terminals');
      return reply.code(204).send();
    },
  );
}

function settingsRoutes(app: Http, options: AlertRouteOptions): void {
  const { store, clock, audit, gate } = options;
  app.get(
    `${CONSOLE_API}/alert-settings`,
    { onRequest: gate.needs('fleet.read'), schema: { response: { 200: AlertSettings }, tags } },
    async (request) => {
      const settings = await settingsOf(store, personOf(request).tenantId);
      return settings;
    },
  );
  app.put(
    `${CONSOLE_API}/alert-settings`,
    {
      onRequest: gate.needs('integrations.write'),
      schema: { body: AlertSettings, response: { 200: AlertSettings }, tags },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const faults: Fault[] = Object.keys(request.body.rules)
        .filter((name) => !isAlertRule(name))
        .map((name) => ({ path: `rules.${name}`, message: 'no rule of this name' }));
      faults.push(...untellable(request.body, await options.canTell(tenantId)));
      if (faults.length > 0) throw new FaultsFound('BODY_INVALID', faults);
      await store.transaction(async (tx) => {
        await storeSettings(tx, tenantId, request.body, clock.now());
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'alert-settings-written',
          subject: tenantId,
          detail: { steps: request.body.escalation.length, publicStatus: request.body.publicStatus },
        });
      });
      await options.judgeAll();
      return request.body;
    },
  );
}

function untellable(
  settings: AlertSettings,
  can: { readonly mail: boolean; readonly webhooks: boolean },
): Fault[] {
  return settings.escalation.flatMap(({ emails, webhooks }, at) => [
    ...(emails.length > 0 && !can.mail
      ? [
          {
            path: `escalation.${at}.emails`,
            message: 'this server has no mail server (mail in its settings)',
          },
        ]
      : []),
    ...(webhooks.length > 0 && !can.webhooks
      ? [
          {
            path: `escalation.${at}.webhooks`,
            message: 'no secret signs webhooks: jolly secrets set <tenant> webhook-secret',
          },
        ]
      : []),
  ]);
}
