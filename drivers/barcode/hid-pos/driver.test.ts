import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import type { Scan } from '../port.ts';
import { type HidDeviceInfo, type HidEvents, type HidTransport, registerHidPos } from './index.ts';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const COUNTED = bytes(
  '058c0902a10185020912a102150026ff00750895010501093b81029503058c09fb09fc09fd8102953809fe82020125017501950109ff810275078103c0c0',
);
const TRIGGERED = bytes(
  '058c0902a1010912a102850215002 6ff007508953f09fe8102c00914a10285061500250175019501096091027507950191 03c0c0'.replaceAll(
    ' ',
    '',
  ),
);
const SCANNER = { vendorId: 0x0c2e, productId: 0x0b61, serial: 'S1', usagePage: 0x8c, usage: 2 };
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

function report(text: string, continued = false): Uint8Array {
  const made = new Uint8Array(62);
  made.set([2, text.length, 0x5d, 0x51, 0x31, ...new TextEncoder().encode(text)]);
  made[61] = continued ? 1 : 0;
  return made;
}

/** The computer's USB sockets: what is plugged in, and who has opened it. */
function sockets(descriptor = COUNTED) {
  const plugged = new Map<string, HidDeviceInfo>();
  const open = new Map<string, HidEvents>();
  const written: number[][] = [];
  const refused = new Set<string>();
  const transport: HidTransport = {
    list: async () => [...plugged.values()],
    open: async (path, events) => {
      if (refused.has(path)) throw Object.assign(new Error('cannot open device'), { code: 'EACCES' });
      open.set(path, events);
      return {
        descriptor,
        write: async (bytes) => void written.push([...bytes]),
        close: async () => void open.delete(path),
      };
    },
  };
  return {
    ...{ transport, written, refused, open },
    plug: (path: string, info: Partial<HidDeviceInfo> = {}) =>
      plugged.set(path, { ...SCANNER, path, ...info }),
    pull: (path: string) => {
      plugged.delete(path);
      open.get(path)?.gone('unplugged');
    },
    send: (path: string, bytes: Uint8Array) => open.get(path)?.report(bytes),
  };
}

async function reader(uri: string, usb: ReturnType<typeof sockets>) {
  const clock = new ManualClock();
  const logs: unknown[] = [];
  const context = { clock, log: (...entry: unknown[]) => void logs.push(entry) };
  const device = registerHidPos(new DeviceRegistry(), usb.transport).create('barcode', uri, context);
  await soon();
  const scans: Scan[] = [];
  return { clock, logs, device, scans, listen: () => device.listen((scan) => scans.push(scan)) };
}

