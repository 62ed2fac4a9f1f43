import {
  BACKGROUND_HEADER,
  CONSOLE_API,
  type ConsoleMe,
  CSRF_HEADER,
  type Fault,
  Problem,
} from '@jolly/contracts/fleet-api';
import type { z } from 'zod';

/** A refusal of the server, or none at all: `code` is the problem's code or `UNREACHABLE`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(code: string, status: number, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.faults = faults;
  }
}

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('UNEXPECTED', 0, String(error));

let csrf = '';

/** The token that every changing call carries; given by `me` after sign-in. */
export function rememberCsrf(me: ConsoleMe): void {
  csrf = me.csrf;
}

/** Told when the server says that nobody is signed in any more. */
let signedOut: () => void = () => undefined;
export function whenSignedOut(told: () => void): void {
  signedOut = told;
}

async function call(method: string, path: string, body?: unknown, background = false): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(background ? { [BACKGROUND_HEADER]: '1' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { [CSRF_HEADER]: csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ApiError('UNREACHABLE', 0, error instanceof Error ? error.message : 'no answer');
  }
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : parse(text);
  if (response.status === 401 && path.startsWith(CONSOLE_API)) signedOut();
  throw refusalOf(response, text);
}

function refusalOf(response: Response, text: string): ApiError {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // a proxy in between answers in its own words: the status is all there is
    data = undefined;
  }
  const problem = Problem.safeParse(data);
  return problem.success
    ? new ApiError(problem.data.code, response.status, problem.data.title, problem.data.faults)
    : new ApiError('UNEXPECTED', response.status, response.statusText);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('UNEXPECTED', 200, error instanceof Error ? error.message : 'not JSON');
  }
}

/** Reads and checks: what the schema does not know never reaches a component. `background`: the page asks by itself, nobody did anything. */
export async function read<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  background = false,
): Promise<z.output<Schema>> {
  return schema.parse(await call('GET', `${CONSOLE_API}/${path}`, undefined, background));
}

export async function act(path: string, body: unknown): Promise<void> {
  await call('POST', `${CONSOLE_API}/${path}`, body);
}

/** A change whose answer is wanted. */
export async function send<Schema extends z.ZodType>(
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(await call(method, `${CONSOLE_API}/${path}`, body));
}

export async function put(path: string, body: unknown): Promise<void> {
  await call('PUT', `${CONSOLE_API}/${path}`, body);
}

export async function remove(path: string): Promise<void> {
  await call('DELETE', `${CONSOLE_API}/${path}`);
}

/** A call outside the session's own API: sign-in and what belongs to it. */
export async function callOpen(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  return call(method, path, body);
}
