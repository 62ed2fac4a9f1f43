import { ManualClock } from '@jolly/contracts/values';
import type { Power } from '@jolly/drivers/ups';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failing, ON_MAINS, type PowerEvent, PowerKeeper, powerStep } from './index.ts';

function bench(first: Power = 'mains') {
  const clock = new ManualClock();
  const done: string[] = [];
  let power = first;
  let busy = false;
  let tell = (): void => undefined;
  const keeper = new PowerKeeper({
    ups: {
      get reading() {
        return { power, charge: undefined, runtimeSeconds: undefined, tokens: [] };
      },
      onPower: (listener) => {
        tell = () => listener({ power, charge: undefined, runtimeSeconds: undefined, tokens: [] });
        return () => undefined;
      },
    },
    clock,
    busy: () => busy,
    patienceMs: 60_000,
    silenceMs: 30_000,
    shutDown: () => done.push('shut-down'),
    changed: () => done.push('changed'),
    log: () => undefined,
  });
  return {
    clock,
    keeper,
    done,
    turn: (now: Power) => {
      power = now;
      tell();
    },
    work: (now: boolean) => {
      busy = now;
      keeper.look();
    },
  };
}

describe('a terminal on a UPS', () => {
  it('begins nothing new on battery, and everything as before on mains', () => {
    const { keeper, done, turn } = bench();
    turn('battery');
    expect([keeper.failing, done]).toEqual([true, ['changed']]);
    turn('mains');
    expect([keeper.failing, done]).toEqual([false, ['changed', 'changed']]);
  });

  it('shuts down at once on a low battery when nothing runs, and only once', () => {
    const { done, turn } = bench();
    turn('battery');
    turn('low');
    turn('low');
    turn('mains');
    expect(done).toEqual(['changed', 'shut-down']);
  });

  it('waits for the answer of a charge that runs, then shuts down', () => {
    const { done, turn, work, clock } = bench();
    work(true);
    turn('battery');
    turn('low');
    clock.advance(59_000);
    expect(done).toEqual(['changed']);
    work(false);
    expect(done).toEqual(['changed', 'shut-down']);
  });

  it('waits no longer than its patience', () => {
    const { done, turn, work, clock } = bench();
    work(true);
    turn('low');
    clock.advance(60_000);
    expect(done).toEqual(['changed', 'shut-down']);
  });

  it('does not shut down when the mains came back while it waited', () => {
    const { keeper, done, turn, work, clock } = bench();
    work(true);
    turn('low');
    turn('mains');
    work(false);
    clock.advance(120_000);
    expect(done).toEqual(['changed', 'changed']);
    expect(keeper.failing).toBe(false);
  });

  it('changes nothing while nobody hears the UPS', () => {
    const { keeper, done, turn } = bench('unknown');
    expect(keeper.failing).toBe(false);
    turn('battery');
    turn('unknown');
    expect(keeper.failing).toBe(true);
    expect(done).toEqual(['changed']);
  });

  it('counts a UPS that fell silent on battery as low after a while', () => {
    const { done, turn, clock } = bench();
    turn('battery');
    turn('unknown');
    clock.advance(20_000);
    turn('unknown');
    clock.advance(9_999);
    expect(done).toEqual(['changed']);
    clock.advance(1);
    expect(done).toEqual(['changed', 'shut-down']);
  });

  it('waits for a charge then as on any low battery, and for no longer', () => {
    const { done, turn, work, clock } = bench();
    work(true);
    turn('battery');
    turn('unknown');
    clock.advance(89_999);
    expect(done).toEqual(['changed']);
    clock.advance(1);
    expect(done).toEqual(['changed', 'shut-down']);
  });

  it.each(['battery', 'mains'] as const)('believes a UPS that is heard again in time (%s)', (power) => {
    const { done, turn, clock } = bench();
    turn('battery');
    turn('unknown');
    clock.advance(29_000);
    turn(power);
    clock.advance(200_000);
    expect(done).not.toContain('shut-down');
    turn('unknown');
    clock.advance(29_000);
    expect(done).not.toContain('shut-down');
  });

  it('shuts nothing down for a silence on the mains', () => {
    const { keeper, done, turn, clock } = bench();
    turn('unknown');
    clock.advance(1_000_000);
    expect([keeper.failing, done]).toEqual([false, []]);
  });

  it('started on a low battery stops at once', () => {
    expect(bench('low').done).toContain('shut-down');
  });

  it('asks what runs before it believes the battery', () => {
    const { done, turn, work } = bench();
    work(false);
    turn('battery');
    work(true);
    turn('low');
    expect(done).not.toContain('shut-down');
  });
});

describe('the policy, whatever happens', () => {
  const events: fc.Arbitrary<PowerEvent> = fc.oneof(
    fc
      .constantFrom<Power>('mains', 'battery', 'low', 'unknown')
      .map((power) => ({ type: 'power' as const, power })),
    fc.boolean().map((busy) => ({ type: 'busy' as const, busy })),
    fc.constant({ type: 'patience-over' as const }),
    fc.constant({ type: 'silence-over' as const }),
  );

  it('shuts down at most once, and never while something runs unless patience is over', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (all) => {
        let state = ON_MAINS;
        let stops = 0;
        for (const event of all) {
          const next = powerStep(state, event);
          if (next.effects.includes('shut-down')) {
            stops++;
            expect(next.state.busy && event.type !== 'patience-over').toBe(false);
          }
          state = next.state;
          expect(failing(state)).toBe(state.phase !== 'mains');
        }
        expect(stops).toBeLessThanOrEqual(1);
      }),
    );
  });
});
