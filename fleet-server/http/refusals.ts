import { type Fault, PROBLEM_TYPE } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { FaultsFound, isProblemCode, type ProblemCode, problemOf } from '../problems/index.ts';

/** Answers with a problem+json. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, faults?: readonly Fault[]): FastifyReply {
  const problem = problemOf(code, faults);
  // Serialised here: the route's own schemas describe its answers, not its refusals.
  return reply.code(problem.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
}

/** The one way an error leaves the server. What is not a refusal of ours is logged and hidden behind INTERNAL. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof FaultsFound) return sendProblem(reply, error.code, error.faults);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return sendProblem(
      reply,
      'BODY_INVALID',
      error.validation.map((issue) => ({
        path: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
        message: issue.message ?? 'invalid',
      })),
    );
  }
  if (isJollyError(error) && isProblemCode(error.code)) {
    if (problemOf(error.code).status >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, error.code);
  }
  const status = statusGiven(error);
  if (status === 413) return sendProblem(reply, 'BODY_TOO_LARGE');
  if (status === 404) return sendProblem(reply, 'NOT_FOUND');
  if (status >= 400 && status < 500) return sendProblem(reply, 'BODY_UNREADABLE');
  request.log.error({ err: error }, 'request failed');
  return sendProblem(reply, 'INTERNAL');
}

function statusGiven(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