describe('a reader in HID POS mode', () => {
  it('gives a code with its identifier to the one who listens, and drops what comes else', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    const { device, scans, listen, clock, logs } = await reader('hid-pos:', usb);
    expect(device.health().state).toBe('ready');
    usb.send('/dev/hidraw0', report('EARLY'));
    const stop = listen();
    usb.send('/dev/hidraw0', report('PAGOPA|'));
    stop();
    usb.send('/dev/hidraw0', report('LATE'));
    expect(scans).toEqual([{ text: 'PAGOPA|', aim: ']Q1', at: clock.now() }]);
    expect(device.health().counters).toMatchObject({ scans: 1, dropped: 2, reports: 3 });
    expect(JSON.stringify(logs)).not.toContain('PAGOPA');
  });

  it('joins reports, and discards a code whose rest does not come in half a second', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    const { device, scans, listen, clock } = await reader('hid-pos:', usb);
    listen();
    usb.send('/dev/hidraw0', report('AB', true));
    clock.advance(499);
    usb.send('/dev/hidraw0', report('CD'));
    usb.send('/dev/hidraw0', report('EF', true));
    clock.advance(500);
    usb.send('/dev/hidraw0', report('GH'));
    expect(scans.map(({ text }) => text)).toEqual(['ABCD', 'GH']);
    expect(device.health().counters).toMatchObject({ lostRests: 1 });
  });

  it('drops the rest of a code that began before the listening', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    const { scans, listen } = await reader('hid-pos:', usb);
    usb.send('/dev/hidraw0', report('AB', true));
    listen();
    usb.send('/dev/hidraw0', report('CD'));
    usb.send('/dev/hidraw0', report('EF'));
    expect(scans.map(({ text }) => text)).toEqual(['EF']);
  });

  it('takes a code left under it once', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    const { scans, listen, clock } = await reader('hid-pos:?repeat=1000', usb);
    listen();
    for (let read = 0; read < 3; read++) {
      usb.send('/dev/hidraw0', report('A'));
      clock.advance(900);
    }
    clock.advance(100);
    usb.send('/dev/hidraw0', report('A'));
    expect(scans).toHaveLength(2);
  });

  it('names an unplugged reader and finds it again under another name', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    const { device, scans, listen, clock } = await reader('hid-pos:0c2e:0b61', usb);
    listen();
    usb.send('/dev/hidraw0', report('AB', true));
    usb.pull('/dev/hidraw0');
    expect(device.health()).toMatchObject({ state: 'unavailable', reasons: ['unplugged'] });
    clock.advance(2000);
    await soon();
    expect(device.health()).toMatchObject({ state: 'unavailable', reasons: ['not-connected'] });
    usb.plug('/dev/hidraw5');
    clock.advance(2000);
    await soon();
    expect(device.health()).toMatchObject({ state: 'ready', reasons: [] });
    usb.send('/dev/hidraw5', report('CD'));
    expect(scans.map(({ text }) => text)).toEqual(['CD']);
  });

  it('chooses by maker, model and serial number', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0', { vendorId: 1, productId: 2 });
    usb.plug('/dev/hidraw1', { serial: 'S0' });
    usb.plug('/dev/hidraw2');
    const { device } = await reader('hid-pos:0C2E:0b61:S1', usb);
    expect(device.health().state).toBe('ready');
    expect([...usb.open.keys()]).toEqual(['/dev/hidraw2']);
  });

  it('says that a reader is in keyboard mode, and how to cure it', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0', { usagePage: 1, usage: 6 });
    const { device, clock } = await reader('hid-pos:0c2e:0b61', usb);
    expect(device.health()).toMatchObject({ state: 'unavailable', reasons: ['keyboard-mode'] });
    const test = device.selfTest();
    for (let wait = 0; wait < 80; wait++) {
      clock.advance(50);
      await soon();
    }
    expect(await test).toMatchObject([
      { name: 'reader', ok: false, detail: 'keyboard-mode', cure: expect.stringContaining('USB HID POS') },
    ]);
  });

  it('says what keeps it from opening one', async () => {
    const usb = sockets();
    usb.plug('/dev/hidraw0');
    usb.refused.add('/dev/hidraw0');
    expect((await reader('hid-pos:', usb)).device.health().reasons).toEqual(['no-permission']);
    const other = sockets(bytes('05010906a1017508950181 02c0'.replaceAll(' ', '')));
    other.plug('/dev/hidraw0');
    expect((await reader('hid-pos:', other)).device.health().reasons).toEqual(['not-hid-pos']);
    expect(other.open.size).toBe(0);
    const broken = {
      ...sockets(),
      transport: {
        list: () => Promise.reject(new Error('no hid')),
        open: () => Promise.reject(new Error('no hid')),
      },
    };
    expect((await reader('hid-pos:', broken)).device.health().reasons).toEqual(['hid-unavailable']);
  });

  it('starts and stops reading by output report where the descriptor has one', async () => {
    const usb = sockets(TRIGGERED);
    usb.plug('/dev/hidraw0');
    const { device, listen, scans } = await reader('hid-pos:', usb);
    const stop = listen();
    expect(usb.written).toEqual([[6, 1]]);
    usb.send('/dev/hidraw0', Uint8Array.of(2, 0x41, 0));
    expect(scans.map(({ text }) => text)).toEqual(['A']);
    expect(usb.written).toEqual([
      [6, 1],
      [6, 1],
    ]);
    stop();
    expect(usb.written.at(-1)).toEqual([6, 0]);
    expect(await device.selfTest()).toMatchObject([
      { name: 'reader', ok: true },
      { name: 'trigger', ok: true },
    ]);
    await device.close();
    expect(usb.open.size).toBe(0);
  });

  it('is left alone with trigger=no', async () => {
    const usb = sockets(TRIGGERED);
    usb.plug('/dev/hidraw0');
    (await reader('hid-pos:?trigger=no', usb)).listen();
    expect(usb.written).toEqual([]);
  });

  it('refuses settings with all their faults', async () => {
    await expect(reader('hid-pos:xyz?trigger=maybe&repeat=-1', sockets())).rejects.toMatchObject({
      code: 'HID_SETTING_INVALID',
      detail: { faults: expect.stringMatching(/address.*trigger.*repeat/) },
    });
  });
});

describe('without an injected transport', () => {
  it('is simply not there on a computer that has no such reader', async () => {
    const context = { clock: new ManualClock(), log: () => undefined };
    const device = registerHidPos(new DeviceRegistry()).create('barcode', 'hid-pos:ffff:fffe', context);
    const heard = new Promise((resolve) => device.onHealth(resolve));
    expect(await heard).toMatchObject({ state: 'unavailable' });
    await device.close();
  });
});
