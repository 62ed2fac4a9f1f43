import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { openWire, type Ready, startProcess } from '../process/index.ts';
import { TerminalMemory } from './memory.ts';
import { SimulatedTerminal } from './terminal.ts';
import {
  bench,
  cable,
  charged,
  cleanups,
  lastStan,
  pay,
  reference,
  settle,
  socat,
  until,
} from './test-bench.ts';

describe('an ECR17 terminal that hangs up between transactions', () => {
  it('is dialled anew for each one and stays ready meanwhile', async () => {
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

describe('a terminal that took another’s call', () => {
  it('is dialled anew when it no longer answers on the old line', async () => {
    const { pos, wire, simulated } = await bench('tcp', {
      settings: 'lrc=std&ack-timeout=0.2&result-timeout=1.2&terminal=12345678&settle=0&probe=1',
    });
    await until(() => pos.health().state === 'ready');
    const { hostname, port } = new URL(wire.address.replace('tcp:', 'http:'));
    await new Promise<void>((done) => {
      const other = connect(Number(port), hostname, () => other.end());
      other.once('close', () => done());
    });
    await until(() => !simulated.state().connected);
    await until(() => pos.health().state === 'ready' && simulated.state().connected);
    expect((await pay(pos, reference(100, undefined))).result.outcome).toBe('approved');
  });
});

describe('an unplugged terminal', () => {
  it('over TCP is noticed at once, and is ready again after it was plugged in', async () => {
    const { pos, wire } = await bench('tcp');
    await until(() => pos.health().state === 'ready');
    await wire.plug(false);
    await until(() => pos.health().state === 'unavailable');
    expect((await pay(pos, reference(100, undefined))).result).toEqual({
      outcome: 'not-started',
      reason: 'link-down:refused',
    });
    await wire.plug(true);
    await until(() => pos.health().state === 'ready');
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

  it.skipIf(!socat)('over a serial line is noticed, and found again when plugged in', async () => {
    const pty = await cable();
    const pos = registerPos(new DeviceRegistry()).create(
      'pos',
      `ecr17+serial://${pty.kiosk}?lrc=std&ack-timeout=0.3`,
      {
        clock: systemClock,
        log: () => undefined,
      },
    );
    cleanups.push(() => pos.close());
    const start = async () => {
      const simulated = new SimulatedTerminal(new TerminalMemory(), {
        terminalId: '12345678',
        lrc: 'std',
        delayMs: 0,
        cardTimeoutMs: 500,
        closeBetween: false,
        serial: true,
        clock: systemClock,
      });
      const wire = await openWire(`serial:${pty.device}`, simulated);
      cleanups.push(() => wire.close());
    };
    await start();
    await until(() => pos.health().state === 'ready');
    pty.child.kill('SIGKILL');
    await until(() => pos.health().state === 'unavailable');
    rmSync(pty.kiosk, { force: true });
    rmSync(pty.device, { force: true });
    await pty.again();
    await start();
    await until(() => pos.health().state === 'ready', 15_000);
  });
});

describe('the simulator as a process', () => {
  it('takes actions over HTTP, and remembers over its own restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jolly-pos-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const args = ['--delay', '0', '--state-file', join(folder, 'pos.json'), '--lrc', 'noext'];
    const start = async () => {
      const process = await startProcess<Ready>(join(import.meta.dirname, 'main.ts'), args);
      cleanups.push(() => process.stop());
      const uri = `ecr17+${process.ready.wire}?lrc=auto`;
      const pos = registerPos(new DeviceRegistry()).create('pos', uri, {
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
      phase: 'idle',
      ledger: [{ stan: '000001', amountCents: 4_200, kind: 'charge' }],
    });
  });
});
