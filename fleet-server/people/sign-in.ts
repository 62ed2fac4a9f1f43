import {
  ChangeTenant,
  CONSOLE_SESSION_ROUTE,
  ConsoleMe,
  LocalSignIn,
  PEOPLE_ROUTES,
  SetPassword,
  SignInRequest,
  SignInWays,
} from '@jolly/contracts/fleet-api';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, FEW_SIGN_INS, FEW_TRIES, type Http, isLoopbackCall } from '../http/index.ts';
import { type ConsoleGate, personOf, sessionOf } from '../identity/index.ts';
import { FaultsFound, fail } from '../problems/index.ts';
import { enter, homeOf, type PeopleParts, refuseElsewhere, renew, totpContext } from './context.ts';
import { faultsOfPassword } from './password-rules.ts';
import {
  asksSecondFactor,
  findById,
  findByUser,
  hashOfToken,
  type PersonRow,
  placesOf,
  takeStep,
  updatePerson,
} from './persons.ts';
import type { PeopleTables } from './tables.ts';
import type { Try } from './throttle.ts';
import { stepOfCode } from './totp.ts';

const tags = ['sign-in'];

/** The doors of the console. Open to all: each looks after itself. */
export function signInRoutes(app: Http, parts: PeopleParts, gate: ConsoleGate): void {
  app.get(PEOPLE_ROUTES.ways, { schema: { response: { 200: SignInWays }, tags } }, (request) => ({
    demo: parts.demoUsers !== undefined && isLoopbackCall(request),
    local: parts.settings.local,
    oidc: parts.settings.oidc.map(({ id, name }) => ({ id, name })),
  }));
  demoRoute(app, parts);
  localRoutes(app, parts);
  sessionRoutes(app, parts, gate);
}

function demoRoute(app: Http, parts: PeopleParts): void {
  app.post(
    CONSOLE_SESSION_ROUTE,
    {
      config: FEW_TRIES,
      schema: { body: SignInRequest.nullish(), response: { 200: ConsoleMe }, tags },
      onRequest: async (request) => {
        if (!parts.demoUsers || !isLoopbackCall(request)) throw fail('SIGN_IN_CLOSED');
        const origin = request.headers.origin;
        if (origin !== undefined && origin !== `http://${request.host}`) throw fail('SIGN_IN_CLOSED');
      },
    },
    async (request, reply) => {
      const users = parts.demoUsers ?? [];
      const wanted = request.body?.user ?? users[0];
      const person =
        wanted !== undefined && users.includes(wanted) ? await findByUser(parts.store, wanted) : undefined;
      if (person?.way !== 'demo') throw fail('SIGN_IN_REFUSED');
      return enter(parts, { request, reply }, { person, way: 'demo', stage: 'whole' });
    },
  );
}

function localRoutes(app: Http, parts: PeopleParts): void {
  const onRequest = async (request: FastifyRequest) => {
    if (!parts.settings.local) throw fail('SIGN_IN_CLOSED');
    refuseElsewhere(parts, request);
  };
  app.post(
    PEOPLE_ROUTES.local,
    { config: FEW_SIGN_INS, schema: { body: LocalSignIn, response: { 200: ConsoleMe }, tags }, onRequest },
    async (request, reply) => {
      const { person, stage } = await prove(parts, request.body, callerOf(request));
      return enter(parts, { request, reply }, { person, way: 'local', stage });
    },
  );
  app.post(
    PEOPLE_ROUTES.password,
    { config: FEW_SIGN_INS, schema: { body: SetPassword, response: { 204: z.void() }, tags }, onRequest },
    async (request, reply) => {
      await setByLink(parts, request.body);
      return reply.code(204).send();
    },
  );
}

/**
 * Who has given the right password, and the right code where one is enrolled. The same answer, after the same work, for nobody,
 * for a wrong password, and for who may not sign in.
 */
async function prove(
  parts: PeopleParts,
  body: LocalSignIn,
  address: string | undefined,
): Promise<{ readonly person: PersonRow; readonly stage: 'whole' | 'totp' }> {
  const { store, passwords, log } = parts;
  const person = await findByUser(store, body.user);
  const tried = await parts.throttle.take(person?.user_key ?? body.user.toLowerCase(), address);
  const may = person?.way === 'local' && person.disabled === 0;
  const right = await passwords.verify(body.password, may ? person.password : undefined);
  if (!person || !right) return refuse(parts, tried, person);
  const roles = [...(await placesOf(store, parts.tenants, person)).values()];
  if (roles.length === 0) return refuse(parts, tried, person);
  if (person.totp_sealed !== null) {
    if (body.totp === undefined) {
      await tried.undone();
      throw fail('TOTP_NEEDED');
    }
    if (!(await takeCode(parts, person, body.totp))) return refuse(parts, tried, person);
  }
  await tried.right();
  if (person.password !== null && passwords.outdated(person.password)) {
    const sealed = await passwords.hash(body.password);
    await store.transaction(async (tx) => {
      const present = await findById(tx, person.person_id);
      if (present?.password === person.password) await updatePerson(tx, person, { password: sealed });
    });
    log.info('a password was sealed with the figures now in force');
  }
  const asked = parts.settings.secondFactor === 'everybody' || asksSecondFactor(roles);
  const first = person.totp_sealed === null && asked;
  return { person, stage: first ? 'totp' : 'whole' };
}

