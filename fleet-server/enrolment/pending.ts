import type { AskEnrolment, PendingEnrolment } from '@jolly/contracts/fleet-api';
import { networkOf } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import { CENTRE } from '../sealing/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import { fingerprintOf, newCode } from './codes.ts';
import type { EnrolmentParts } from './parts.ts';
import type { EnrolmentTables } from './tables.ts';

/** In the place of a municipality's id: who waits has none yet. */
export const UNKNOWN = CENTRE;

const LIFE_MS = 3_600_000;
/**
 * All together, and from one address (behind one address there may be a whole workshop, or a proxy). Of those that are expected
 * (their file names a municipality of ours, or their serial is written down) and of the others at most so many each, which leaves
 * the rest to the other kind.
 */
const MOST = 500;
const MOST_OF_A_KIND = 400;
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
  parts: EnrolmentParts,
  ask: AskEnrolment,
  from: string,
): Promise<PendingRow> {
  const db = tx.of<EnrolmentTables>();
  const now = parts.clock.now();
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
  await makeRoom(tx, parts, told, from);
  const row: PendingRow = {
    tenant_id: UNKNOWN,
    public_key: ask.publicKey,
    code: newCode(parts.random),
    ...told,
    asked_at: now,
    expires_at: now + LIFE_MS,
    asked_from: from,
    state: 'waiting',
    looked_at: null,
  };
  await db.insertInto('pending_enrolment').values(row).execute();
  return row;
}

type Waiting = Pick<
  PendingRow,
  'public_key' | 'asked_from' | 'asked_at' | 'looked_at' | 'state' | 'hint_tenant' | 'serial'
>;
type Told = Pick<PendingRow, 'hint_tenant' | 'serial'>;

/**
 * Where all places are taken, the oldest that nobody has looked at goes, of the address that has most of them: whoever makes up keys
 * drives out their own. A real terminal that had to go asks again within seconds, and gets another code. Throws ENROLMENT_FULL where
 * somebody looks at all of them.
 */
async function makeRoom(
  tx: Transaction,
  { tenants, clock }: EnrolmentParts,
  told: Told,
  from: string,
): Promise<void> {
  const db = tx.of<EnrolmentTables>();
  const rows: readonly Waiting[] = await db
    .selectFrom('pending_enrolment')
    .select(['public_key', 'asked_from', 'asked_at', 'looked_at', 'state', 'hint_tenant', 'serial'])
    .orderBy('asked_at')
    .execute();
  const here = rows.filter((row) => networkOf(row.asked_from) === networkOf(from));
  if (here.length < MOST_FROM_ONE && rows.length < MOST_OF_A_KIND) return;
  const serials = await db
    .selectFrom('pre_authorisation')
    .select('serial')
    .where('expires_at', '>', clock.now())
    .execute();
  const written = new Set(serials.map(({ serial }) => serial));
  const expected = ({ hint_tenant, serial }: Told) =>
    hint_tenant === null ? serial !== null && written.has(serial) : tenants.has(hint_tenant);
  const alike = rows.filter((row) => expected(row) === expected(told));
  let among: readonly Waiting[];
  if (here.length >= MOST_FROM_ONE) among = here;
  else if (alike.length >= MOST_OF_A_KIND) among = alike;
  else if (rows.length < MOST) return;
  else
    among = alike.length * 2 > rows.length ? alike : rows.filter((row) => expected(row) !== expected(told));
  const goes = oldestOfMost(among.filter((row) => row.looked_at === null && row.state === 'waiting'));
  if (!goes) throw fail('ENROLMENT_FULL');
  await db
    .deleteFrom('pending_enrolment')
    .where('tenant_id', '=', UNKNOWN)
    .where('public_key', '=', goes.public_key)
    .execute();
}

/** `rows`: oldest first. */
function oldestOfMost(rows: readonly Waiting[]): Waiting | undefined {
  const groups = Map.groupBy(rows, (row) => networkOf(row.asked_from));
  let most: readonly Waiting[] = [];
  for (const group of groups.values()) if (group.length > most.length) most = group;
  return most[0];
}

/** Somebody of the staff stands before it: it keeps its place. */
export async function lookedAt(tables: Tables, now: number, { public_key }: PendingRow): Promise<void> {
  await tables
    .of<EnrolmentTables>()
    .updateTable('pending_enrolment')
    .set({ looked_at: now })
    .where('tenant_id', '=', UNKNOWN)
    .where('public_key', '=', public_key)
    .execute();
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
