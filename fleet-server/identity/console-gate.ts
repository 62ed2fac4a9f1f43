import { createHash, timingSafeEqual } from 'node:crypto';
import {
  BACKGROUND_HEADER,
  type ConsoleMe,
  CSRF_HEADER,
  may,
  type Permission,
} from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { isLoopbackCall } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import type { Session, Sessions } from './sessions.ts';

/** A session's last use is written this often at most. */
const USE_MS = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    person: ConsoleMe | null;
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** Who may call it, where no `onRequest` of the gate's own says so. */
    permission?: Permission | 'anyone';
    /** Answers too while the second factor is still to be enrolled. */
    beforeTotp?: boolean;
  }
}

/** Who is signed in; only for routes behind the console's gate. */
export function personOf(request: FastifyRequest): ConsoleMe {
  if (!request.person) throw fail('SIGN_IN_NEEDED');
  return request.person;
}

/** The session of a call; only for routes behind the console's gate. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw fail('SIGN_IN_NEEDED');
  return request.session;
}

/** Who stands behind a session, read at every call: what was taken away a moment ago is gone now. */
export interface PersonDirectory {
  meOf(session: Session): Promise<ConsoleMe | undefined>;
}

type Guard = (request: FastifyRequest) => Promise<void>;
/** A guard that says what it asks for: the server refuses to start with a console route that says nothing. */
export type PermissionGuard = Guard & { readonly permission: Permission | 'anyone' };

export interface ConsoleGate {
  /** Refuses without a live session; whatever changes something also needs the page's CSRF token. */
  session(request: FastifyRequest): Promise<void>;
  /** Refuses whose role does not allow it; to run after `session`. */
  needs(permission: Permission): PermissionGuard;
  /** For what everybody who is signed in may: their own affairs. */
  readonly anyone: PermissionGuard;
  /** Whether the call's session would still be let in; asking is not using. */
  alive(request: FastifyRequest): Promise<boolean>;
}

export function consoleGate(options: {
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly directory: PersonDirectory;
}): ConsoleGate {
  const { clock, sessions, directory } = options;
  const enter = async (request: FastifyRequest) => {
    const session = await sessions.of(request);
    const person = session && (await directory.meOf(session));
    if (!session || !person) throw fail('SIGN_IN_NEEDED');
    // A demo session is worth nothing away from this machine, even if its cookie travelled.
    if (person.demo && !isLoopbackCall(request)) throw fail('SIGN_IN_CLOSED');
    return { session, person };
  };
  return {
    async session(request) {
      const { session, person } = await enter(request);
      const reads = ['GET', 'HEAD'].includes(request.method);
      if (!reads) checkCsrf(request, person.csrf);
      if (session.stage === 'totp' && !request.routeOptions.config.beforeTotp) {
        throw fail('TOTP_ENROLMENT_NEEDED');
      }
      const byItself = reads && request.headers[BACKGROUND_HEADER] !== undefined;
      if (!byItself && clock.now() - session.usedAt >= USE_MS) await sessions.used(session);
      request.person = person;
      request.session = session;
    },
    needs: (permission) =>
      Object.assign(
        async (request: FastifyRequest) => {
          const { role, user, tenantId } = personOf(request);
          if (may(role, permission)) return;
          request.log.warn(
            { user, tenantId, permission },
            'a person asked for what their role does not allow',
          );
          throw fail('NOT_ALLOWED');
        },
        { permission },
      ),
    anyone: Object.assign(async (request: FastifyRequest) => void personOf(request), {
      permission: 'anyone' as const,
    }),
    alive: async (request) => {
      const { session } = await enter(request);
      return session.stage === 'whole';
    },
  };
}

/** What a route asks for, by its own word or by its guard's; undefined: it does not say. */
export function permissionOf(route: {
  readonly config?: unknown;
  readonly onRequest?: unknown;
}): Permission | 'anyone' | undefined {
  const { config } = route;
  if (typeof config === 'object' && config !== null && 'permission' in config) {
    return config.permission as Permission | 'anyone';
  }
  for (const guard of [route.onRequest].flat()) {
    if (typeof guard === 'function' && 'permission' in guard)
      return guard.permission as Permission | 'anyone';
  }
  return undefined;
}

/** In constant time, whatever the lengths. */
export function sameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function checkCsrf(request: FastifyRequest, expected: string): void {
  if (!sameText(String(request.headers[CSRF_HEADER] ?? ''), expected)) throw fail('CSRF_REFUSED');
}
