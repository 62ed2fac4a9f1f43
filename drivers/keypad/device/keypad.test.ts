import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import { KeyFollower, keyCodes, registerKeypad } from './index.ts';

describe('codes of the keys', () => {
  it('are what the settings say, else the defaults', () => {
    const { keys, jackIn } = keyCodes(new URLSearchParams('up=17,18&jackin=191'), {
      up: ['103'],
      ok: ['28'],
    });
    expect([...keys]).toEqual([
      ['17', 'up'],
      ['18', 'up'],
      ['28', 'ok'],
    ]);
    expect(jackIn).toBe('191');
  });

  it('are refused where two keys claim one, with all the faults', () => {
    const read = () => keyCodes(new URLSearchParams('up=28&down=x%20y'), { ok: ['28'] });
    expect(read).toThrow(expect.objectContaining({ code: 'KEYPAD_SETTING_INVALID' }));
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({ detail: { faults: expect.stringMatching(/x y.*28|28.*x y/) } });
    }
  });

  it('a keypad of Linux is one of /dev', () => {
    const registry = registerKeypad(new DeviceRegistry());
    const context = { clock: new ManualClock(), log: () => undefined };
    expect(() => registry.create('keypad', 'evdev-keypad:/etc/passwd', context)).toThrow(
      expect.objectContaining({ code: 'KEYPAD_SETTING_INVALID' }),
    );
  });
});

describe('keys down and up', () => {
  function follower() {
    const clock = new ManualClock();
    const told: string[] = [];
    const keys = new KeyFollower(clock, {
      key: (key) => told.push(key),
      hold: (key) => told.push(`held ${key}`),
    });
    return { clock, told, keys };
  }

  it('a key comes once, and is held after two seconds', () => {
    const { clock, told, keys } = follower();
    keys.down('help');
    for (let time = 0; time < 30; time++) {
      clock.advance(100);
      keys.down('help');
    }
    expect(told).toEqual(['help', 'held help']);
    keys.up('help');
    keys.down('help');
    keys.up('help');
    clock.advance(5000);
    expect(told).toEqual(['help', 'held help', 'help']);
  });

  it('a key whose end was lost is not held for ever', () => {
    const { clock, told, keys } = follower();
    keys.down('ok');
    keys.reset();
    clock.advance(5000);
    keys.down('ok');
    expect(told).toEqual(['ok', 'ok']);
  });
});
