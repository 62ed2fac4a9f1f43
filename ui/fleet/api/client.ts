import { type ConsoleMe, Problem } from '@jolly/contracts/fleet-api';
import type { z } from 'zod';

/** A refusal of the server, or none at all: `code` is the problem's code or `UNREACHABLE`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

let csrf = '';

/** The token that every changing call carries; given by `me` after sign-in. */
export function rememberCsrf(me: ConsoleMe): void {
  csrf = me.csrf;
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ApiError('UNREACHABLE', 0, error instanceof Error ? error.message : 'no answer');
  }
  const text = await response.text();
  const data: unknown = text === '' ? undefined : parse(text);
  if (response.ok) return data;
  const problem = Problem.safeParse(data);
  throw problem.success
    ? new ApiError(problem.data.code, response.status, problem.data.title)
    : new ApiError('UNEXPECTED', response.status, response.statusText);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('UNEXPECTED', 200, error instanceof Error ? error.message : 'not JSON');
  }
}

/** Reads and checks: what the schema does not know never reaches a component. */
export async function read<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(await call('GET', `/console/api/${path}`));
}

export async function act(path: string, body: unknown): Promise<void> {
  await call('POST', `/console/api/${path}`, body);
}

/** Demo sign-in; answers only on the server's own machine and in demo mode. */
export async function signIn(user: string): Promise<void> {
  await call('POST', '/console/session', { user });
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/console/session');
}
