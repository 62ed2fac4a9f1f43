import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { findTerminal, type IdentityTables } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Transaction } from '../store/index.ts';
import { dropLink, endKey, mustBeNew } from './keys.ts';
import type { EnrolmentParts } from './parts.ts';
import { UNKNOWN } from './pending.ts';
import type { EnrolmentTables } from './tables.ts';

export interface Admission {
  readonly who: LinkAddress;
  readonly publicKey: string;
  readonly serial: string | null;
  /** Undefined: none, or where the terminal that is replaced stands. */
  readonly site: { readonly siteId: string; readonly name: string } | undefined;
  readonly replaces: boolean;
}

/**
 * Takes a terminal in. Throws ALREADY_ENROLLED when the id is taken (whatever became of it) and this is no replacement,
 * TERMINAL_UNKNOWN when there is nothing to replace, KEY_TAKEN when the key is not new.
 */
export async function admit(
  tx: Transaction,
  { clock, watchers }: EnrolmentParts,
  { who, publicKey, serial, site, replaces }: Admission,
): Promise<void> {
  const db = tx.of<IdentityTables>();
  const now = clock.now();
  await mustBeNew(tx, publicKey);
  const known = await findTerminal(tx, who);
  if (known && !replaces) throw fail('ALREADY_ENROLLED');
  if (!known && replaces) throw fail('TERMINAL_UNKNOWN');
  const fresh = {
    public_key: publicKey,
    serial,
    status: 'enrolled',
    suspect_why: null,
    key_since: now,
    previous_key: null,
    previous_until: null,
  } as const;
  if (known) {
    await endKey(tx, known, 'replaced', now);
    await dropLink(tx, who);
    await db
      .updateTable('terminal')
      .set({ ...fresh, ...(site ? { site_id: site.siteId, site: site.name } : {}) })
      .where('tenant_id', '=', who.tenantId)
      .where('terminal_id', '=', who.terminalId)
      .execute();
    await watchers.cleared(tx, who);
  } else {
    await db
      .insertInto('terminal')
      .values({
        tenant_id: who.tenantId,
        terminal_id: who.terminalId,
        enrolled_at: now,
        site_id: site?.siteId ?? null,
        site: site?.name ?? '',
        ...fresh,
      })
      .execute();
  }
  await tx
    .of<EnrolmentTables>()
    .deleteFrom('pending_enrolment')
    .where('tenant_id', '=', UNKNOWN)
    .where('public_key', '=', publicKey)
    .execute();
}
