import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCreditor, makeNotice, noticeDataMatrix, noticeQr } from '@jolly/contracts/notice';
import { systemClock } from '@jolly/contracts/values';
import type { BarcodeReader, Scan } from '@jolly/drivers/barcode';
import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ready, startProcess } from '../process/index.ts';
import type { BarcodeSimulatorState } from './index.ts';

const main = join(import.meta.dirname, 'main.ts');
const key = { noticeNumber: makeNotice('3', '471234567890123'), creditorTaxCode: makeCreditor('8400689048') };
const QR = noticeQr(key, 2500);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => systemClock.after(10, () => resolve(undefined)));
  }
}

async function simulator(wire: string) {
  const started = await startProcess<Ready>(main, ['--wire', wire]);
  cleanups.push(() => started.stop());
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${started.ready.control}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  const state = async () => {
    const answer = await fetch(`${started.ready.control}/state`);
    return ((await answer.json()) as { device: BarcodeSimulatorState }).device;
  };
  return { ready: started.ready, post, state };
}

function open(uri: string): { device: BarcodeReader; scans: Scan[]; texts: () => string[] } {
  const registry = registerBarcode(new DeviceRegistry());
  const device = registry.create('barcode', uri, { clock: systemClock, log: () => undefined });
  cleanups.push(() => device.close());
  const scans: Scan[] = [];
  return { device, scans, texts: () => scans.map((scan) => scan.text) };
}

describe('the reader on its simulator over TCP', () => {
  it('reads whole, split and unended codes, survives noise and a pulled cable', async () => {
    const { ready, post, state } = await simulator('tcp:0');
    const { device, scans, texts } = open(
      `serial-barcode+tcp:${ready.wire.slice(4)}?profile=honeywell&repeat=0`,
    );
    device.listen((scan) => scans.push(scan));
    await until(async () => (await state()).trigger === 'on');

    await post('act', { action: 'scan', text: QR, aim: ']Q1' });
    await until(() => scans.length === 1);
    expect(scans[0]).toMatchObject({ text: QR, aim: ']Q1' });

    await post('act', { action: 'scan-split', chunks: [QR.slice(0, 5), QR.slice(5, 30), QR.slice(30)] });
    await until(() => scans.length === 2);
    await post('act', { action: 'scan', text: QR, suffix: 'none' });
    await until(() => scans.length === 3);
    expect(texts()).toEqual([QR, QR, QR]);

    await post('act', { action: 'noise', bytes: 20_000 });
    scans.length = 0;
    // one that comes on the heels of the noise is part of it
    await until(async () => {
      await new Promise((resolve) => systemClock.after(250, () => resolve(undefined)));
      await post('act', { action: 'scan', text: QR });
      return texts().includes(QR);
    });

    await post('plug', { inserted: false });
    await until(() => device.health().state === 'unavailable');
    await post('plug', { inserted: true });
    await until(() => device.health().state === 'ready');
    await until(async () => (await state()).trigger === 'on');
    scans.length = 0;
    await post('act', { action: 'scan', text: 'after the cable' });
    await until(() => texts().includes('after the cable'));
    expect((await device.selfTest()).every((step) => step.ok)).toBe(true);
  });

  it('sends nothing while its trigger is off, and shows no debtor', async () => {
    const { ready, post, state } = await simulator('tcp:0');
    const { device } = open(`serial-barcode+tcp:${ready.wire.slice(4)}?profile=datalogic`);
    await until(() => device.health().state === 'ready');
    device.listen(() => undefined)();
    await until(async () => (await state()).trigger === 'off');
    const slip = {
      postalAccount: '7890',
      debtorTaxCode: 'RSSMRA80A01H501U',
      debtorName: 'ROSSI',
      subject: 'TARI',
    };
    await post('act', { action: 'scan', text: noticeDataMatrix(key, 100, slip) });
    await post('act', { action: 'scan', text: 'RSSMRA80A01H501U' });
    const { scans } = await state();
    expect(scans.map((scan) => scan.sentTo)).toEqual([0, 0]);
    expect(JSON.stringify(scans)).not.toMatch(/ROSSI|RSSMRA80/);
    expect(scans[1]?.text).toContain(key.noticeNumber);
    await post('act', { action: 'reset' });
    expect(await state()).toMatchObject({ scans: [], trigger: 'unknown' });
  });

  it('refuses an action it does not know with the list of faults', async () => {
    const { post } = await simulator('tcp:0');
    expect(await post('act', { action: 'dance' })).toMatchObject({
      status: 400,
      body: { code: 'ACTION_INVALID' },
    });
  });
});

describe.skipIf(!existsSync('/usr/bin/socat'))('the reader on its simulator over a serial line', () => {
  it('reads a code, and again after the simulator came back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jolly-barcode-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const [here, there] = [join(folder, 'kiosk'), join(folder, 'reader')];
    const socat = spawn('socat', [`pty,raw,echo=0,link=${here}`, `pty,raw,echo=0,link=${there}`]);
    cleanups.push(async () => void socat.kill());
    await until(() => existsSync(here) && existsSync(there));
    const { post } = await simulator(`serial:${there}`);
    const { device, scans, texts } = open(`serial-barcode+serial://${here}?baud=115200&suffix=crlf`);
    device.listen((scan) => scans.push(scan));
    await until(() => device.health().state === 'ready');
    await post('act', { action: 'scan', text: QR, aim: ']Q1' });
    await until(() => scans.length === 1);
    await post('plug', { inserted: false });
    await post('plug', { inserted: true });
    await post('act', { action: 'scan', text: 'again' });
    await until(() => scans.length === 2);
    expect(texts()).toEqual([QR, 'again']);
  });
});
