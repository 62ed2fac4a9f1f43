import {
  CitizenSession,
  LoginChallenge,
  LoginProof,
  LoginRequest,
  LoginResponse,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Http } from '../http/index.ts';
import { terminalOf } from '../identity/index.ts';
import { terminalKey } from './challenges.ts';
import { type CitizenGate, tokenOf } from './gate.ts';
import type { Logins } from './logins.ts';
import { sessionAsTold } from './sessions.ts';

/** A minute. A citizen with a difficult card tries three times; a municipality's terminals share one address. */
const fewTries = (max: number) => ({
  rateLimit: {
    max,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => terminalKey(terminalOf(request)),
  },
});

/** The citizen's login and session. To be registered behind the terminal's signature. */
export function citizenRoutes(app: Http, logins: Logins, gate: CitizenGate): void {
  const tags = ['citizens'];
  app.post(
    TERMINAL_ROUTES.logins,
    { config: fewTries(30), schema: { body: LoginRequest, response: { 200: LoginChallenge }, tags } },
    async (request) => logins.challenge(terminalOf(request), request.body),
  );
  app.post(
    TERMINAL_ROUTES.loginProof,
    {
      config: fewTries(15),
      schema: {
        params: z.object({ id: z.uuid() }),
        body: LoginProof,
        response: { 200: LoginResponse },
        tags,
      },
    },
    (request) => logins.prove(terminalOf(request), request.params.id, request.body),
  );
  app.get(TERMINAL_ROUTES.citizen, { schema: { response: { 200: CitizenSession }, tags } }, async (request) =>
    sessionAsTold(gate.citizenOf(request, { levels: ['pin', 'card'] })),
  );
  // Safe to repeat: a session that has ended already is what was wanted.
  app.delete(
    TERMINAL_ROUTES.citizen,
    { schema: { response: { 204: z.void() }, tags } },
    async (request, reply) => {
      logins.sessions.end(terminalOf(request), tokenOf(request));
      return reply.code(204).send();
    },
  );
}
