import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import { memoryWire } from '../../transport/index.ts';
import type { Scan } from '../port.ts';
import { registerBarcode, SerialBarcodeReader, serialBarcodeSettings } from './index.ts';

const QR = 'PAGOPA|002|347757495084057244|82827379742|2500';
const ascii = (text: string) => new TextEncoder().encode(text);
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

async function reader(query = '') {
  const clock = new ManualClock();
  const logs: unknown[] = [];
  const context = { clock, log: (...entry: unknown[]) => void logs.push(entry), random: () => 0.5 };
  const { transport, peer } = memoryWire(context);
  const settings = serialBarcodeSettings(new URLSearchParams(query));
  const device = new SerialBarcodeReader('serial-barcode+tcp://x:1', transport, settings, context);
  await soon();
  const scans: Scan[] = [];
  const send = async (text: string) => {
    peer.send(ascii(text));
    await soon();
  };
  return { clock, logs, peer, device, scans, send, listen: () => device.listen((scan) => scans.push(scan)) };
}

describe('a serial barcode reader', () => {
  it('gives a scan to the one who listens', async () => {
    const { scans, send, listen, clock } = await reader();
    listen();
    await send(`]Q1${QR}\r\n`);
    expect(scans).toEqual([{ text: QR, aim: ']Q1', at: clock.now() }]);
  });

  it('drops and counts what comes while nobody listens', async () => {
    const { scans, send, listen, device } = await reader();
    await send('A\r');
    const stop = listen();
    await send('B\r');
    stop();
    await send('C\r');
    expect(scans.map((scan) => scan.text)).toEqual(['B']);
    expect(device.health().counters).toMatchObject({ scans: 1, dropped: 2 });
  });

  it('drops the tail of a code that began before the listening', async () => {
    const { scans, send, listen } = await reader();
    await send('PAGOPA|00');
    listen();
    await send('2|3477\r');
    await send(`${QR}\r`);
    expect(scans.map((scan) => scan.text)).toEqual([QR]);
  });

  it('ends a code by silence', async () => {
    const { scans, send, listen, clock } = await reader('gap=80');
    listen();
    await send('PAGO');
    clock.advance(79);
    await send('PA');
    clock.advance(79);
    expect(scans).toEqual([]);
    clock.advance(1);
    expect(scans.map((scan) => scan.text)).toEqual(['PAGOPA']);
  });

  it('takes a code left under the reader once', async () => {
    const { scans, send, listen, clock, device } = await reader('repeat=1500');
    listen();
    for (let read = 0; read < 5; read++) {
      await send('A\r');
      clock.advance(1000);
    }
    clock.advance(1000);
    await send('A\r');
    expect(scans).toHaveLength(2);
    expect(device.health().counters).toMatchObject({ scans: 2, doubles: 4 });
  });

  it('reads it again when somebody listens anew', async () => {
    const { scans, send, listen } = await reader();
    listen();
    await send('A\r');
    listen();
    await send('A\r');
    expect(scans).toHaveLength(2);
  });

  it('does not join halves across a lost cable', async () => {
    const { scans, send, listen, clock, peer, device } = await reader();
    listen();
    await send('PAGOPA|');
    peer.cut('unplugged');
    expect(device.health()).toMatchObject({ state: 'unavailable', reasons: ['link-down:unplugged'] });
    clock.advance(60_000);
    await soon();
    expect(device.health().state).toBe('ready');
    await send('A\r');
    expect(scans.map((scan) => scan.text)).toEqual(['A']);
  });

  it('triggers a Honeywell reader, again after a scan, in time, and after a lost cable', async () => {
    const on = ascii('\u0016T\r');
    const { listen, send, clock, peer } = await reader('profile=honeywell');
    const stop = listen();
    await soon();
    expect(peer.take()).toEqual(on);
    await send('A\r');
    await soon();
    expect(peer.take()).toEqual(on);
    clock.advance(20_000);
    await soon();
    expect(peer.take()).toEqual(on);
    peer.cut('unplugged');
    clock.advance(10_000);
    await soon();
    expect(peer.take()).toEqual(on);
    stop();
    await soon();
    expect(peer.take()).toEqual(ascii('\u0016U\r'));
    clock.advance(60_000);
    await soon();
    expect(peer.take()).toEqual(ascii(''));
  });

  it('enables a Datalogic reader only while somebody listens', async () => {
    const { listen, peer } = await reader('profile=datalogic');
    listen()();
    await soon();
    expect(peer.take()).toEqual(ascii('ED'));
  });

  it('never logs or counts what a code says', async () => {
    const { logs, send, listen, device } = await reader();
    listen();
    await send('codfase=NBPA;ROSSI MARIO\r');
    expect(JSON.stringify([logs, device.health()])).not.toContain('ROSSI');
  });

  it('tests itself: the link, then the trigger', async () => {
    const { device } = await reader('profile=datalogic');
    expect(await device.selfTest()).toMatchObject([
      { name: 'link', ok: true },
      { name: 'trigger', ok: true },
    ]);
  });

  it('says what to do when its link is down', async () => {
    const { device, peer, clock } = await reader();
    peer.cut('absent', { stay: true });
    const test = device.selfTest();
    for (let wait = 0; wait < 80; wait++) {
      clock.advance(50);
      await soon();
    }
    expect(await test).toMatchObject([{ name: 'link', ok: false, cure: expect.stringContaining('USB-COM') }]);
    await device.close();
  });
});

describe('the settings', () => {
  it('are refused with all their faults', () => {
    const settings = () =>
      serialBarcodeSettings(new URLSearchParams('suffix=x&profile=y&gap=1&repeat=-1&baud=1'));
    try {
      settings();
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'BARCODE_SETTING_INVALID',
        detail: { faults: expect.stringMatching(/suffix.*profile.*gap.*repeat/) },
      });
    }
  });

  it('come from the URI, over TCP and over a serial line', async () => {
    const context = { clock: new ManualClock(), log: () => undefined };
    const registry = registerBarcode(new DeviceRegistry());
    for (const uri of [
      'serial-barcode+tcp://127.0.0.1:9?suffix=crlf',
      'serial-barcode+serial:///dev/absent?baud=9600&profile=honeywell',
    ]) {
      const device = registry.create('barcode', uri, context);
      expect(device.health().state).toBe('starting');
      await device.close();
    }
  });
});
