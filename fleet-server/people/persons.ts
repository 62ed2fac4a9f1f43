import { createHash, randomBytes } from 'node:crypto';
import {
  type ConsoleMe,
  may,
  PERMISSIONS,
  type Permission,
  type Person,
  type Role,
} from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import { CENTRE } from '../audit/index.ts';
import type { PersonDirectory } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import type { PeopleTables } from './tables.ts';

export type PersonRow = PeopleTables['person'];

const READING: ReadonlySet<Permission> = new Set(['fleet.read', 'payments.read', 'logs.read', 'audit.read']);
const LINK_MS = 24 * 3_600_000;

/** Who may change something needs a second factor. */
export function asksSecondFactor(roles: readonly Role[]): boolean {
  return roles.some((role) => PERMISSIONS.some((each) => !READING.has(each) && may(role, each)));
}

/** User names are the same whatever their capitals. */
export const keyOfUser = (user: string): string => user.normalize('NFKC').trim().toLowerCase();

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export function findByUser(tables: Tables, user: string): Promise<PersonRow | undefined> {
  return tables
    .of<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where('user_key', '=', keyOfUser(user))
    .executeTakeFirst();
}

export function findById(tables: Tables, personId: string): Promise<PersonRow | undefined> {
  return tables
    .of<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
}

/** Role by municipality; not those that a centre-admin has everywhere. */
export async function rolesOf(tables: Tables, personId: string): Promise<ReadonlyMap<string, Role>> {
  const rows = await tables
    .of<PeopleTables>()
    .selectFrom('person_role')
    .select(['tenant_id', 'role'])
    .where('person_id', '=', personId)
    .orderBy('tenant_id')
    .execute();
  return new Map(rows.map((row) => [row.tenant_id, row.role]));
}

export interface NewPerson extends Pick<PersonRow, 'name' | 'way'> {
  readonly user: string;
  readonly email?: string | undefined;
  readonly role: Role;
  /** The municipality of the role, which also keeps the person; a centre-admin is the centre's. */
  readonly tenantId: string;
  readonly oidc?: { readonly provider: string; readonly subject: string | null };
}

/** Throws PERSON_EXISTS. */
export async function createPerson(tx: Transaction, now: number, wanted: NewPerson): Promise<PersonRow> {
  if (await findByUser(tx, wanted.user)) throw fail('PERSON_EXISTS');
  const admin = wanted.role === 'centre-admin';
  const row: PersonRow = {
    tenant_id: admin ? CENTRE : wanted.tenantId,
    person_id: uuidv7(now),
    user_name: wanted.user,
    user_key: keyOfUser(wanted.user),
    name: wanted.name,
    email: wanted.email ?? null,
    way: wanted.way,
    centre_admin: admin ? 1 : 0,
    password: null,
    totp_sealed: null,
    totp_pending: null,
    totp_step: null,
    oidc_provider: wanted.oidc?.provider ?? null,
    oidc_subject: wanted.oidc?.subject ?? null,
    by_groups: typeof wanted.oidc?.subject === 'string' ? 1 : 0,
    disabled: 0,
    created_at: now,
    last_sign_in_at: null,
  };
  await tx.of<PeopleTables>().insertInto('person').values(row).execute();
  if (!admin) await setRole(tx, wanted.tenantId, row.person_id, wanted.role);
  return row;
}

export async function updatePerson(
  tx: Tables,
  { tenant_id, person_id }: Pick<PersonRow, 'tenant_id' | 'person_id'>,
  change: Partial<Omit<PersonRow, 'tenant_id' | 'person_id'>>,
): Promise<void> {
  await tx
    .of<PeopleTables>()
    .updateTable('person')
    .set(change)
    .where('tenant_id', '=', tenant_id)
    .where('person_id', '=', person_id)
    .execute();
}

export async function setRole(
  tx: Transaction,
  tenantId: string,
  personId: string,
  role: Role,
): Promise<void> {
  await tx
    .of<PeopleTables>()
    .insertInto('person_role')
    .values({ tenant_id: tenantId, person_id: personId, role })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'person_id']).doUpdateSet({ role }))
    .execute();
}

