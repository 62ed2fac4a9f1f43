import type { Tables } from '../store/index.ts';
import type { CommandTables } from './tables.ts';

/** What each of these commands was, by id: for a terminal's timeline. */
export async function commandKindsOf(
  db: Tables,
  tenantId: string,
  commandIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commandIds.length === 0) return new Map();
  const rows = await db
    .of<CommandTables>()
    .selectFrom('command')
    .select(['command_id', 'kind'])
    .where('tenant_id', '=', tenantId)
    .where('command_id', 'in', commandIds)
    .execute();
  return new Map(rows.map((row) => [row.command_id, row.kind]));
}
