import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { afterEach, describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import type { PowerReading, PowerSupply } from '../port.ts';
import { registerUps } from './index.ts';

const DRIVER = '/lib/nut/dummy-ups';
const UPSD = ['/lib/nut/upsd', '/usr/sbin/upsd'].find((path) => existsSync(path)) ?? '';
const installed = existsSync(DRIVER) && UPSD !== '' && process.getuid?.() === 0;
if (!installed) console.warn('SKIPPED upsd: nut-server is not installed, or this is not root');
const run = promisify(execFile);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => systemClock.after(20, () => resolve(undefined)));
  }
}

/** A real upsd with its dummy driver, in a folder of its own. */
async function nut() {
  const folder = await mkdtemp(join(tmpdir(), 'jolly-nut-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const state = join(folder, 'state');
  await mkdir(state, { mode: 0o700 });
  const file = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  await file('nut.conf', 'MODE=standalone\n');
  await file('ups.conf', '[kiosk]\n  driver = dummy-ups\n  port = kiosk.dev\n  desc = "test"\n');
  await file('kiosk.dev', 'ups.status: OL\nbattery.charge: 100\nbattery.runtime: 1800\n');
  await file('upsd.conf', `LISTEN 127.0.0.1 ${port}\nMAXAGE 15\n`);
  await file(
    'upsd.users',
    '[terminal]\n  password = "a b\\"c"\n  upsmon secondary\n[tester]\n  password = t\n  actions = SET\n',
  );
  await file('password', 'a b"c\n');
  await chmod(folder, 0o700);
  const env = { ...process.env, NUT_CONFPATH: folder, NUT_STATEPATH: state, NUT_ALTPIDPATH: state };
  const start = (program: string, args: readonly string[]): ChildProcess => {
    // -D keeps it in the foreground, so that it is ended by its own process
    const child = spawn(program, [...args], { env, stdio: 'ignore' });
    cleanups.push(
      () =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    );
    return child;
  };
  const driver = () => start(DRIVER, ['-a', 'kiosk', '-u', 'root', '-D']);
  const first = driver();
  await until(() => existsSync(join(state, 'dummy-ups-kiosk')));
  start(UPSD, ['-u', 'root', '-D']);
  await until(async () => {
    try {
      const { stdout } = await run('/usr/bin/upsc', [`kiosk@127.0.0.1:${port}`, 'ups.status'], { env });
      return stdout.trim() === 'OL';
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return false;
    }
  });
  return {
    port,
    password: join(folder, 'password'),
    killDriver: () => first.kill('SIGKILL'),
    set: (status: string) =>
      run(
        '/usr/bin/upsrw',
        ['-s', `ups.status=${status}`, '-u', 'tester', '-p', 't', `kiosk@127.0.0.1:${port}`],
        { env },
      ),
  };
}

function open(uri: string): PowerSupply & { seen: PowerReading[] } {
  const ups = registerUps(new DeviceRegistry()).create('ups', uri, {
    clock: systemClock,
    log: () => undefined,
  });
  cleanups.push(() => ups.close());
  const seen: PowerReading[] = [];
  ups.onPower((reading) => seen.push(reading));
  return Object.assign(ups, { seen });
}

describe.skipIf(!installed)('a UPS behind Debian’s own upsd', () => {
  it('is seen from mains to battery, to a low one and back, signed in with a password from a file', async () => {
    const { port, password, set } = await nut();
    const ups = open(`nut+tcp://127.0.0.1:${port}/kiosk?user=terminal&password-file=${password}&poll=1`);
    await until(() => ups.reading.power === 'mains');
    expect(ups.reading).toMatchObject({ charge: 100, runtimeSeconds: 1_800, tokens: ['OL'] });
    expect(ups.health().state).toBe('ready');
    await set('OB DISCHRG');
    await until(() => ups.reading.power === 'battery');
    await set('OB LB');
    await until(() => ups.reading.power === 'low');
    expect(ups.health()).toMatchObject({ state: 'degraded', reasons: ['battery-low'] });
    await set('OL');
    await until(() => ups.reading.power === 'mains');
    expect(ups.seen.map(({ power }) => power)).toEqual(['mains', 'battery', 'low', 'mains']);
    expect((await ups.selfTest()).every(({ ok }) => ok)).toBe(true);
  });

  it('says why it knows nothing: a wrong name, a wrong password, a driver that died', async () => {
    const { port, password, killDriver } = await nut();
    const stranger = open(`nut+tcp://127.0.0.1:${port}/garage?poll=1`);
    await until(() => stranger.health().reasons.includes('unknown-ups'));
    expect(stranger.reading.power).toBe('unknown');
    const intruder = open(`nut+tcp://127.0.0.1:${port}/kiosk?user=nobody&password-file=${password}&poll=1`);
    await until(() => intruder.health().reasons.includes('access-denied'));
    const ups = open(`nut+tcp://127.0.0.1:${port}/kiosk?poll=1`);
    await until(() => ups.reading.power === 'mains');
    killDriver();
    await until(() => ups.reading.power === 'unknown');
    expect(ups.health().reasons[0]).toMatch(/^(driver-not-connected|data-stale)$/);
  });

  it('wants no password in its URI', () => {
    expect(() => open('nut+tcp://127.0.0.1:3493/kiosk?user=a&password=b')).toThrow(/UPS_SETTING_INVALID/);
    expect(() => open('nut+tcp://127.0.0.1:3493/')).toThrow(/UPS_SETTING_INVALID/);
  });
});
