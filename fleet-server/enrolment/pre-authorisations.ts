import type { PreAuthorisation, PreAuthorise } from '@jolly/contracts/fleet-api';
import { findTerminal } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { mustFindSite } from '../sites/index.ts';
import type { Tables } from '../store/index.ts';
import type { Actor } from './acts.ts';
import type { EnrolmentParts } from './parts.ts';
import type { EnrolmentTables } from './tables.ts';

type Row = EnrolmentTables['pre_authorisation'];

/** A serial is printed on the outside of the machine: it is not left open for longer than a delivery takes. */
const LONGEST_MS = 90 * 86_400_000;

/** As many as a delivery has, and more: a list of all serials that there are is no delivery. */
const MOST = 200;

const viewOf = (row: Row): PreAuthorisation => ({
  serial: row.serial,
  terminalId: row.terminal_id,
  ...(row.site_id === null ? {} : { siteId: row.site_id }),
  expiresAt: row.expires_at,
  by: row.by_name,
});

export async function listPreAuthorisations(
  tables: Tables,
  now: number,
  tenantId: string,
): Promise<PreAuthorisation[]> {
  const rows = await tables
    .of<EnrolmentTables>()
    .selectFrom('pre_authorisation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '>', now)
    .orderBy('serial')
    .execute();
  return rows.map(viewOf);
}

/**
 * Throws PRE_AUTHORISATION_REFUSED when the id is taken, the time is not to come within ninety days, or the municipality waits for too
 * many already.
 */
export async function preAuthorise(
  { store, clock, audit, changes }: EnrolmentParts,
  { tenantId, user }: Actor,
  body: PreAuthorise,
): Promise<PreAuthorisation> {
  const made = await store.transaction(async (tx) => {
    const now = clock.now();
    if (body.expiresAt <= now || body.expiresAt > now + LONGEST_MS) throw fail('PRE_AUTHORISATION_REFUSED');
    if (await findTerminal(tx, { tenantId, terminalId: body.terminalId })) {
      throw fail('PRE_AUTHORISATION_REFUSED');
    }
    if (body.siteId !== undefined) await mustFindSite(tx, tenantId, body.siteId);
    const waiting = await listPreAuthorisations(tx, now, tenantId);
    if (waiting.length >= MOST && !waiting.some(({ serial }) => serial === body.serial)) {
      throw fail('PRE_AUTHORISATION_REFUSED');
    }
    const set = {
      terminal_id: body.terminalId,
      site_id: body.siteId ?? null,
      expires_at: body.expiresAt,
      by_name: user,
    };
    const row: Row = { tenant_id: tenantId, serial: body.serial, ...set };
    await tx
      .of<EnrolmentTables>()
      .insertInto('pre_authorisation')
      .values(row)
      .onConflict((conflict) => conflict.columns(['tenant_id', 'serial']).doUpdateSet(set))
      .execute();
    await audit.record(tx, {
      tenantId,
      actor: user,
      act: 'serial-pre-authorised',
      subject: body.terminalId,
      detail: { serial: body.serial, until: body.expiresAt },
    });
    return viewOf(row);
  });
  changes.notify(tenantId, 'enrolments');
  return made;
}

export async function withdrawPreAuthorisation(
  { store, audit, changes }: EnrolmentParts,
  { tenantId, user }: Actor,
  serial: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    const { numDeletedRows } = await tx
      .of<EnrolmentTables>()
      .deleteFrom('pre_authorisation')
      .where('tenant_id', '=', tenantId)
      .where('serial', '=', serial)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw fail('NOT_FOUND');
    await audit.record(tx, {
      tenantId,
      actor: user,
      act: 'pre-authorisation-withdrawn',
      subject: serial,
      detail: {},
    });
  });
  changes.notify(tenantId, 'enrolments');
}
