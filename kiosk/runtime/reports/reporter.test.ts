import type { TerminalReport } from '@jolly/contracts/fleet-api';
import { ManualClock } from '@jolly/contracts/values';
import { expect, it } from 'vitest';
import { Reporter } from './index.ts';

it('tells at the start, on a change, and every thirty seconds', () => {
  const clock = new ManualClock();
  const sent: number[] = [];
  let inSession = false;
  const report = (): TerminalReport => ({
    at: clock.now(),
    software: '1',
    devices: [],
    limitations: [],
    openPayments: 0,
    outboxDepth: 0,
    inSession,
  });
  const start = clock.now();
  const reporter = new Reporter({
    clock,
    make: report,
    send: async ({ at }) => void sent.push(at - start),
    failed: () => undefined,
  });
  clock.advance(0);
  reporter.changed();
  clock.advance(29_000);
  reporter.changed();
  expect(sent).toEqual([0]);
  clock.advance(1000);
  inSession = true;
  reporter.changed();
  reporter.changed();
  clock.advance(5000);
  expect(sent).toEqual([0, 30_000, 31_000]);
  clock.advance(30_000);
  expect(sent).toEqual([0, 30_000, 31_000, 61_000]);
  reporter.close();
  clock.advance(100_000);
  expect(sent).toHaveLength(4);
});
