import { type Clock, errorsOf } from '@jolly/contracts/values';
import { type DeviceRegistry, onThisComputer } from '../../registry/index.ts';
import { type LightAdapter, LightSet } from '../light-set.ts';
import { LIGHT_NAMES, LIGHT_OFF, type LightLook, type LightName } from '../port.ts';
import { BLINK1, blinkReport, periodOf } from './codec.ts';

export * from './codec.ts';

export const hidLightError = errorsOf({
  LIGHT_SETTING_INVALID: {
    cause: 'a setting of the USB light cannot be used',
    retry: 'no',
    cure: 'write blink1:<serial number or nothing>?light=status (docs/lights.md)',
  },
});

/** One open HID device: takes a feature report. */
export interface HidLamp {
  send(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
/** Opens the lamp with this serial number, or the first; rejects when there is none. */
export type OpenLamp = (address: typeof BLINK1, serial: string) => Promise<HidLamp>;

/** Through node-hid, loaded only where such a light is configured: it brings a native part. */
export const systemLamp: OpenLamp = async ({ vendorId, productId }, serial) => {
  const { devicesAsync, HIDAsync } = await import('node-hid');
  const all = await devicesAsync(vendorId, productId);
  const found = all.find(({ path, serialNumber }) => path && (serial === '' || serialNumber === serial));
  if (!found?.path) throw new Error('absent');
  const device = await HIDAsync.open(found.path);
  return {
    send: async (report) => {
      await device.sendFeatureReport(Buffer.from(report));
    },
    close: () => device.close(),
  };
};

const REOPEN_MS = 5_000;

/** A lamp that stands for one light. It is looked for again whenever it went. */
function lampAdapter(name: LightName, serial: string, open: OpenLamp, clock: Clock): LightAdapter {
  let lamp: HidLamp | undefined;
  let trouble: string | undefined = 'not-connected';
  let closed = false;
  let changed = (): void => undefined;
  let cancel = (): void => undefined;
  const lost = (reason: string): void => {
    cancel();
    lamp = undefined;
    trouble = reason;
    changed();
    if (!closed) cancel = clock.after(REOPEN_MS, connect);
  };
  const connect = (): void => {
    open(BLINK1, serial).then(
      (opened) => {
        if (closed) return void opened.close();
        lamp = opened;
        trouble = undefined;
        changed();
      },
      (error: unknown) =>
        lost(error instanceof Error && error.message === 'absent' ? 'absent' : 'not-opened'),
    );
  };
  const send = async (colour: LightLook['colour'] | 'dark', ms: number): Promise<void> => {
    if (!lamp) throw new Error(trouble ?? 'absent');
    try {
      await lamp.send(blinkReport(colour, ms));
    } catch (error) {
      lost('write-failed');
      throw error;
    }
  };
  const pulse = (colour: LightLook['colour'], period: number, up: boolean): void => {
    cancel = clock.after(period / 2, () => {
      // a lamp that went says so by `lost`, which ends the pulsing
      send(up ? colour : 'dark', period / 2).then(
        () => pulse(colour, period, !up),
        () => undefined,
      );
    });
  };
  connect();
  return {
    names: [name],
    get trouble() {
      return trouble;
    },
    show: async (_name, { rate, colour }) => {
      cancel();
      const period = periodOf(rate);
      await send(rate === LIGHT_OFF.rate ? 'dark' : colour, period === undefined ? 100 : period / 2);
      if (period !== undefined) pulse(colour, period, false);
    },
    watch: (listener) => {
      changed = listener;
    },
    close: async () => {
      closed = true;
      cancel();
      await lamp?.close();
    },
  };
}

/** `blink1:<serial number, may be empty>?light=status`. */
export function registerHidLights(registry: DeviceRegistry, open: OpenLamp = systemLamp): DeviceRegistry {
  return registry.register('lights', 'blink1', (device, { clock }) => {
    const uri = onThisComputer(device);
    const wanted = uri.settings.get('light') ?? 'status';
    const name = LIGHT_NAMES.find((each) => each === wanted);
    if (!name) throw hidLightError('LIGHT_SETTING_INVALID', { setting: 'light', value: wanted });
    return new LightSet(uri.text, lampAdapter(name, uri.path, open, clock), clock);
  });
}