/** Takes a code's step, which must be later than any taken before: the same code is not taken twice. */
export async function takeStep(tx: Tables, person: PersonRow, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .of<PeopleTables>()
    .updateTable('person')
    .set({ totp_step: step })
    .where('tenant_id', '=', person.tenant_id)
    .where('person_id', '=', person.person_id)
    .where((or) => or.or([or('totp_step', 'is', null), or('totp_step', '<', step)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Everybody, with what they are where. */
export async function listPeople(
  tables: Tables,
): Promise<readonly { readonly person: PersonRow; readonly roles: ReadonlyMap<string, Role> }[]> {
  const rows = await tables.of<PeopleTables>().selectFrom('person').selectAll().orderBy('user_key').execute();
  const found = [];
  for (const person of rows) found.push({ person, roles: await rolesOf(tables, person.person_id) });
  return found;
}

/** The next sign-in enrols a new one. */
export const resetSecondFactor = (tx: Tables, person: PersonRow): Promise<void> =>
  updatePerson(tx, person, { totp_sealed: null, totp_pending: null, totp_step: null });

/**
 * Whether the municipality that keeps a person has a hand on how they sign in: who has a role elsewhere, or is the centre's, is out of
 * its reach.
 */
export const inReachOf = (tenantId: string, person: PersonRow, roles: ReadonlyMap<string, Role>): boolean =>
  person.tenant_id === tenantId &&
  person.tenant_id !== CENTRE &&
  person.centre_admin === 0 &&
  [...roles.keys()].every((each) => each === tenantId);

/**
 * Leaves nothing by which a person signed in before, open links included. Where somebody leaves the reach of the municipality that
 * keeps them, what it may have set (and remembered) would be its way into the place they come to.
 */
export async function takeSecretsAway(tx: Transaction, person: PersonRow): Promise<void> {
  await tx.of<PeopleTables>().deleteFrom('password_link').where('person_id', '=', person.person_id).execute();
  await updatePerson(tx, person, { password: null, totp_sealed: null, totp_pending: null, totp_step: null });
}

/** A link that sets the password: one at a time, once, for a day. Resolves to its token. */
export async function makePasswordLink(
  tx: Transaction,
  now: number,
  person: PersonRow,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const token = randomBytes(32).toString('base64url');
  const db = tx.of<PeopleTables>();
  await db.deleteFrom('password_link').where('person_id', '=', person.person_id).execute();
  const expiresAt = now + LINK_MS;
  await db
    .insertInto('password_link')
    .values({
      tenant_id: person.tenant_id,
      token_hash: hashOfToken(token),
      person_id: person.person_id,
      expires_at: expiresAt,
    })
    .execute();
  return { token, expiresAt };
}

/** The token stands after the #, which browsers send to nobody: no log has it. */
export const passwordUrl = (base: string, token: string): string =>
  `${base.replace(/\/$/, '')}/console/#/password/${token}`;

/** As others see a person; `only`: the one municipality whose role may be told. */
export function personView(row: PersonRow, roles: ReadonlyMap<string, Role>, only?: string): Person {
  const shown = [...roles].filter(([tenantId]) => only === undefined || tenantId === only);
  return {
    personId: row.person_id,
    user: row.user_name,
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    way: row.way === 'oidc' ? 'oidc' : 'local',
    centreAdmin: row.centre_admin === 1,
    tenants: Object.fromEntries(shown),
    totp: row.totp_sealed !== null,
    disabled: row.disabled === 1,
    ...(row.last_sign_in_at === null ? {} : { lastSignInAt: Number(row.last_sign_in_at) }),
  };
}

type Tenants = ReadonlyMap<string, { readonly name: string }>;

/** Where a person may go, and as what. */
export async function placesOf(
  tables: Tables,
  tenants: Tenants,
  person: PersonRow,
): Promise<ReadonlyMap<string, Role>> {
  if (person.centre_admin === 1)
    return new Map([...tenants.keys()].map((id) => [id, 'centre-admin' as const]));
  const roles = await rolesOf(tables, person.person_id);
  return new Map([...roles].filter(([tenantId]) => tenants.has(tenantId)));
}

export function personDirectory(options: {
  readonly store: Store;
  readonly tenants: Tenants;
  readonly demo: boolean;
}): PersonDirectory {
  const { store, tenants, demo } = options;
  return {
    async meOf(session): Promise<ConsoleMe | undefined> {
      const person = await findById(store, session.personId);
      if (!person || person.disabled === 1 || (session.way === 'demo' && !demo)) return undefined;
      const places = await placesOf(store, tenants, person);
      const role = places.get(session.tenantId);
      const tenant = tenants.get(session.tenantId);
      if (!role || !tenant) return undefined;
      return {
        user: person.user_name,
        name: person.name,
        role,
        tenantId: session.tenantId,
        tenantName: tenant.name,
        tenants: [...places.keys()].map((tenantId) => ({
          tenantId,
          name: tenants.get(tenantId)?.name ?? tenantId,
        })),
        demo: session.way === 'demo',
        way: session.way,
        totpNeeded: session.stage === 'totp',
        csrf: session.csrf,
      };
    },
  };
}
