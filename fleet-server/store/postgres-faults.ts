import { fail } from '../problems/index.ts';

/** SQLSTATE classes and codes after which the same work may succeed if it is begun again. */
const GAVE_WAY = new Set(['40001', '40P01']);
/** The server is ending, starting, or has ended this connection. */
const AWAY = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300']);
/** It took longer than it may: a lock, a statement. */
const BUSY = new Set(['55P03', '57014']);
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The driver's own words, which carry no code. */
const DRIVER =
  /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect|query read timeout|has been discarded/i;

export type Fault = 'gave-way' | 'away' | 'busy' | 'other';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What became of a statement that threw. */
export function faultOf(error: unknown): Fault {
  const code = codeOf(error);
  if (code === 'STORE_UNAVAILABLE') return 'away';
  if (code === 'STORE_BUSY') return 'busy';
  if (GAVE_WAY.has(code)) return 'gave-way';
  if (AWAY.has(code) || SOCKET.has(code) || /^08/.test(code)) return 'away';
  if (BUSY.has(code)) return 'busy';
  if (code === '' && error instanceof Error && DRIVER.test(error.message)) return 'away';
  return 'other';
}

/** The error as the capabilities know it: with a code of ours where the database, not the statement, is at fault. */
export function asProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'STORE_UNAVAILABLE' || code === 'STORE_BUSY') return error;
  const fault = faultOf(error);
  if (fault === 'away') return fail('STORE_UNAVAILABLE', { code }, { cause: error });
  if (fault === 'busy') return fail('STORE_BUSY', { code }, { cause: error });
  return error;
}
