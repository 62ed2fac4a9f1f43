import type { AskEnrolment, EnrolmentAnswer } from '@jolly/contracts/fleet-api';
import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { findTerminal, type TerminalRow } from '../identity/index.ts';
import { mustFindSite } from '../sites/index.ts';
import type { Transaction } from '../store/index.ts';
import { admit } from './admission.ts';
import { fingerprintOf } from './codes.ts';
import { terminalWithKey, wasEnded } from './keys.ts';
import type { EnrolmentParts } from './parts.ts';
import { keepWaiting, type PendingRow } from './pending.ts';
import type { EnrolmentTables } from './tables.ts';

const AGAIN_SECONDS = 10;

type Found =
  | { readonly state: 'accepted'; readonly row: TerminalRow; readonly fresh: boolean }
  | { readonly state: 'refused' }
  | { readonly state: 'waiting'; readonly pending: PendingRow };

/** What becomes of a terminal that asks to be taken in, and has shown that it holds the key. */
export async function answerAsk(
  parts: EnrolmentParts,
  ask: AskEnrolment,
  from: string,
): Promise<EnrolmentAnswer> {
  const { store, changes, way, publicUrl } = parts;
  const found = await store.transaction((tx) => find(tx, parts, ask, from));
  if (found.state === 'refused') return found;
  if (found.state === 'waiting') {
    const { pending } = found;
    if (pending.state === 'refused') return { state: 'refused' };
    if (pending.hint_tenant !== null) changes.notify(pending.hint_tenant, 'enrolments');
    return {
      state: 'waiting',
      code: pending.code,
      url: `${publicUrl()}/console/#/enrol/${pending.code}`,
      fingerprint: fingerprintOf(pending.public_key),
      expiresAt: pending.expires_at,
      again: AGAIN_SECONDS,
    };
  }
  const who = { tenantId: found.row.tenant_id, terminalId: found.row.terminal_id };
  if (found.fresh) {
    changes.notify(who.tenantId, 'enrolments');
    changes.notify(who.tenantId, 'terminals');
  }
  return {
    state: 'accepted',
    ...who,
    site: found.row.site,
    link: await way.accessOf(who, found.row.public_key),
  };
}

async function find(tx: Transaction, parts: EnrolmentParts, ask: AskEnrolment, from: string): Promise<Found> {
  const known = await terminalWithKey(tx, ask.publicKey);
  if (known) {
    return known.status === 'enrolled' || known.status === 'suspect'
      ? { state: 'accepted', row: known, fresh: false }
      : { state: 'refused' };
  }
  if (await wasEnded(tx, ask.publicKey)) return { state: 'refused' };
  const row = await byPreAuthorisation(tx, parts, ask);
  if (row) return { state: 'accepted', row, fresh: true };
  return { state: 'waiting', pending: await keepWaiting(tx, parts, ask, from) };
}

/**
 * A serial that staff of the municipality that the terminal's own file names wrote down before is taken in once. A serial is no
 * secret and follows from its neighbour: without that word any municipality could write down another's, to take its machines or
 * to keep them out. One whose id is taken meanwhile waits for a person: it never takes an enrolled terminal's place.
 */
async function byPreAuthorisation(
  tx: Transaction,
  parts: EnrolmentParts,
  { serial, publicKey, tenantHint }: AskEnrolment,
): Promise<TerminalRow | undefined> {
  if (serial === undefined || tenantHint === undefined || !parts.tenants.has(tenantHint)) return undefined;
  const db = tx.of<EnrolmentTables>();
  const written = await db
    .selectFrom('pre_authorisation')
    .selectAll()
    .where('tenant_id', '=', tenantHint)
    .where('serial', '=', serial)
    .where('expires_at', '>', parts.clock.now())
    .executeTakeFirst();
  if (!written) return undefined;
  const who: LinkAddress = { tenantId: written.tenant_id, terminalId: written.terminal_id };
  if (await findTerminal(tx, who)) return undefined;
  const site = written.site_id === null ? undefined : await mustFindSite(tx, who.tenantId, written.site_id);
  await admit(tx, parts, { who, publicKey, serial, site, replaces: false });
  await db
    .deleteFrom('pre_authorisation')
    .where('tenant_id', '=', who.tenantId)
    .where('serial', '=', serial)
    .execute();
  await parts.audit.record(tx, {
    tenantId: who.tenantId,
    actor: 'system',
    act: 'enrolment-pre-authorised',
    subject: who.terminalId,
    detail: { serial, by: written.by_name, fingerprint: fingerprintOf(publicKey) },
  });
  return findTerminal(tx, who);
}
