import { describe, expect, it } from 'vitest';
import { stepWords } from './command-words.ts';
import { entryWhy } from './timeline-words.ts';

const told = (detail: Record<string, string>) =>
  entryWhy({ at: 0, kind: 'device', sign: 'stopped', what: 'printer', detail });

describe('the details of a line', () => {
  it('are words also where the driver says more than the catalogue knows', () => {
    expect(told({ role: 'printer', state: 'unavailable', reasons: 'link-down-refused' })).toBe(
      'Controlla cavo e alimentazione',
    );
    expect(told({ reasons: 'paper-low, link-down:timeout' })).toBe(
      'Carta in esaurimento, Controlla cavo e alimentazione',
    );
  });

  it('of which nobody has words are shown as they came', () => {
    expect(told({ reasons: 'gremlins-inside' })).toBe('gremlins-inside');
  });
});

it('the steps of a self-test name the device and what of it was tried', () => {
  expect([stepWords('printer: link'), stepWords('clock'), stepWords('printer: gremlins')]).toEqual([
    'Stampante ricevute: collegamento',
    'orologio',
    'Stampante ricevute: gremlins',
  ]);
});
