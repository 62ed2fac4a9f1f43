import type { AuditLine } from '@jolly/contracts/fleet-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDetail, checkChain, GENESIS, hashOfLine } from './chain.ts';

const Entry = fc.record({
  at: fc.nat(),
  actor: fc.string(),
  act: fc.string(),
  subject: fc.string(),
  detail: fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
});

function chainOf(entries: readonly Omit<AuditLine, 'seq' | 'hash'>[]): AuditLine[] {
  let previous = GENESIS;
  return entries.map((entry, index) => {
    const line = { ...entry, seq: index + 1 };
    previous = hashOfLine('prova', previous, line);
    return { ...line, hash: previous };
  });
}

function faultsOf(lines: readonly AuditLine[], tenantId = 'prova') {
  const check = checkChain(tenantId);
  for (const line of lines) check.add(line);
  return check.faults();
}

describe('the chain of the audit log', () => {
  it('is whole as it was written, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(Entry), (entries) => {
        expect(faultsOf(chainOf(entries))).toEqual([]);
      }),
    );
  });

  it('shows a line that was changed, taken out, put elsewhere or brought from another municipality', () => {
    fc.assert(
      fc.property(
        fc.array(Entry, { minLength: 2 }),
        fc.nat(),
        fc.constantFrom('at', 'actor', 'subject', 'detail', 'gone', 'swapped', 'abroad'),
        (entries, pick, how) => {
          const lines = chainOf(entries);
          const index = pick % (lines.length - 1);
          const one = lines[index];
          const next = lines[index + 1];
          if (!one || !next) throw new Error('too short');
          const changed = {
            at: { ...one, at: one.at + 1 },
            actor: { ...one, actor: `${one.actor}x` },
            subject: { ...one, subject: `${one.subject}x` },
            detail: { ...one, detail: { ...one.detail, more: 1 } },
          };
          if (how === 'gone') lines.splice(index, 1);
          else if (how === 'swapped') lines.splice(index, 2, next, one);
          else if (how !== 'abroad') lines[index] = changed[how];
          expect(faultsOf(lines, how === 'abroad' ? 'altrove' : 'prova')).not.toEqual([]);
        },
      ),
    );
  });

  it('takes the same detail for the same, in whatever order it comes', () => {
    expect(canonicalDetail({ b: 1, a: 'x' })).toBe(canonicalDetail({ a: 'x', b: 1 }));
  });
});
