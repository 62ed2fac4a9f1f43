import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { registerAudio } from '@jolly/drivers/audio/device';
import { registerKeypad } from '@jolly/drivers/keypad/device';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ready, startProcess } from '../process/index.ts';
import type { KeypadSimulatorState } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => systemClock.after(5, () => resolve(undefined)));
  }
}

async function bench() {
  const started = await startProcess<Ready>(join(import.meta.dirname, 'main.ts'), ['--wire', 'tcp:0']);
  cleanups.push(() => started.stop());
  const { wire, control } = started.ready;
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${control}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const state = async () =>
    ((await (await fetch(`${control}/state`)).json()) as { device: KeypadSimulatorState }).device;
  const context = { clock: systemClock, log: () => undefined };
  const registry = registerAudio(registerKeypad(new DeviceRegistry()));
  const keypad = registry.create('keypad', `keypad+${wire}`, context);
  const audio = registry.create('audio', `sim-audio+${wire}`, context);
  cleanups.push(
    () => keypad.close(),
    () => audio.close(),
  );
  const keys: string[] = [];
  keypad.onKey((key) => keys.push(key));
  keypad.onHold((key) => keys.push(`held ${key}`));
  const plugs: string[] = [];
  keypad.onHeadset((plugged) => plugs.push(`keypad ${plugged}`));
  audio.onHeadset((plugged) => plugs.push(`audio ${plugged}`));
  await until(() => keypad.headset === false && audio.health().state === 'ready');
  return { act: (action: object) => post('act', action), post, state, keypad, audio, keys, plugs };
}

describe('keypad and sound on their simulator', () => {
  it('keys come once however long they are held, and digits one by one', async () => {
    const { act, keys } = await bench();
    await act({ action: 'press', key: 'down' });
    await act({ action: 'type', digits: '0073', gapMs: 0 });
    await until(() => keys.length === 5);
    expect(keys).toEqual(['down', '0', '0', '7', '3']);
  });

  it('a held key is told once, after two seconds', async () => {
    const { act, keys } = await bench();
    await act({ action: 'hold', key: 'help' });
    await until(() => keys.length === 2);
    expect(keys).toEqual(['help', 'held help']);
    await act({ action: 'release' });
    await act({ action: 'press', key: 'help' });
    await until(() => keys.length === 3);
  });

  it('both hear the headset’s plug; a pulled cable is a pulled headset', async () => {
    const { act, post, keypad, audio, plugs } = await bench();
    await act({ action: 'headset', plugged: true });
    await until(() => plugs.length === 2);
    expect([keypad.headset, audio.headset]).toEqual([true, true]);
    await post('plug', { inserted: false });
    await until(() => plugs.length === 4);
    expect([keypad.headset, audio.headset]).toEqual([false, false]);
    expect(keypad.health().state).toBe('unavailable');
    await post('plug', { inserted: true });
    // it was in all the time: the driver asks when the link is back
    await until(() => keypad.headset === true && audio.headset);
  });

  it('loudness goes to the controller, also to one that comes later', async () => {
    const { audio, post, state } = await bench();
    await audio.setLevel(0.4);
    await until(async () => (await state()).level === 0.4);
    await post('plug', { inserted: false });
    await until(() => audio.health().state === 'unavailable');
    await audio.setLevel(0.7);
    await post('plug', { inserted: true });
    await until(async () => (await state()).level === 0.7);
  });

  it('noise and bounces are lived through, and no digit is kept', async () => {
    const { act, keys, state, keypad } = await bench();
    await act({ action: 'noise', bytes: 3000 });
    await act({ action: 'type', digits: '12345' });
    await act({ action: 'bounce', key: 'ok' });
    // the first lines may be lost in the noise
    await until(() => keys.filter((key) => key === 'ok').length === 4);
    expect(JSON.stringify((await state()).pressed)).not.toMatch(/"key":"\d"/);
    expect((await keypad.selfTest()).every((step) => step.ok)).toBe(true);
  });
});
