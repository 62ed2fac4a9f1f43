import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import { blinkReport, type OpenLamp, registerHidLights } from './index.ts';

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

function bench() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const state = { there: true, opened: 0, serials: [] as string[] };
  const open: OpenLamp = async (_address, serial) => {
    state.serials.push(serial);
    if (!state.there) throw new Error('absent');
    state.opened++;
    return {
      send: async (report) => {
        if (!state.there) throw new Error('gone');
        sent.push(Buffer.from(report).toString('hex'));
      },
      close: async () => undefined,
    };
  };
  const registry = registerHidLights(new DeviceRegistry(), open);
  return { clock, sent, state, registry, context: { clock, log: () => undefined } };
}

describe('a USB lamp', () => {
  it('has the published report', () => {
    expect(Buffer.from(blinkReport('red', 1_000)).toString('hex')).toBe('0163ff0000006400');
    expect(Buffer.from(blinkReport('dark', 0)).toString('hex')).toBe('0163000000000000');
  });

  it('pulses by fading up and down, and goes dark at the end', async () => {
    const { registry, context, clock, sent, state } = bench();
    const lamp = registry.create('lights', 'blink1:20002345?light=barcode', context);
    await settle();
    expect(state.serials).toEqual(['20002345']);
    await lamp.set('barcode', { rate: 'slow', colour: 'blue' });
    clock.advance(1_000);
    await settle();
    clock.advance(1_000);
    await settle();
    expect(sent).toEqual(['01630000ff006400', '0163000000006400', '01630000ff006400']);
    await lamp.close();
    expect(sent.at(-1)).toBe('0163000000000a00');
  });

  it('that was pulled out is looked for, and shows again what it should', async () => {
    const { registry, context, clock, sent, state } = bench();
    state.there = false;
    const lamp = registry.create('lights', 'blink1:', context);
    await settle();
    expect(lamp.health()).toMatchObject({ state: 'unavailable', reasons: ['absent'] });
    await lamp.set('status', { rate: 'continuous', colour: 'green' });
    state.there = true;
    clock.advance(5_000);
    await settle();
    expect(lamp.health().state).toBe('ready');
    expect(sent).toEqual(['016300ff00000a00']);
    state.there = false;
    await expect(lamp.set('status', { rate: 'off', colour: 'white' })).rejects.toThrow('gone');
    expect(lamp.health()).toMatchObject({ state: 'unavailable', reasons: ['write-failed'] });
    await lamp.close();
    expect(() => registry.create('lights', 'blink1:?light=moon', context)).toThrow(/LIGHT_SETTING_INVALID/);
  });
});
