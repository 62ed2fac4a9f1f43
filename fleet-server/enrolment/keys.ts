import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { type IdentityTables, publicKeyOf, type TerminalRow } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import type { EnrolmentTables } from './tables.ts';

/** The terminal that has this key now. */
export async function terminalWithKey(tables: Tables, publicKey: string): Promise<TerminalRow | undefined> {
  return tables
    .of<IdentityTables>()
    .selectFrom('terminal')
    .selectAll()
    .where('public_key', '=', publicKey)
    .orderBy('enrolled_at')
    .executeTakeFirst();
}

/** Whether a terminal had this key before: no key comes back. */
export async function wasEnded(tables: Tables, publicKey: string): Promise<boolean> {
  const row = await tables
    .of<EnrolmentTables>()
    .selectFrom('terminal_key')
    .select('until')
    .where('public_key', '=', publicKey)
    .executeTakeFirst();
  return row !== undefined;
}

/** Throws KEY_TAKEN when a terminal has, or had, this key, or it is none. */
export async function mustBeNew(tables: Tables, publicKey: string): Promise<void> {
  const known = (await terminalWithKey(tables, publicKey)) ?? (await wasEnded(tables, publicKey));
  if (known || !publicKeyOf(publicKey)) throw fail('KEY_TAKEN');
}

/** Writes the end of the terminal's present key into its history. */
export async function endKey(
  tx: Transaction,
  row: TerminalRow,
  ended: 'rotated' | 'replaced',
  now: number,
): Promise<void> {
  await tx
    .of<EnrolmentTables>()
    .insertInto('terminal_key')
    .values({
      tenant_id: row.tenant_id,
      terminal_id: row.terminal_id,
      public_key: row.public_key,
      since: row.key_since,
      until: now,
      ended,
    })
    .execute();
}

/** Forgets what was given for the link: leases always, certificates where the key is no longer to be believed. */
export async function dropLink(tx: Transaction, who: LinkAddress): Promise<void> {
  await tx
    .of<EnrolmentTables>()
    .deleteFrom('link_lease')
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .execute();
}
