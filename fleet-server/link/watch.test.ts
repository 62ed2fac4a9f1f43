import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { Watch } from './watch.ts';

const ONE = { tenantId: 'prova', terminalId: 'TOTEM-01' };

function rig() {
  const clock = new ManualClock();
  const watch = new Watch(clock);
  clock.advance(1);
  watch.add(ONE);
  return { clock, watch };
}

describe('the watch over who is there', () => {
  it('asks who was silent, and believes an answer', () => {
    const { clock, watch } = rig();
    clock.advance(299_000);
    expect(watch.sweep(() => undefined)).toEqual({ gone: [], ask: [] });
    clock.advance(1_000);
    expect(watch.sweep(() => undefined)).toEqual({ gone: [], ask: [ONE] });
    clock.advance(30_000);
    watch.hear(ONE);
    clock.advance(60_000);
    expect(watch.sweep(() => undefined)).toEqual({ gone: [], ask: [] });
  });

  it('calls gone who does not answer', () => {
    const { clock, watch } = rig();
    clock.advance(300_000);
    watch.sweep(() => undefined);
    clock.advance(60_000);
    expect(watch.sweep(() => undefined)).toEqual({ gone: [ONE], ask: [] });
  });

  it('takes the broker’s own word, with some grace after a start', () => {
    const { clock, watch } = rig();
    expect(watch.sweep(() => false).gone).toEqual([]);
    clock.advance(75_000);
    expect(watch.sweep(() => true).gone).toEqual([]);
    expect(watch.sweep(() => false).gone).toEqual([ONE]);
  });

  it('says once who was heard', () => {
    const { watch } = rig();
    expect(watch.heardSince()).toEqual([ONE]);
    expect(watch.heardSince()).toEqual([]);
    watch.hear(ONE);
    expect(watch.heardSince()).toEqual([ONE]);
  });
});
