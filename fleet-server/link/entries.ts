import type { Entry, LinkAddress } from '@jolly/contracts/fleet-link';
import type { Tables, Transaction } from '../store/index.ts';
import type { LinkTables } from './tables.ts';

export interface SentEntry {
  readonly from: LinkAddress;
  readonly entry: Entry;
}

/** Few shapes of one statement, so that each is prepared once. */
const SHAPES = [128, 32, 8, 1] as const;

/** Stores what was not stored before, and gives it back in the order in which it came. */
export async function storeEntries(
  tx: Transaction,
  sent: readonly SentEntry[],
  now: number,
): Promise<SentEntry[]> {
  const stored = new Set<string>();
  let at = 0;
  for (const shape of SHAPES) {
    while (sent.length - at >= shape) {
      const rows = await tx
        .of<LinkTables>()
        .insertInto('link_entry')
        .values(sent.slice(at, at + shape).map((each) => rowOf(each, now)))
        .onConflict((conflict) => conflict.doNothing())
        .returning(['tenant_id', 'terminal_id', 'entry_id'])
        .execute();
      for (const row of rows) stored.add(`${row.tenant_id}/${row.terminal_id}/${row.entry_id}`);
      at += shape;
    }
  }
  // `delete` is true once: the same entry twice in one commit is new once
  return sent.filter(({ from, entry }) =>
    stored.delete(`${from.tenantId}/${from.terminalId}/${entry.id.toLowerCase()}`),
  );
}

function rowOf({ from, entry }: SentEntry, now: number): LinkTables['link_entry'] {
  return {
    tenant_id: from.tenantId,
    terminal_id: from.terminalId,
    entry_id: entry.id.toLowerCase(),
    at: entry.at,
    received_at: now,
    kind: entry.data.kind,
    data: JSON.stringify(entry.data),
  };
}

/** A terminal's entries between two instants of its clock, newest first. */
export async function readEntries(
  tables: Tables,
  of: LinkAddress,
  between: {
    readonly from: number;
    readonly to: number;
    readonly kinds: readonly Entry['data']['kind'][];
    readonly most: number;
  },
): Promise<Entry[]> {
  const rows = await tables
    .of<LinkTables>()
    .selectFrom('link_entry')
    .select(['entry_id', 'at', 'data'])
    .where('tenant_id', '=', of.tenantId)
    .where('terminal_id', '=', of.terminalId)
    .where('at', '>=', between.from)
    .where('at', '<', between.to)
    .where('kind', 'in', between.kinds)
    .orderBy('at', 'desc')
    .limit(between.most)
    .execute();
  return rows.map((row) => ({
    id: row.entry_id,
    at: row.at,
    data: JSON.parse(row.data) as Entry['data'],
  }));
}
