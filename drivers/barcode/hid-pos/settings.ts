import { errorsOf } from '@jolly/contracts/values';
import type { LocalUri } from '../../registry/index.ts';

export const hidError = errorsOf({
  HID_SETTING_INVALID: {
    cause: 'the URI of a HID POS reader cannot be used',
    retry: 'no',
    cure: 'write hid-pos: for any reader, hid-pos:0c2e:0b61 for a model, hid-pos:0c2e:0b61:SERIAL for one of several',
  },
  HID_READER_ABSENT: {
    cause: 'no barcode reader in USB HID POS mode is connected',
    retry: 'later',
    message: 'device.barcode.unavailable',
    cure: 'plug the reader in, read the code "USB HID POS" of its manual with it, and install the udev rule of docs/barcode.md',
  },
  HID_KEYBOARD_MODE: {
    cause: 'the barcode reader presents itself as a keyboard',
    retry: 'no',
    message: 'device.barcode.unavailable',
    cure: 'read the configuration code "USB HID POS" (or "USB-COM") of the reader’s manual with it',
  },
  HID_TRIGGER_FAILED: {
    cause: 'the reader did not take the command to read',
    retry: 'later',
    cure: 'unplug the reader and plug it in again; set trigger=no if its manual knows no trigger by the host',
  },
});

/** Which reader, and how it is used. */
export interface HidPosSettings {
  readonly vendorId: number | undefined;
  readonly productId: number | undefined;
  readonly serial: string | undefined;
  /** Reading is switched on and off by output report where the reader's descriptor has one. */
  readonly trigger: boolean;
  /** The same code again within this many ms (0–10 000) is the same scan. */
  readonly repeat: number;
}

/** Reads `hid-pos:[vid:pid[:serial]]?trigger=yes|no&repeat=0…10000`. Throws `HID_SETTING_INVALID` with all faults. */
export function hidPosSettings(uri: Pick<LocalUri, 'path' | 'settings'>): HidPosSettings {
  const faults: string[] = [];
  const address = /^(?:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?)?$/i.exec(uri.path);
  if (!address) faults.push('address: four hexadecimal digits each of maker and model');
  const trigger = uri.settings.get('trigger') ?? 'yes';
  if (trigger !== 'yes' && trigger !== 'no') faults.push('trigger: yes or no');
  const repeat = uri.settings.get('repeat') ?? '1500';
  if (!/^\d{1,5}$/.test(repeat) || Number(repeat) > 10_000) faults.push('repeat: 0 to 10000 ms');
  if (faults.length > 0) throw hidError('HID_SETTING_INVALID', { faults: faults.join('; ') });
  const id = (text: string | undefined) => (text === undefined ? undefined : Number.parseInt(text, 16));
  return {
    vendorId: id(address?.[1]),
    productId: id(address?.[2]),
    serial: address?.[3],
    trigger: trigger === 'yes',
    repeat: Number(repeat),
  };
}
