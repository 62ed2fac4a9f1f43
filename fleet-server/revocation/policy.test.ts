import { describe, expect, it } from 'vitest';
import { judge } from './policy.ts';

const HOUR = 3_600_000;
const good = { state: 'good', by: 'crl' } as const;
const unknown = { state: 'unknown' } as const;
const stale = (hours: number) => ({ state: 'stale', staleMs: hours * HOUR }) as const;

describe('the policy on revocation', () => {
  it.each([
    [[good], 'crl', 'crl'],
    [[{ state: 'good', by: 'ocsp' } as const], 'ocsp', 'ocsp'],
    [[unknown], 'unknown', 'unchecked'],
    [[stale(24)], 'unknown', 'stale-crl'],
    [[stale(25)], 'unknown', 'unchecked'],
    [[good, unknown], 'unknown', 'unchecked'],
    [[{ state: 'revoked' } as const, good], 'revoked', 'revoked'],
    [[good, { state: 'revoked' } as const], 'revoked', 'revoked'],
  ])('judges %j: strict %s, soft %s', (states, strict, soft) => {
    const verdict = (policy: 'strict' | 'soft') => {
      const given = judge(states, { policy, staleHours: 24 });
      return given.accepted ? given.fact : given.why;
    };
    expect([verdict('strict'), verdict('soft')]).toEqual([strict, soft]);
  });
});
