import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { registerZvt } from '@jolly/drivers/pos/zvt';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { type Ready, startProcess } from '../process/index.ts';
import { bench, charged, cleanups, lastStan, pay, reference, settle, until } from './test-bench.ts';

describe('a ZVT terminal that hangs up between procedures', () => {
  it('is dialled and registered anew for each one, and stays ready meanwhile', async () => {
    const { pos, simulated } = await bench('tcp', { closeBetween: true });
    for (const amount of [100, 200, 300]) {
      const { result } = await pay(pos, reference(amount, await lastStan(pos)));
      expect(result.outcome).toBe('approved');
      await until(() => !simulated.state().connected);
      expect(pos.health().state).toBe('ready');
    }
    expect(pos.health().counters.lost).toBe(0);
  });
});

describe('an unplugged ZVT terminal', () => {
  it('is noticed at once, and is ready and registered again after it was plugged in', async () => {
    const { pos, wire, simulated } = await bench('tcp');
    await until(() => pos.health().state === 'ready');
    await wire.plug(false);
    await until(() => pos.health().state === 'unavailable');
    expect((await pay(pos, reference(100, undefined))).result).toEqual({
      outcome: 'not-started',
      reason: 'link-down:refused',
    });
    await wire.plug(true);
    await until(() => pos.health().state === 'ready' && simulated.state().registered);
    expect((await pay(pos, reference(100, undefined))).result.outcome).toBe('approved');
  });

  it('in the middle of a payment leaves it uncertain, and recovery decides', async () => {
    const { pos, wire, act, simulated } = await bench('tcp');
    act({ action: 'hold-card' });
    const ref = reference(100, await lastStan(pos));
    const running = pay(pos, ref);
    await until(() => simulated.state().phase === 'waiting-card');
    await wire.plug(false);
    expect((await running).result.outcome).toBe('uncertain');
    await wire.plug(true);
    expect((await settle(pos, ref)).verdict).toBe('not-charged');
    expect(charged(simulated)).toBe(0);
  });
});

describe('a terminal that the kiosk leaves', () => {
  it('is logged off; its password was in no name of it', async () => {
    const { pos, simulated } = await bench('tcp', { settings: 'password=123456' });
    await until(() => pos.health().state === 'ready');
    expect(pos.uri).not.toContain('123456');
    await pos.close();
    expect(simulated.state().log.some(({ what }) => what === '06 02')).toBe(true);
    await expect(pos.status()).rejects.toMatchObject({ code: 'POS_UNREACHABLE' });
  });
});

describe('the ZVT simulator as a process', () => {
  it('takes actions over HTTP, and remembers over its own restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jolly-zvt-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const args = ['--delay', '0', '--state-file', join(folder, 'pos.json')];
    const start = async () => {
      const process = await startProcess<Ready>(join(import.meta.dirname, 'main.ts'), args);
      cleanups.push(() => process.stop());
      const uri = `zvt+${process.ready.wire}?settle=0`;
      const pos = registerZvt(new DeviceRegistry()).create('pos', uri, {
        clock: systemClock,
        log: () => undefined,
      });
      cleanups.push(() => pos.close());
      return { process, pos };
    };
    const first = await start();
    const act = (body: unknown) =>
      fetch(`${first.process.ready.control}/act`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await act({ action: 'explode' })).status).toBe(400);
    expect((await act({ action: 'doubtful' })).status).toBe(200);
    const ref = reference(4_200, await lastStan(first.pos));
    expect((await pay(first.pos, ref)).result.outcome).toBe('uncertain');
    await first.process.stop('SIGKILL');
    const second = await start();
    expect(await settle(second.pos, ref)).toMatchObject({ verdict: 'charged', card: { amountCents: 4_200 } });
    const state = (await (await fetch(`${second.process.ready.control}/state`)).json()) as { device: object };
    expect(state.device).toMatchObject({
      lastStan: '000001',
      ledger: [{ stan: '000001', amountCents: 4_200, kind: 'charge' }],
    });
  });
});
