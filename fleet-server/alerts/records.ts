import type { Alert } from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import type { Tables } from '../store/index.ts';
import { type Looked, planOf, SAME_TROUBLE_MS, type Standing } from './plan.ts';
import type { Condition, Detail } from './rules.ts';
import type { AlertTables } from './tables.ts';

export type AlertRow = AlertTables['alert'];

export interface Terminal {
  readonly tenantId: string;
  readonly terminalId: string;
}

/**
 * Makes the alerts of one terminal what is wrong with it; resolves to whether any changed. To run in the transaction of what was heard. The unique
 * `open_key` keeps two writers from opening one trouble twice.
 */
export async function reconcile(
  tx: Tables,
  { tenantId, terminalId }: Terminal,
  conditions: readonly Condition[],
  looked: Looked,
): Promise<boolean> {
  const { now } = looked;
  const db = tx.of<AlertTables>();
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .where((where) =>
      where.or([where('state', '<>', 'healed'), where('last_at', '>', now - SAME_TROUBLE_MS)]),
    )
    .execute();
  const steps = planOf(rows.map(standingOf), conditions, looked);
  const at = (alertId: string) =>
    db.updateTable('alert').where('tenant_id', '=', tenantId).where('alert_id', '=', alertId);
  const rowOf = (alertId: string) => rows.find((row) => row.alert_id === alertId);
  for (const step of steps) {
    if (step.do === 'heal') {
      // its end is told to whom its beginning was told
      const told = (rowOf(step.alertId)?.escalation ?? 0) > 0;
      const end = { state: 'healed', open_key: null, healed_at: now, last_at: now };
      await at(step.alertId)
        .set({ ...end, tell_at: told ? now : null, tell_tries: 0 })
        .execute();
    } else if (step.do === 'change') {
      await at(step.alertId)
        .set({ last_at: now, detail: JSON.stringify(step.condition.detail) })
        .execute();
    } else if (step.do === 'reopen') {
      const before = rowOf(step.alertId);
      await at(step.alertId)
        .set({
          state: 'open',
          open_key: openKey(terminalId, step.condition),
          healed_at: null,
          last_at: now,
          repeats: (before?.repeats ?? 0) + 1,
          detail: JSON.stringify(step.condition.detail),
          end_told: 0,
          tell_at: now,
          tell_tries: 0,
          // who was told that it is over is told from the first step on that it is not
          ...(before?.end_told === 1 ? { escalation: 0, counts_from: now } : {}),
        })
        .execute();
    } else {
      await db
        .insertInto('alert')
        .values({
          tenant_id: tenantId,
          alert_id: uuidv7(now),
          terminal_id: terminalId,
          rule: step.condition.rule,
          subject: step.condition.subject,
          severity: step.condition.severity,
          state: 'open',
          open_key: openKey(terminalId, step.condition),
          opened_at: now,
          last_at: now,
          repeats: 0,
          healed_at: null,
          acknowledged_by: null,
          acknowledged_at: null,
          note: null,
          counts_from: now,
          tell_at: now,
          tell_tries: 0,
          escalation: 0,
          end_told: 0,
          detail: JSON.stringify(step.condition.detail),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
  return steps.length > 0;
}

const openKey = (terminalId: string, { rule, subject }: Condition) => `${terminalId}/${rule}/${subject}`;

const detailOf = (row: AlertRow) => JSON.parse(row.detail) as Detail;

function standingOf(row: AlertRow): Standing {
  return {
    alertId: row.alert_id,
    rule: row.rule,
    subject: row.subject,
    open: row.state !== 'healed',
    healedAt: row.healed_at ?? undefined,
    detail: detailOf(row),
  };
}

export function alertOf(row: AlertRow): Alert {
  return {
    alertId: row.alert_id,
    terminalId: row.terminal_id,
    rule: row.rule,
    severity: row.severity as Alert['severity'],
    state: row.state as Alert['state'],
    openedAt: row.opened_at,
    repeats: row.repeats,
    lastAt: row.last_at,
    ...(row.healed_at === null ? {} : { healedAt: row.healed_at }),
    ...(row.acknowledged_by === null ? {} : { acknowledgedBy: row.acknowledged_by }),
    ...(row.acknowledged_at === null ? {} : { acknowledgedAt: row.acknowledged_at }),
    ...(row.note === null ? {} : { note: row.note }),
    escalation: row.escalation,
    detail: detailOf(row),
  };
}

/** How many alerts of each terminal are not healed. */
export async function openAlertsOf(db: Tables, tenantId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .of<AlertTables>()
    .selectFrom('alert')
    .select((eb) => ['terminal_id', eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('state', '<>', 'healed')
    .groupBy('terminal_id')
    .execute();
  return new Map(rows.map((row) => [row.terminal_id, Number(row.count)]));
}

/** Alerts of one terminal that began or ended between two instants: for its timeline. */
export async function alertsBetween(
  db: Tables,
  { tenantId, terminalId }: Terminal,
  bounds: { readonly from: number; readonly to: number },
): Promise<Alert[]> {
  const rows = await db
    .of<AlertTables>()
    .selectFrom('alert')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .where('last_at', '>=', bounds.from)
    .where('opened_at', '<', bounds.to)
    .orderBy('opened_at', 'desc')
    .limit(200)
    .execute();
  return rows.map(alertOf);
}
