import { join } from 'node:path';
import { sleep, systemClock } from '@jolly/contracts/values';
import { registerCabinet } from '@jolly/drivers/cabinet';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach, describe, expect, it } from 'vitest';
import { startProcess } from '../process/index.ts';
import type { CabinetReady, CabinetState } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await sleep(systemClock, 10);
  }
}

async function bench() {
  const started = await startProcess<CabinetReady>(join(import.meta.dirname, 'main.ts'), []);
  cleanups.push(() => started.stop());
  const { control, board, upsd } = started.ready;
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${control}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  };
  const state = async () =>
    ((await (await fetch(`${control}/state`)).json()) as { device: CabinetState }).device;
  const registry = registerCabinet(new DeviceRegistry());
  const context = { clock: systemClock, log: () => undefined };
  const at = (kind: string) => `${kind}+tcp:${board.slice(4)}`;
  const devices = {
    lights: registry.create('lights', at('line-lights'), context),
    door: registry.create('door', at('line-sensor'), context),
    presence: registry.create('presence', at('line-sensor'), context),
    display: registry.create('display', at('line-display'), context),
    ups: registry.create('ups', `nut+tcp:${upsd.slice(4)}/kiosk?poll=1`, context),
  };
  for (const device of Object.values(devices)) cleanups.push(() => device.close());
  return { ...devices, post, state, act: (action: object) => post('act', action) };
}

describe('the drivers on the simulated cabinet', () => {
  it('light, see who comes, hear the door and the power, switch the screen', async () => {
    const { lights, door, presence, display, ups, act, state } = await bench();
    await until(() => door.door === 'closed' && lights.names.length > 0 && ups.reading.power === 'mains');
    await lights.set('barcode', { rate: 'slow', colour: 'blue' });
    expect((await state()).lights).toEqual({ barcode: { rate: 'slow', colour: 'blue' } });
    await act({ action: 'presence', presence: 'present' });
    await act({ action: 'door', door: 'open' });
    await until(() => presence.presence === 'present' && door.door === 'open');
    await display.turn('off');
    expect(await state()).toMatchObject({ display: 'off', clients: { board: 1, ups: 1 } });
    await act({ action: 'power', power: 'low' });
    await until(() => ups.reading.power === 'low');
    expect(ups.reading).toMatchObject({ charge: 9, runtimeSeconds: 90 });
    await act({ action: 'stale', stale: true });
    await until(() => ups.reading.power === 'unknown');
    expect(ups.health()).toMatchObject({ state: 'unavailable', reasons: ['data-stale'] });
    await act({ action: 'reset' });
    await until(() => ups.reading.power === 'mains' && door.door === 'closed');
    for (const device of [lights, door, presence, display, ups])
      expect((await device.selfTest()).map(({ ok }) => ok)).not.toContain(false);
  });

  it('find a pulled cable, and everything again when it is back', async () => {
    const { lights, door, post, state } = await bench();
    await until(() => door.door === 'closed' && lights.names.length > 0);
    await lights.set('status', { rate: 'continuous', colour: 'white' });
    await post('plug', { inserted: false });
    await until(() => door.door === 'open' && lights.health().state === 'unavailable');
    await post('plug', { inserted: true });
    await until(() => door.door === 'closed' && lights.health().state === 'ready');
    await until(async () => (await state()).lights.status !== undefined);
  });
});
