import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { TriesMemory } from './tries-memory.ts';

const ONE_LEFT = { 'cie-pin': { left: 1, told: true } };

describe('what cards said of their tries', () => {
  it('is kept of the last cards only', () => {
    const memory = new TriesMemory(new ManualClock());
    for (let card = 0; card < 1000; card++) memory.keep({ [`card-${card}`]: ONE_LEFT });
    expect(Object.keys(memory.all)).toHaveLength(64);
    expect(Object.keys(memory.all)).toContain('card-999');
  });

  it('goes one by one with time, counted anew when a card is heard of again', () => {
    const clock = new ManualClock();
    const memory = new TriesMemory(clock);
    memory.keep({ early: ONE_LEFT, back: ONE_LEFT });
    clock.advance(4 * 60 * 60 * 1000);
    memory.keep({ ...memory.all, back: { 'cie-pin': { left: 2, told: true } } });
    clock.advance(3 * 60 * 60 * 1000);
    expect(Object.keys(memory.all)).toEqual(['back']);
    clock.advance(4 * 60 * 60 * 1000);
    expect(memory.all).toEqual({});
  });

  it('warns after the session, and says no number any more', () => {
    const memory = new TriesMemory(new ManualClock());
    memory.keep({ one: ONE_LEFT });
    memory.endSession();
    expect(memory.all).toEqual({ one: { 'cie-pin': { left: 1, told: false } } });
    memory.keep({ one: {} });
    expect(memory.all).toEqual({});
  });
});
