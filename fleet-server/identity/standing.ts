import type { KeyObject } from 'node:crypto';
import { fail } from '../problems/index.ts';
import type { Tables } from '../store/index.ts';
import { publicKeyOf } from './signature.ts';
import type { IdentityTables, TerminalStatus } from './tables.ts';

export type TerminalRow = IdentityTables['terminal'];

export async function findTerminal(
  tables: Tables,
  who: { readonly tenantId: string; readonly terminalId: string },
): Promise<TerminalRow | undefined> {
  return tables
    .of<IdentityTables>()
    .selectFrom('terminal')
    .selectAll()
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .executeTakeFirst();
}

/**
 * Keys that a terminal signs with: the present one; for some minutes after a change also the one before it, because what it had
 * signed is still on its way, and a refusal would lose it.
 */
export function keysOf(row: TerminalRow, now: number): readonly string[] {
  const both = row.previous_key !== null && row.previous_until !== null && now < row.previous_until;
  return both && row.previous_key !== null ? [row.public_key, row.previous_key] : [row.public_key];
}

/** The keys of `keysOf`, ready to verify with. */
export function verifyingKeys(row: TerminalRow, now: number): readonly KeyObject[] {
  return keysOf(row, now).flatMap((text) => publicKeyOf(text) ?? []);
}

/** Throws when the terminal may begin nothing new. */
export function mustBeTrusted(status: TerminalStatus): void {
  if (status === 'enrolled') return;
  throw fail(status === 'suspect' ? 'TERMINAL_SUSPECT' : 'TERMINAL_REVOKED');
}
