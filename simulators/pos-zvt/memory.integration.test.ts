import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ZvtMemory } from './memory.ts';

const approval = (memory: ZvtMemory) => {
  const { trace, receipt } = memory.nextNumbers();
  return {
    result: { resultCode: 0, amountCents: 700, trace, receipt },
    entry: { stan: trace, amountCents: 700, kind: 'charge' as const, at: 1 },
  };
};

it('a terminal switched off with an unconfirmed approval has taken it back when it starts again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-zvt-'));
  try {
    const file = join(folder, 'pos.json');
    const before = new ZvtMemory(file);
    before.approve(approval(before));
    before.store();
    before.approve(approval(before));
    const after = new ZvtMemory(file);
    expect(after.ledger.map(({ stan }) => stan)).toEqual(['000001']);
    expect(after.takenBack.map(({ stan }) => stan)).toEqual(['000002']);
    expect(after.result()).toMatchObject({ trace: '000001' });
    expect(after.dayTotalCents).toBe(700);
    after.store();
    expect(after.ledger).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
