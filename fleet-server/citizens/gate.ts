import type { LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import { CITIZEN_HEADER } from '@jolly/contracts/fleet-api';
import type { FastifyRequest } from 'fastify';
import { terminalOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { CitizenSessions, OpenSession } from './sessions.ts';

/** What a service asks of a login. */
export interface LoginNeeded {
  /** A login with the PIN unless it says otherwise: who only holds the card is taken by who names `card`. */
  readonly levels?: readonly LoginLevel[];
  /** Any, unless named. */
  readonly methods?: readonly LoginMethod[];
  /** The terminal's session the call belongs to: a login of an earlier one is not it. */
  readonly sessionId?: string;
}

export interface CitizenGate {
  /**
   * The citizen for whom the terminal makes this call; only behind the terminal's gate. Throws CITIZEN_NEEDED without a
   * living session of this very terminal, LOGIN_NOT_ENOUGH when it is not of the level or method the service asks for.
   */
  citizenOf(request: FastifyRequest, needed?: LoginNeeded): OpenSession;
}

export function citizenGate(sessions: CitizenSessions): CitizenGate {
  return {
    citizenOf(request, needed = {}) {
      const session = sessions.find(terminalOf(request), tokenOf(request));
      const { levels = ['pin'], methods, sessionId } = needed;
      if (!session || (sessionId !== undefined && session.sessionId !== sessionId)) {
        throw fail('CITIZEN_NEEDED');
      }
      if (!levels.includes(session.level) || methods?.includes(session.method) === false)
        throw fail('LOGIN_NOT_ENOUGH');
      return session;
    },
  };
}

/** The token sent with the call; empty, which is nobody's, when there is none. */
export function tokenOf(request: FastifyRequest): string {
  const token = request.headers[CITIZEN_HEADER];
  return typeof token === 'string' && token.length <= 100 ? token : '';
}
