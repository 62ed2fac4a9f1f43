import type { Snapshot } from '@jolly/contracts/terminal-channel';
import { ManualClock } from '@jolly/contracts/values';
import type { BarcodeReader, Scan } from '@jolly/drivers/barcode';
import { refuseKeyboards } from '@jolly/drivers/barcode/keyboard';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { ContainedBarcode } from './contain.ts';
import { registerCamera, type ScreenCamera, ScreenReaders } from './index.ts';

const clock = new ManualClock();
const context = { clock, log: () => undefined };
const CODE = 'PAGOPA|002|302001234567890123|00399050584|1250';

function made(): ScreenCamera {
  let found: ScreenCamera | undefined;
  const registry = registerCamera(new DeviceRegistry(), (camera) => {
    found = camera;
  });
  registry.create('barcode', 'camera:', context);
  if (!found) throw new Error('no camera');
  return found;
}

/** A session's page, as far as it matters here. */
function page(name: string) {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let shown = name;
  const snapshot = () => ({ screen: { name: shown } }) as Snapshot;
  return {
    snapshot,
    onSnapshot: (listener: (snapshot: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    turn: (to: string) => {
      shown = to;
      for (const listener of listeners) listener(snapshot());
    },
  };
}

describe('the camera of the screen', () => {
  it('gives codes to the one who listens, counts the others, and is as the screen says', async () => {
    const camera = made();
    expect(camera.health().state).toBe('starting');
    camera.heard({ type: 'camera', state: 'ready' });
    camera.heard({ type: 'seen', text: CODE });
    const scans: Scan[] = [];
    const stop = camera.listen((scan) => scans.push(scan));
    camera.heard({ type: 'seen', text: CODE, aim: ']Q1' });
    camera.heard({ type: 'seen', text: CODE, aim: ']Q1' });
    stop();
    camera.heard({ type: 'seen', text: CODE });
    expect(scans).toEqual([{ text: CODE, aim: ']Q1', at: clock.now() }]);
    expect(camera.health()).toMatchObject({ state: 'ready', counters: { scans: 1, doubles: 1, dropped: 2 } });
    camera.heard({ type: 'camera', state: 'denied' });
    expect(camera.health()).toMatchObject({ state: 'unavailable', reasons: ['camera-denied'] });
    expect(await camera.selfTest()).toMatchObject([
      { ok: false, detail: 'denied', cure: expect.any(String) },
    ]);
  });

  it('is on only on the page that asks for a code', () => {
    const camera = made();
    const session = page('home');
    const readers = new ScreenReaders(session, camera, () => undefined);
    const told: (string | undefined)[] = [];
    readers.onSnapshot((snapshot) => told.push(snapshot.camera));
    const stop = camera.listen(() => undefined);
    session.turn('pay-scan');
    stop();
    session.turn('pay-type');
    expect(told).toEqual(['idle', 'look', 'idle', 'idle']);
  });

  it('is not spoken of where a reader reads', () => {
    expect(new ScreenReaders(page('pay-scan'), undefined, () => undefined).snapshot().camera).toBeUndefined();
  });

  it('has no settings', () => {
    const registry = registerCamera(new DeviceRegistry(), () => undefined);
    expect(() => registry.create('barcode', 'camera:2?x=1', context)).toThrow(/DEVICE_URI_INVALID/);
  });
});

describe('a reader that types', () => {
  it('is a reason with its cure until the configured reader reads', async () => {
    const camera = made();
    camera.heard({ type: 'camera', state: 'ready' });
    const reader = new ContainedBarcode(
      'camera:',
      () => camera,
      clock,
      () => undefined,
    );
    const told: string[] = [];
    reader.onHealth(({ state }) => told.push(state));
    const scans: Scan[] = [];
    reader.listen((scan) => scans.push(scan));
    reader.wedgeSeen();
    reader.wedgeSeen();
    expect(reader.health()).toMatchObject({
      state: 'degraded',
      reasons: ['keyboard-wedge'],
      counters: { keyboardWedge: 2 },
    });
    expect(scans).toEqual([]);
    expect(await reader.selfTest()).toMatchObject([
      { name: 'camera', ok: true },
      { name: 'keyboard-wedge', ok: false, cure: expect.stringContaining('USB HID POS') },
    ]);
    camera.heard({ type: 'seen', text: CODE });
    expect(reader.health()).toMatchObject({ state: 'ready', reasons: [] });
    expect(scans).toHaveLength(1);
    expect(told).toEqual(['degraded', 'degraded', 'ready']);
  });

  it('says so on the page where it was used, and nowhere after it', () => {
    const session = page('pay-scan');
    let noted = 0;
    const readers = new ScreenReaders(session, undefined, () => {
      noted += 1;
    });
    readers.reader({ type: 'keyboard-wedge' });
    expect(readers.snapshot().screen).toEqual({ name: 'pay-scan', refused: 'KEYBOARD_READER' });
    session.turn('pay-type');
    session.turn('pay-scan');
    expect(readers.snapshot().screen).toEqual({ name: 'pay-scan' });
    expect(noted).toBe(1);
  });

  it.each(['wedge:', 'keyboard:', 'keyboard-wedge:anything'])(
    '%s in a configuration is refused with the cure',
    async (uri) => {
      const registry = refuseKeyboards(new DeviceRegistry());
      const reader = new ContainedBarcode(
        uri,
        () => registry.create('barcode', uri, context) as BarcodeReader,
        clock,
        () => undefined,
      );
      expect(reader.health()).toMatchObject({
        state: 'fault',
        reasons: ['driver-create-BARCODE_KEYBOARD_REFUSED'],
      });
      expect(await reader.selfTest()).toMatchObject([
        { ok: false, cure: expect.stringContaining('USB HID POS') },
      ]);
    },
  );
});
