import { CommandRow } from '@jolly/contracts/fleet-api';
import type { Selectable } from 'kysely';
import type { Tables } from '../store/index.ts';
import type { Progress } from './rules.ts';
import type { CommandTables } from './tables.ts';

export type StoredCommand = Selectable<CommandTables['command']>;
export interface CommandKey {
  readonly tenantId: string;
  readonly commandId: string;
}

export async function findCommand(
  tables: Tables,
  { tenantId, commandId }: CommandKey,
): Promise<StoredCommand | undefined> {
  return tables
    .of<CommandTables>()
    .selectFrom('command')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
}

/** What each of these was, by id. */
export async function commandKinds(
  tables: Tables,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tables
    .of<CommandTables>()
    .selectFrom('command')
    .select(['command_id', 'kind'])
    .where('tenant_id', '=', tenantId)
    .where('command_id', 'in', ids)
    .execute();
  return new Map(rows.map(({ command_id, kind }) => [command_id, kind]));
}

/** As the console shows them, with what they brought. */
export async function withAttachments(
  tables: Tables,
  tenantId: string,
  rows: readonly StoredCommand[],
): Promise<CommandRow[]> {
  if (rows.length === 0) return [];
  const found = await tables
    .of<CommandTables>()
    .selectFrom('command_attachment')
    .select(['command_id', 'type', 'bytes'])
    .where('tenant_id', '=', tenantId)
    .where(
      'command_id',
      'in',
      rows.map((row) => row.command_id),
    )
    .execute();
  const attachments = new Map(found.map(({ command_id, type, bytes }) => [command_id, { type, bytes }]));
  return rows.map((row) => {
    const attachment = attachments.get(row.command_id);
    return CommandRow.parse({
      commandId: row.command_id,
      terminalId: row.terminal_id,
      act: JSON.parse(row.act),
      by: row.sent_by,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      ...progressOf(row),
      ...(attachment ? { attachment } : {}),
    });
  });
}

const Stored = CommandRow.pick({ state: true, reason: true, steps: true, history: true });

export const progressOf = (row: StoredCommand): Progress =>
  Stored.parse({
    state: row.state,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.steps === null ? {} : { steps: JSON.parse(row.steps) }),
    history: JSON.parse(row.history),
  });

export const columnsOf = ({ state, reason, steps, history }: Progress) => ({
  state,
  reason: reason ?? null,
  steps: steps === undefined ? null : JSON.stringify(steps),
  history: JSON.stringify(history),
});
