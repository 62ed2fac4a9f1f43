import { describe, expect, it } from 'vitest';
import { amplitude, gainsOf } from './gains.ts';
import { chooseSink } from './sinks.ts';

const db = (gain: number) => 20 * Math.log10(gain);
const quiet = { volume: 4, speaking: 'no' } as const;

describe('the volume', () => {
  it('goes in steps of 3 dB over 18 dB and more, with 12 dB on the way', () => {
    const steps = Array.from({ length: 10 }, (_, at) => db(gainsOf({ ...quiet, volume: at + 1 }).speech));
    for (const [at, level] of steps.entries())
      if (at > 0) expect(level - (steps[at - 1] ?? 0)).toBeCloseTo(3);
    expect((steps[9] ?? 0) - (steps[3] ?? 0)).toBeCloseTo(18);
    expect(gainsOf({ ...quiet, volume: 10 }).speech).toBe(1);
  });

  it('off is silent, and past the end is the end', () => {
    for (const gain of Object.values(gainsOf({ ...quiet, volume: 0 }))) expect(gain).toBe(0);
    expect(gainsOf({ ...quiet, volume: 99 })).toEqual(gainsOf({ ...quiet, volume: 10 }));
  });

  it('leaves the signs as they are at the normal step, and never over full scale', () => {
    expect(gainsOf(quiet).signs).toBe(1);
    expect(gainsOf({ ...quiet, volume: 10 }).signs * 0.12).toBeLessThanOrEqual(1);
  });
});

describe('what is spoken', () => {
  it('stands 12 dB over a call, and the call comes back', () => {
    const speaking = gainsOf({ ...quiet, speaking: 'public' });
    expect(db(speaking.speech) - db(speaking.call)).toBeCloseTo(12);
    expect(gainsOf(quiet).call).toBe(gainsOf(quiet).speech);
  });

  it('when it is private nothing rings over it', () => {
    expect(gainsOf({ ...quiet, speaking: 'private' }).ring).toBe(0);
    expect(gainsOf({ ...quiet, speaking: 'public' }).ring).toBeGreaterThan(0);
  });
});

it('decibel are of amplitude', () => expect(amplitude(-20)).toBeCloseTo(0.1));

describe('where the sound goes', () => {
  const output = (deviceId: string, label: string) => ({ kind: 'audiooutput' as const, deviceId, label });
  const outputs = [
    output('default', 'Default'),
    output('a', 'Built-in Audio Analog Stereo'),
    output('b', 'Storm AudioNav USB Headset'),
    { kind: 'audioinput' as const, deviceId: 'c', label: 'Headset microphone' },
  ];

  it('into the headset when one is plugged in and known, else the system’s choice', () => {
    expect(chooseSink(outputs, true)).toBe('b');
    expect(chooseSink(outputs, false)).toBe('');
    expect(chooseSink([output('a', '')], true)).toBe('');
  });
});
