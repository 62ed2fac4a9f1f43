import { AlertSettings } from '@jolly/contracts/fleet-api';
import type { Tables } from '../store/index.ts';
import type { AlertTables } from './tables.ts';

/** What holds for a municipality that has said nothing: every rule, no one but the console told, a public page of its state. */
export const DEFAULT_SETTINGS: AlertSettings = { rules: {}, escalation: [], publicStatus: true };

export async function settingsOf(db: Tables, tenantId: string): Promise<AlertSettings> {
  const row = await db
    .of<AlertTables>()
    .selectFrom('alert_settings')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return row ? AlertSettings.parse(JSON.parse(row.body)) : DEFAULT_SETTINGS;
}

export async function storeSettings(
  tx: Tables,
  tenantId: string,
  settings: AlertSettings,
  now: number,
): Promise<void> {
  const values = { body: JSON.stringify(settings), changed_at: now };
  await tx
    .of<AlertTables>()
    .insertInto('alert_settings')
    .values({ tenant_id: tenantId, ...values })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
    .execute();
  // other steps: every open alert is looked at anew
  await tx
    .of<AlertTables>()
    .updateTable('alert')
    .set({ tell_at: now, tell_tries: 0 })
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'open')
    .execute();
}
