import type { AskEnrolment, PendingEnrolment } from '@jolly/contracts/fleet-api';
import { fail } from '../problems/index.ts';
import { CENTRE } from '../sealing/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import { fingerprintOf, newCode } from './codes.ts';
import type { EnrolmentParts } from './parts.ts';
import type { EnrolmentTables } from './tables.ts';

/** In the place of a municipality's id: who waits has none yet. */
export const UNKNOWN = CENTRE;

const LIFE_MS = 3_600_000;
/** All together, and from one address (behind one address there may be a whole workshop, or a proxy). */
const MOST = 500;
const MOST_FROM_ONE = 100;

export type PendingRow = EnrolmentTables['pending_enrolment'];

export const pendingOf = (row: PendingRow): PendingEnrolment => ({
  code: row.code,
  fingerprint: fingerprintOf(row.public_key),
  ...(row.serial === null ? {} : { serial: row.serial }),
  ...(row.hostname === null ? {} : { hostname: row.hostname }),
  software: row.software,
  askedAt: row.asked_at,
  expiresAt: row.expires_at,
  from: row.asked_from,
});

/** The same key has the same code as long as it goes on asking, and for an hour after. Throws ENROLMENT_FULL. */
export async function keepWaiting(
  tx: Transaction,
  { clock, random }: EnrolmentParts,
  ask: AskEnrolment,
  from: string,
): Promise<PendingRow> {
  const db = tx.of<EnrolmentTables>();
  const now = clock.now();
  const told = {
    hint_tenant: ask.tenantHint ?? null,
    serial: ask.serial ?? null,
    hostname: ask.hostname ?? null,
    software: ask.software,
  };
  await db.deleteFrom('pending_enrolment').where('expires_at', '<=', now).execute();
  const known = await db
    .selectFrom('pending_enrolment')
    .selectAll()
    .where('tenant_id', '=', UNKNOWN)
    .where('public_key', '=', ask.publicKey)
    .executeTakeFirst();
  if (known) {
    if (known.state === 'refused') return known;
    const row = { ...known, ...told, expires_at: now + LIFE_MS };
    await db
      .updateTable('pending_enrolment')
      .set({ ...told, expires_at: row.expires_at })
      .where('tenant_id', '=', UNKNOWN)
      .where('public_key', '=', ask.publicKey)
      .execute();
    return row;
  }
  await mustHaveRoom(tx, from);
  const row: PendingRow = {
    tenant_id: UNKNOWN,
    public_key: ask.publicKey,
    code: newCode(random),
    ...told,
    asked_at: now,
    expires_at: now + LIFE_MS,
    asked_from: from,
    state: 'waiting',
  };
  await db.insertInto('pending_enrolment').values(row).execute();
  return row;
}

async function mustHaveRoom(tx: Transaction, from: string): Promise<void> {
  const { all, here } = await tx
    .of<EnrolmentTables>()
    .selectFrom('pending_enrolment')
    .select((each) => [
      each.fn.countAll<number | string>().as('all'),
      each.fn
        .sum<number | string | null>(each.case().when('asked_from', '=', from).then(1).else(0).end())
        .as('here'),
    ])
    .executeTakeFirstOrThrow();
  if (Number(all) >= MOST || Number(here ?? 0) >= MOST_FROM_ONE) throw fail('ENROLMENT_FULL');
}

/**
 * The terminal that shows this code. Whoever stands before the screen may be of any municipality, unless the terminal's own file
 * names one: then for every other it is not there. Throws ENROLMENT_CODE_UNKNOWN.
 */
export async function mustFindCode(
  tables: Tables,
  now: number,
  tenantId: string,
  code: string,
): Promise<PendingRow> {
  const row = await tables
    .of<EnrolmentTables>()
    .selectFrom('pending_enrolment')
    .selectAll()
    .where('code', '=', code)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!row || (row.hint_tenant !== null && row.hint_tenant !== tenantId)) {
    throw fail('ENROLMENT_CODE_UNKNOWN');
  }
  return row;
}

/** Those whose own file names this municipality: the codes of all others are on their screens only. */
export async function hintedAt(tables: Tables, now: number, tenantId: string): Promise<PendingRow[]> {
  return tables
    .of<EnrolmentTables>()
    .selectFrom('pending_enrolment')
    .selectAll()
    .where('hint_tenant', '=', tenantId)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .orderBy('asked_at', 'desc')
    .execute();
}
