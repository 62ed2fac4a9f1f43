import { PadKey, type SecretField } from '@jolly/contracts/terminal-channel';
import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { PadKeys } from './pad-keys.ts';

function bench({ sameKeyMs = 500 } = {}) {
  const clock = new ManualClock();
  const onScreen: string[] = [];
  const intents: string[] = [];
  const secrets: string[] = [];
  let press: (key: PadKey) => void = () => undefined;
  let hold: (key: PadKey) => void = () => undefined;
  const asked: { field?: SecretField } = {};
  const keys = new PadKeys({
    clock,
    sameKeyMs,
    keypad: {
      onKey: (listener) => {
        press = listener;
        return () => undefined;
      },
      onHold: (listener) => {
        hold = listener;
        return () => undefined;
      },
    },
    intent: (intent) => intents.push(intent.type),
    secretField: () => asked.field,
    secret: ({ field, key }) => secrets.push(`${field} ${key}`),
  });
  keys.onKey((key) => onScreen.push(key));
  return {
    ...{ clock, onScreen, intents, secrets, asked, keys },
    press: (key: PadKey) => press(key),
    hold: (key: PadKey) => hold(key),
  };
}

describe('keys of the keypad', () => {
  it('go to the screen, and show that somebody is there', () => {
    const { press, clock, onScreen, intents } = bench();
    for (const key of PadKey.options) {
      press(key);
      clock.advance(1);
    }
    expect(onScreen).toEqual(PadKey.options);
    expect(intents).toEqual(PadKey.options.map(() => 'touched'));
  });

  it('digits of a PIN go to the field that asks, and never to a screen', () => {
    const { press, clock, onScreen, secrets, asked } = bench();
    asked.field = 'cie-pin';
    for (const key of ['1', '1', '9', 'clear'] as const) {
      press(key);
      clock.advance(1);
    }
    press('down');
    expect(secrets).toEqual(['cie-pin 1', 'cie-pin 1', 'cie-pin 9', 'cie-pin clear']);
    expect(onScreen).toEqual(['down']);
    delete asked.field;
    press('7');
    expect(onScreen).toEqual(['down', '7']);
  });

  it('a double press within half a second is one, a digit within 80 ms', () => {
    const { press, clock, onScreen, keys } = bench();
    press('down');
    clock.advance(499);
    press('down');
    clock.advance(1);
    press('down');
    press('5');
    clock.advance(79);
    press('5');
    clock.advance(1);
    press('5');
    expect(onScreen).toEqual(['down', 'down', '5', '5']);
    expect(keys.counters).toEqual({ taken: 4, bounced: 2 });
  });

  it('take the time that is set, down to none', () => {
    const { press, onScreen } = bench({ sameKeyMs: 0 });
    press('down');
    press('down');
    expect(onScreen).toEqual(['down', 'down']);
  });

  it('help that is held calls a person; nothing else that is held does', () => {
    const { hold, intents } = bench();
    hold('down');
    hold('help');
    expect(intents).toEqual(['call-person']);
  });
});
