import {
  type ConsoleMe,
  PasswordLink,
  PEOPLE_ROUTES,
  Person,
  PersonWrite,
  type Role,
} from '@jolly/contracts/fleet-api';
import { Uuid } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CENTRE } from '../audit/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { FaultsFound, fail } from '../problems/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import type { PeopleParts } from './context.ts';
import {
  createPerson,
  findById,
  findByUser,
  inReachOf,
  makePasswordLink,
  type PersonRow,
  passwordUrl,
  personView,
  resetSecondFactor,
  rolesOf,
  setRole,
  takeSecretsAway,
  updatePerson,
} from './persons.ts';
import type { PeopleTables } from './tables.ts';

const tags = ['people'];
const params = z.object({ id: Uuid });

/** A person as somebody who looks after people may see and touch them. */
interface Held {
  readonly person: PersonRow;
  readonly roles: ReadonlyMap<string, Role>;
  /**
   * Whether everything of them may be changed. Who also has a role elsewhere may not: their password would be a way into
   * the other municipality.
   */
  readonly whole: boolean;
}

/** Who looks after people: those of the present municipality, and for a centre-admin those of the centre. */
export function peopleRoutes(app: Http, parts: PeopleParts, gate: ConsoleGate): void {
  const { store, clock, sessions, changes } = parts;
  const onRequest = gate.needs('people.write');

  app.get(
    PEOPLE_ROUTES.people,
    { onRequest, schema: { response: { 200: z.array(Person) }, tags } },
    (request) => list(parts, personOf(request)),
  );

  app.post(
    PEOPLE_ROUTES.people,
    { onRequest, schema: { body: PersonWrite, response: { 200: Person }, tags } },
    async (request) => {
      const me = personOf(request);
      const { user, role, disabled, provider: _, ...body } = request.body;
      const provider = providerFor(parts, request.body, role === 'centre-admin' ? CENTRE : me.tenantId);
      const centre = me.role === 'centre-admin';
      if (role === 'centre-admin' && !centre) throw fail('NOT_ALLOWED');
      const made = await store.transaction(async (tx) => {
        const known = centre && role !== 'centre-admin' ? await findByUser(tx, user) : undefined;
        if (known) {
          // The centre gives somebody who is already there a role here too.
          const roles = await rolesOf(tx, known.person_id);
          if (roles.has(me.tenantId)) throw fail('PERSON_EXISTS');
          if (known.tenant_id !== me.tenantId && inReachOf(known.tenant_id, known, roles)) {
            await takeSecretsAway(tx, known);
            await sessions.endAllOf(tx, known.person_id);
          }
          await setRole(tx, me.tenantId, known.person_id, role);
        }
        const person =
          known ??
          (await createPerson(tx, clock.now(), {
            ...body,
            user,
            role,
            tenantId: me.tenantId,
            ...(provider === undefined ? {} : { oidc: { provider, subject: null } }),
          }));
        if (!known && disabled) await updatePerson(tx, person, { disabled: 1 });
        await record(parts, tx, me, person, known ? 'role-given' : 'person-added', { role });
        return person.person_id;
      });
      return shown(parts, me, made);
    },
  );

  app.put(
    PEOPLE_ROUTES.person,
    { onRequest, schema: { params, body: PersonWrite, response: { 200: Person }, tags } },
    async (request) => {
      const me = personOf(request);
      await store.transaction(async (tx) => {
        const held = await hold(tx, me, request.params.id);
        await change(parts, tx, me, held, request.body);
      });
      return shown(parts, me, request.params.id);
    },
  );

  app.delete(
    PEOPLE_ROUTES.person,
    { onRequest, schema: { params, response: { 204: z.void() }, tags } },
    async (request, reply) => {
      const me = personOf(request);
      await store.transaction(async (tx) => {
        const { person, roles } = await hold(tx, me, request.params.id);
        if (isSelf(me, person)) throw fail('NOT_ONESELF');
        if (!roles.has(me.tenantId)) throw fail('NOT_FOUND');
        await tx
          .of<PeopleTables>()
          .deleteFrom('person_role')
          .where('tenant_id', '=', me.tenantId)
          .where('person_id', '=', person.person_id)
          .execute();
        await sessions.endAllOf(tx, person.person_id);
        await record(parts, tx, me, person, 'role-taken-away', {});
      });
      told(me);
      return reply.code(204).send();
    },
  );

  app.post(
    PEOPLE_ROUTES.passwordLink,
    { onRequest, schema: { params, body: z.object({}).nullish(), response: { 200: PasswordLink }, tags } },
    async (request) => {
      const me = personOf(request);
      const { token, expiresAt } = await store.transaction(async (tx) => {
        const person = await whole(tx, me, request);
        if (person.way !== 'local' || person.disabled === 1) throw fail('NOT_ALLOWED');
        await record(parts, tx, me, person, 'password-link-made', {});
        return makePasswordLink(tx, clock.now(), person);
      });
      told(me);
      return { url: passwordUrl(parts.publicUrl(), token), expiresAt };
    },
  );

  app.delete(
    PEOPLE_ROUTES.personTotp,
    { onRequest, schema: { params, response: { 204: z.void() }, tags } },
    async (request, reply) => {
      const me = personOf(request);
      await store.transaction(async (tx) => {
        const person = await whole(tx, me, request);
        if (isSelf(me, person)) throw fail('NOT_ONESELF');
        await resetSecondFactor(tx, person);
        await sessions.endAllOf(tx, person.person_id);
        await record(parts, tx, me, person, 'second-factor-taken-away', {});
      });
      told(me);
      return reply.code(204).send();
    },
  );

  app.delete(
    PEOPLE_ROUTES.personSessions,
    { onRequest, schema: { params, response: { 204: z.void() }, tags } },
    async (request, reply) => {
      const me = personOf(request);
      await store.transaction(async (tx) => {
        const person = await whole(tx, me, request);
        await sessions.endAllOf(tx, person.person_id);
        await record(parts, tx, me, person, 'signed-out-everywhere', {});
      });
      told(me);
      return reply.code(204).send();
    },
  );

  function told({ tenantId }: ConsoleMe): void {
    changes.notify(tenantId, 'people');
    changes.notify(tenantId, 'audit');
  }

  async function shown({ store: tables }: PeopleParts, me: ConsoleMe, id: string): Promise<Person> {
    told(me);
    const { person, roles } = await hold(tables, me, id);
    return viewFor(me, person, roles);
  }
}