/** The name that was typed is not told to any log: it may be a password in the wrong field. */
async function refuse(parts: PeopleParts, tried: Try, person: PersonRow | undefined): Promise<never> {
  parts.log.warn({ known: person !== undefined }, 'sign-in refused');
  if (tried.last && person) {
    await parts.store.transaction((tx) =>
      parts.audit.record(tx, {
        tenantId: homeOf(person),
        actor: 'system',
        act: 'sign-in-throttled',
        subject: person.user_name,
        detail: {},
      }),
    );
  }
  throw fail('SIGN_IN_REFUSED');
}

/** Whether a code is one of now that was not taken before; it is taken by that. */
export async function takeCode(parts: PeopleParts, person: PersonRow, code: string): Promise<boolean> {
  if (person.totp_sealed === null) return false;
  const secret = parts.keyring.open(person.totp_sealed, totpContext(person));
  const step = stepOfCode(secret, code, parts.clock.now());
  return step !== undefined && (await takeStep(parts.store, person, step));
}

async function setByLink(parts: PeopleParts, { token, password }: SetPassword): Promise<void> {
  const { store, clock, audit, sessions } = parts;
  const hash = hashOfToken(token);
  const link = await store
    .of<PeopleTables>()
    .selectFrom('password_link')
    .selectAll()
    .where('token_hash', '=', hash)
    .where('expires_at', '>', clock.now())
    .executeTakeFirst();
  const person = link && (await findById(store, link.person_id));
  if (!person || person.disabled === 1 || person.way !== 'local') throw fail('PASSWORD_LINK_GONE');
  checkPassword(parts, person, password);
  const sealed = await parts.passwords.hash(password);
  await store.transaction(async (tx) => {
    const { numDeletedRows } = await tx
      .of<PeopleTables>()
      .deleteFrom('password_link')
      .where('tenant_id', '=', link.tenant_id)
      .where('token_hash', '=', hash)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw fail('PASSWORD_LINK_GONE');
    await updatePerson(tx, person, { password: sealed });
    await sessions.endAllOf(tx, person.person_id);
    await audit.record(tx, {
      tenantId: homeOf(person),
      actor: person.user_name,
      act: 'password-set',
      subject: person.user_name,
      detail: { by: 'link' },
    });
  });
}

/** Throws PASSWORD_REFUSED with all that is against it. */
export function checkPassword(parts: PeopleParts, person: PersonRow, password: string): void {
  const about = [person.user_name, person.name, parts.tenants.get(person.tenant_id)?.name ?? ''];
  const faults = faultsOfPassword(password, about, parts.denied);
  if (faults.length === 0) return;
  throw new FaultsFound(
    'PASSWORD_REFUSED',
    faults.map((message) => ({ path: 'password', message })),
  );
}

function sessionRoutes(app: Http, parts: PeopleParts, gate: ConsoleGate): void {
  app.delete(
    CONSOLE_SESSION_ROUTE,
    {
      onRequest: [gate.session, gate.anyone],
      config: { beforeTotp: true },
      schema: { response: { 204: z.void() }, tags },
    },
    async (request, reply) => {
      await parts.sessions.end(parts.store, request);
      parts.sessions.clear(reply);
      return reply.code(204).send();
    },
  );
  app.post(
    PEOPLE_ROUTES.tenant,
    {
      onRequest: [gate.session, gate.anyone],
      schema: { body: ChangeTenant, response: { 200: ConsoleMe }, tags },
    },
    async (request, reply) => {
      const { tenantId } = request.body;
      const { tenants, user } = personOf(request);
      if (!tenants.some((each) => each.tenantId === tenantId)) throw fail('NOT_ALLOWED');
      return renew(parts, { request, reply }, sessionOf(request), { tenantId }, (tx) =>
        parts.audit.record(tx, {
          tenantId,
          actor: user,
          act: 'tenant-entered',
          subject: tenantId,
          detail: {},
        }),
      );
    },
  );
}
