import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { memoryWire } from './memory.ts';
import type { LinkState } from './port.ts';
import { Backoff } from './reconnect.ts';

const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

function wire(options: { onDemand?: boolean } = {}) {
  const clock = new ManualClock();
  const states: string[] = [];
  const heard: number[] = [];
  const { transport, peer } = memoryWire({ clock, log: () => undefined, random: () => 0 }, options);
  transport.start({
    data: (bytes) => heard.push(...bytes),
    state: (state: LinkState, reason) => states.push(reason ? `${state}:${reason}` : state),
  });
  return { clock, states, heard, transport, peer };
}

describe('a link', () => {
  it('opens by itself and carries bytes both ways', async () => {
    const { transport, peer, heard, states } = wire();
    await settle();
    await transport.write(Uint8Array.of(1, 2));
    peer.send(Uint8Array.of(3));
    await settle();
    expect([...peer.take()]).toEqual([1, 2]);
    expect(heard).toEqual([3]);
    expect(states).toEqual(['connecting', 'open']);
    expect(transport.counters).toEqual({ opened: 1, lost: 0, failedOpens: 0, bytesIn: 1, bytesOut: 2 });
  });

  it('refuses to write while down, and sends nothing later', async () => {
    const { transport, peer, clock } = wire();
    await settle();
    peer.cut();
    await expect(transport.write(Uint8Array.of(9))).rejects.toMatchObject({ code: 'LINK_DOWN' });
    clock.advance(200);
    await settle();
    expect(transport.state).toBe('open');
    expect(peer.take()).toHaveLength(0);
  });

  it('comes back after a cut with growing delays, and counts', async () => {
    const { transport, peer, clock, states } = wire();
    await settle();
    peer.cut('unplugged', { stay: true });
    expect(states.at(-1)).toBe('waiting:unplugged');
    for (const delay of [200, 400, 800]) {
      clock.advance(delay - 1);
      await settle();
      expect(transport.state).toBe('waiting');
      clock.advance(1);
      await settle();
      expect(states.at(-1)).toBe('waiting:refused');
    }
    peer.restore();
    clock.advance(1_600);
    await settle();
    expect(transport.state).toBe('open');
    expect(transport.counters).toMatchObject({ opened: 2, lost: 1, failedOpens: 3 });
  });

  it('rests after a polite end when used on demand, and opens when asked', async () => {
    const { transport, peer, clock, states } = wire({ onDemand: true });
    await settle();
    peer.cut('end');
    expect(states.at(-1)).toBe('waiting:idle');
    clock.advance(60_000);
    await settle();
    expect(transport.state).toBe('waiting');
    transport.reopen('transaction');
    await settle();
    expect(transport.state).toBe('open');
    expect(transport.counters.lost).toBe(0);
  });

  it('says nothing after it was closed', async () => {
    const { transport, peer, clock, states } = wire();
    await settle();
    await transport.close();
    const before = states.length;
    peer.cut();
    peer.send(Uint8Array.of(1));
    clock.advance(10_000);
    await settle();
    expect(states.length).toBe(before);
    expect(transport.state).toBe('closed');
  });

  it('ignores bytes of a connection that was dropped', async () => {
    const { transport, peer, heard } = wire();
    await settle();
    peer.send(Uint8Array.of(1));
    transport.reopen('test');
    await settle();
    expect(heard).toEqual([]);
    expect(transport.state).toBe('open');
  });
});

describe('the back-off', () => {
  it('doubles from 200 ms to 5 s and starts anew after a reset', () => {
    const backoff = new Backoff(() => 0);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backoff.next())).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
    backoff.reset();
    expect(backoff.next()).toBe(200);
  });

  it('spreads by up to half', () => {
    expect(new Backoff(() => 0.999).next()).toBe(100);
  });
});
