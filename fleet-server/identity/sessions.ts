import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  CONSOLE_SESSION_ROUTE,
  ConsoleMe,
  CSRF_HEADER,
  may,
  type Permission,
  type Role,
  SignInRequest,
} from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FEW_TRIES, type Http, isLoopbackCall } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { IdentityTables } from './tables.ts';

const COOKIE = 'jolly_session';
const SESSION_MS = 8 * 3_600_000;

/** One who may sign in. */
export interface ConsoleUser {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    person: ConsoleMe | null;
  }
}

/** Who is signed in; only for routes behind the console's gate. */
export function personOf(request: FastifyRequest): ConsoleMe {
  if (!request.person) throw fail('SIGN_IN_NEEDED');
  return request.person;
}

export interface SessionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenants: ReadonlyMap<string, { readonly name: string }>;
  /** The demo's users; undefined = the demo's sign-in is closed. */
  readonly demoUsers: readonly ConsoleUser[] | undefined;
  readonly secureCookies: boolean;
}

export interface ConsoleGate {
  /** Refuses without a live session; whatever changes something also needs the page's CSRF token. */
  session(request: FastifyRequest): Promise<void>;
  /** Refuses whose role does not allow it; to run after `session`. */
  needs(permission: Permission): (request: FastifyRequest) => Promise<void>;
}

export function consoleGate(options: SessionOptions): ConsoleGate {
  return {
    async session(request) {
      const token = request.cookies[COOKIE];
      if (!token) throw fail('SIGN_IN_NEEDED');
      const row = await options.store
        .of<IdentityTables>()
        .selectFrom('console_session')
        .selectAll()
        .where('token_hash', '=', hashOf(token))
        .where('expires_at', '>', options.clock.now())
        .executeTakeFirst();
      const person = row && personOfSession(options, row);
      if (!person) throw fail('SIGN_IN_NEEDED');
      // A demo session is worth nothing away from this machine, even if its cookie travelled.
      if (person.demo && !isLoopbackCall(request)) throw fail('SIGN_IN_CLOSED');
      if (!['GET', 'HEAD'].includes(request.method)) checkCsrf(request, person.csrf);
      request.person = person;
    },
    needs: (permission) => async (request) => {
      if (!may(personOf(request).role, permission)) throw fail('NOT_ALLOWED');
    },
  };
}

export function sessionRoutes(app: Http, options: SessionOptions, gate: ConsoleGate): void {
  app.post(
    CONSOLE_SESSION_ROUTE,
    {
      config: FEW_TRIES,
      schema: { body: SignInRequest.nullish(), response: { 200: ConsoleMe }, tags: ['console'] },
      onRequest: async (request) => {
        if (!options.demoUsers || !isLoopbackCall(request)) throw fail('SIGN_IN_CLOSED');
        const origin = request.headers.origin;
        if (origin !== undefined && origin !== `http://${request.host}`) throw fail('SIGN_IN_CLOSED');
      },
    },
    async (request, reply) => {
      const users = options.demoUsers ?? [];
      const wanted = request.body?.user ?? users[0]?.user;
      const user = users.find((candidate) => candidate.user === wanted);
      const [tenantId] = options.tenants.keys();
      if (!user || tenantId === undefined) throw fail('SIGN_IN_REFUSED');
      const token = randomBytes(32).toString('base64url');
      const session = {
        tenant_id: tenantId,
        token_hash: hashOf(token),
        user_name: user.user,
        csrf: randomBytes(24).toString('base64url'),
        expires_at: options.clock.now() + SESSION_MS,
      };
      await options.store.of<IdentityTables>().insertInto('console_session').values(session).execute();
      reply.setCookie(COOKIE, token, {
        httpOnly: true,
        sameSite: 'strict',
        secure: options.secureCookies,
        path: '/',
        maxAge: SESSION_MS / 1000,
      });
      const person = personOfSession(options, session);
      if (!person) throw fail('SIGN_IN_REFUSED');
      return person;
    },
  );

  app.delete(
    CONSOLE_SESSION_ROUTE,
    { onRequest: gate.session, schema: { response: { 204: z.void() }, tags: ['console'] } },
    async (request, reply) => {
      const token = request.cookies[COOKIE] ?? '';
      await options.store
        .of<IdentityTables>()
        .deleteFrom('console_session')
        .where('tenant_id', '=', personOf(request).tenantId)
        .where('token_hash', '=', hashOf(token))
        .execute();
      return reply.clearCookie(COOKIE, { path: '/' }).code(204).send();
    },
  );
}

function personOfSession(
  options: SessionOptions,
  row: { readonly tenant_id: string; readonly user_name: string; readonly csrf: string },
): ConsoleMe | undefined {
  const user = options.demoUsers?.find((candidate) => candidate.user === row.user_name);
  const tenant = options.tenants.get(row.tenant_id);
  if (!user || !tenant) return undefined;
  return {
    ...user,
    tenantId: row.tenant_id,
    tenantName: tenant.name,
    tenants: [{ tenantId: row.tenant_id, name: tenant.name }],
    demo: true,
    way: 'demo',
    totpNeeded: false,
    csrf: row.csrf,
  };
}

function checkCsrf(request: FastifyRequest, expected: string): void {
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const wanted = Buffer.from(expected);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw fail('CSRF_REFUSED');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