const isSelf = (me: ConsoleMe, person: PersonRow): boolean => me.user === person.user_name;

/** A municipality is not told which other ones somebody works for. */
function viewFor(me: ConsoleMe, person: PersonRow, roles: ReadonlyMap<string, Role>): Person {
  return personView(person, roles, me.role === 'centre-admin' ? undefined : me.tenantId);
}

/** Throws NOT_FOUND for who is not this person's to look after: as if there were nobody. */
async function hold(tables: Tables, me: ConsoleMe, id: string): Promise<Held> {
  const person = await findById(tables, id);
  if (!person) throw fail('NOT_FOUND');
  const roles = await rolesOf(tables, id);
  const centre = me.role === 'centre-admin';
  const own = person.tenant_id === me.tenantId;
  if (!own && !roles.has(me.tenantId) && !(centre && person.tenant_id === CENTRE)) throw fail('NOT_FOUND');
  const elsewhere = [...roles.keys()].some((tenantId) => tenantId !== me.tenantId);
  return { person, roles, whole: centre || (own && !elsewhere && person.centre_admin === 0) };
}

async function whole(tx: Transaction, me: ConsoleMe, request: FastifyRequest): Promise<PersonRow> {
  const { id } = params.parse(request.params);
  const held = await hold(tx, me, id);
  if (!held.whole) throw fail('NOT_ALLOWED');
  return held.person;
}

