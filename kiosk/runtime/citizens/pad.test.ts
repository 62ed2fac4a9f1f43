import type { SecretKey } from '@jolly/contracts/terminal-channel';
import { ManualClock, SecretDigits } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { SecretPad } from './pad.ts';

function bench() {
  const clock = new ManualClock();
  const state = { present: 0, uncovered: true, submitted: 0, changed: 0 };
  const pad = new SecretPad({
    clock,
    present: () => {
      state.present += 1;
    },
    uncovered: () => state.uncovered,
  });
  const digits = new SecretDigits(8);
  const ask = (min = 8) =>
    pad.ask({
      field: 'cie-pin',
      digits,
      min,
      changed: () => {
        state.changed += 1;
      },
      submitted: () => {
        state.submitted += 1;
      },
    });
  const key = (pressed: SecretKey['key'], wait = 100, field: SecretKey['field'] = 'cie-pin') => {
    pad.key({ type: 'secret', field, key: pressed });
    clock.advance(wait);
  };
  return { pad, digits, ask, key, state };
}

describe('the pad for secret digits', () => {
  it('drops and counts keys that nobody asked for', () => {
    const { pad, key, ask, digits, state } = bench();
    key('1');
    ask();
    key('2', 100, 'cie-puk');
    state.uncovered = false;
    key('3');
    expect(digits.length).toBe(0);
    expect(pad.counters).toEqual({ taken: 0, dropped: 3, bounced: 0 });
    expect(state.present).toBe(3);
  });

  it('takes a digit twice unless no finger could do it', () => {
    const { key, ask, digits } = bench();
    ask();
    for (const wait of [10, 120, 120]) key('0', wait);
    expect(digits.length).toBe(2);
  });

  it('submits what is long enough, once', () => {
    const { key, ask, digits, state, pad } = bench();
    ask();
    for (const digit of '7391482') key(digit);
    key('enter');
    expect(state.submitted).toBe(0);
    key('6', 600);
    key('9');
    expect(digits.length).toBe(8);
    for (let tap = 0; tap < 10; tap++) key('enter', 30);
    expect(state.submitted).toBe(1);
    expect(pad.field).toBeUndefined();
  });

  it('lets no press of enter fall through into the next field', () => {
    const { key, ask, state, digits } = bench();
    ask(0);
    key('enter', 200);
    digits.wipe();
    ask(0);
    key('enter', 400);
    expect(state.submitted).toBe(1);
    key('enter');
    expect(state.submitted).toBe(2);
  });

  it('erases one, or all', () => {
    const { key, ask, digits } = bench();
    ask();
    for (const digit of '7391') key(digit);
    key('erase');
    expect(digits.length).toBe(3);
    key('clear');
    expect([...digits.ascii()]).toEqual([]);
  });
});
