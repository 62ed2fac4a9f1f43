import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { runSteps, type Step, table } from './index.ts';

const clock = new ManualClock();
const step = (changes: Partial<Step>): Step => ({
  name: 'one',
  cure: 'do this',
  run: async () => ({ ok: true, detail: 'fine' }),
  ...changes,
});

describe('the doctor', () => {
  it('numbers its steps and gives a cure for what failed only', async () => {
    const results = await runSteps(
      [
        step({}),
        step({ name: 'two', run: async () => ({ ok: false, detail: 'broken' }) }),
        step({ name: 'three', run: async () => Promise.reject(new Error('threw')) }),
        step({
          name: 'pos',
          run: async () => [
            { name: 'link', ok: true, durationMs: 1.4, detail: 'open' },
            { name: 'status', ok: false, durationMs: 2, detail: 'silent', cure: 'plug it in' },
          ],
        }),
      ],
      clock,
    );
    expect(results.map(({ number, name, ok, cure }) => [number, name, ok, cure])).toEqual([
      [1, 'one', true, undefined],
      [2, 'two', false, 'do this'],
      [3, 'three', false, 'do this'],
      [4, 'pos: link', true, undefined],
      [5, 'pos: status', false, 'plug it in'],
    ]);
    const text = table({ at: 'now', terminalId: 'PO-001', by: 'tool', ok: false, steps: results });
    expect(text).toContain('→ plug it in');
    expect(text).toContain('3 failed');
  });

  it('tries again what may pass', async () => {
    let tries = 0;
    const run = async () => {
      tries += 1;
      return { ok: tries > 2, detail: String(tries) };
    };
    expect(await runSteps([step({ run, retries: 2 })], clock)).toMatchObject([{ ok: true, detail: '3' }]);
  });
});