async function list({ store }: PeopleParts, me: ConsoleMe): Promise<Person[]> {
  const homes = me.role === 'centre-admin' ? [me.tenantId, CENTRE] : [me.tenantId];
  const rows = await store
    .of<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where((or) =>
      or.or([
        or('tenant_id', 'in', homes),
        or(
          'person_id',
          'in',
          or.selectFrom('person_role').select('person_id').where('tenant_id', '=', me.tenantId),
        ),
      ]),
    )
    .orderBy('user_key')
    .limit(1_000)
    .execute();
  const people: Person[] = [];
  for (const row of rows) people.push(viewFor(me, row, await rolesOf(store, row.person_id)));
  return people;
}

async function change(
  parts: PeopleParts,
  tx: Transaction,
  me: ConsoleMe,
  { person, roles, whole: mayAll }: Held,
  body: PersonWrite,
): Promise<void> {
  if (body.user !== person.user_name) {
    throw new FaultsFound('BODY_INVALID', [{ path: 'user', message: 'a user name stays' }]);
  }
  const before: Role | undefined = person.centre_admin === 1 ? 'centre-admin' : roles.get(me.tenantId);
  const newRole = body.role !== before;
  const way: PersonRow['way'] = person.way === 'demo' && body.way === 'local' ? 'demo' : body.way;
  const rest = {
    name: body.name,
    email: body.email ?? null,
    way,
    disabled: body.disabled ? 1 : 0,
  };
  const newRest =
    rest.name !== person.name ||
    rest.email !== person.email ||
    rest.way !== person.way ||
    rest.disabled !== person.disabled;
  if (newRest && !mayAll) throw fail('NOT_ALLOWED');
  const toOrFromCentre = [body.role, before].includes('centre-admin');
  if (newRole && toOrFromCentre && me.role !== 'centre-admin') throw fail('NOT_ALLOWED');
  if (isSelf(me, person) && (newRole || body.disabled)) throw fail('NOT_ONESELF');
  if (newRest) {
    // Who signs in another way leaves nothing behind that would still open the door.
    if (way !== person.way) await takeSecretsAway(tx, person);
    const changing =
      way === person.way
        ? {}
        : { oidc_provider: providerFor(parts, body, person.tenant_id) ?? null, oidc_subject: null };
    await updatePerson(tx, person, { ...rest, ...changing });
  }
  if (newRole) {
    const raised = body.role === 'centre-admin' || person.tenant_id !== me.tenantId;
    if (raised && inReachOf(person.tenant_id, person, roles)) await takeSecretsAway(tx, person);
    if (toOrFromCentre)
      await updatePerson(tx, person, { centre_admin: body.role === 'centre-admin' ? 1 : 0 });
    if (body.role !== 'centre-admin') await setRole(tx, me.tenantId, person.person_id, body.role);
  }
  if (newRole || rest.disabled !== person.disabled || way !== person.way) {
    await parts.sessions.endAllOf(tx, person.person_id);
  }
  if (newRole || newRest) {
    await record(parts, tx, me, person, 'person-changed', {
      role: body.role,
      disabled: body.disabled,
      way: body.way,
    });
  }
}

/** The provider by which somebody is to sign in: the one named, or the only one that this municipality has. */
function providerFor({ settings }: PeopleParts, body: PersonWrite, tenantId: string): string | undefined {
  if (body.way !== 'oidc') return undefined;
  const fit = settings.oidc.filter(({ tenants }) => tenants === undefined || tenants.includes(tenantId));
  const found =
    body.provider === undefined && fit.length === 1 ? fit[0] : fit.find(({ id }) => id === body.provider);
  if (!found) throw new FaultsFound('BODY_INVALID', [{ path: 'provider', message: 'name one of yours' }]);
  return found.id;
}

/** What concerns the centre's own people stands in its log, whichever municipality was before the eyes. */
function record(
  { audit }: PeopleParts,
  tx: Transaction,
  me: ConsoleMe,
  person: PersonRow,
  act: string,
  detail: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  const tenantId = person.tenant_id === CENTRE ? CENTRE : me.tenantId;
  return audit.record(tx, { tenantId, actor: me.user, act, subject: person.user_name, detail });
}
