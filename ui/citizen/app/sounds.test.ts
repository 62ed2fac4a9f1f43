import { describe, expect, it } from 'vitest';
import { type SampleName, sampleSnapshot } from '../fixtures/samples.ts';
import { soundOfIntent, soundOfSnapshot } from './sounds.ts';

const change = (before: SampleName, now: SampleName) =>
  soundOfSnapshot(sampleSnapshot(before), sampleSnapshot(now));

describe('sounds', () => {
  it('a card that was read rises, what is done sounds three notes', () => {
    expect(change('login-card-reading', 'login-secret')).toBe('card-read');
    expect(change('login-working-server', 'signed-in')).toBe('done');
    expect(change('pay-card-registering', 'pay-done')).toBe('done');
  });

  it('nothing sounds on a reload, on coming back from help, or while the same page goes on', () => {
    expect(soundOfSnapshot(undefined, sampleSnapshot('signed-in'))).toBeUndefined();
    expect(change('help', 'signed-in')).toBeUndefined();
    expect(change('login-secret', 'login-secret-full')).toBeUndefined();
    expect(change('login-card-reading', 'login-problem-removed')).toBeUndefined();
  });

  it('a countdown calls at its start and every ten seconds', () => {
    const at = (secondsLeft: number) => ({
      ...sampleSnapshot('card-left'),
      screen: { name: 'card-left' as const, secondsLeft, secondsTotal: 30 },
    });
    const heard: number[] = [];
    let before = sampleSnapshot('goodbye');
    for (let left = 30; left >= 0; left -= 1) {
      if (soundOfSnapshot(before, at(left)) === 'attention') heard.push(left);
      before = at(left);
    }
    expect(heard).toEqual([30, 20, 10, 0]);
    expect(change('pay-check', 'idle')).toBe('attention');
  });

  it('only keys of a pad click', () => {
    expect(soundOfIntent({ type: 'digit', digit: '3' })).toBe('click');
    expect(soundOfIntent({ type: 'sign-in' })).toBeUndefined();
  });
});
