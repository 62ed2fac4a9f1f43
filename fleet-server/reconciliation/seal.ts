import { createHash } from 'node:crypto';

/** Start of every chain. */
export const FIRST_SEAL = '0'.repeat(64);

/** One text for one value: object keys sorted, nothing undefined, no spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`);
  return `{${entries.join(',')}}`;
}

/** SHA-256 (hex) over the seal before and the canonical text of the day. */
export function sealOf(previousSeal: string, body: string): string {
  return createHash('sha256').update(`${previousSeal}\n${body}`).digest('hex');
}

export interface SealedDay {
  readonly day: string;
  readonly body: string;
  readonly previousSeal: string;
  readonly seal: string;
}

/** The first day whose seal does not hold, or undefined when the whole chain does. */
export function firstBroken(chain: readonly SealedDay[]): string | undefined {
  let previous = FIRST_SEAL;
  for (const link of chain) {
    if (link.previousSeal !== previous || link.seal !== sealOf(previous, link.body)) return link.day;
    previous = link.seal;
  }
  return undefined;
}
