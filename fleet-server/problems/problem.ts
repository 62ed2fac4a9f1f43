import type { Fault, Problem } from '@jolly/contracts/fleet-api';
import { catalogue, type ProblemCode, statusOf } from './catalogue.ts';

/** A refused body, with every fault found in it. */
export class FaultsFound extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];

  constructor(code: ProblemCode, faults: readonly Fault[]) {
    super(`${code}: ${faults.length} faults`);
    this.name = 'FaultsFound';
    this.code = code;
    this.faults = faults;
  }
}

/** Type guard: a code of this catalogue. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(catalogue, code);
}

/** The problem+json of a refusal (RFC 9457). */
export function problemOf(code: ProblemCode, faults?: readonly Fault[]): Problem {
  return {
    type: `urn:jolly:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: catalogue[code].cause,
    status: statusOf[code],
    code,
    ...(faults ? { faults: [...faults] } : {}),
  };
}
