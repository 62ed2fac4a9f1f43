import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { HIDAsync } from 'node-hid';
import type { HidTransport } from './transport.ts';

/** Loaded at the first use: a computer without USB, or without a binary for it, only lacks this reader. */
const load = async () => (await import('node-hid')).default;

/** The kernel gives a device's report descriptor beside its hidraw node; node-hid does not. */
const descriptorOf = (path: string): Promise<Uint8Array> =>
  readFile(`/sys/class/hidraw/${basename(path)}/device/report_descriptor`);

/** The system's own HID devices, through hidraw. Needs the udev rule of docs/barcode.md. */
export const nodeHid: HidTransport = {
  list: async () => {
    const { devicesAsync } = await load();
    const found = await devicesAsync();
    return found.flatMap(({ path, vendorId, productId, serialNumber, usagePage, usage }) =>
      path === undefined ? [] : [{ path, vendorId, productId, serial: serialNumber, usagePage, usage }],
    );
  },
  open: async (path, events) => {
    const hid = await load();
    const descriptor = await descriptorOf(path);
    const device: HIDAsync = await hid.HIDAsync.open(path);
    let over = false;
    const gone = (reason: string) => {
      if (over) return;
      over = true;
      events.gone(reason);
    };
    device.on('data', (report: Uint8Array) => {
      if (!over) events.report(Uint8Array.from(report));
    });
    device.on('error', () => {
      gone('unplugged');
      // a device that is gone has nothing left to close
      device.close().catch(() => undefined);
    });
    return {
      descriptor,
      write: async (report) => void (await device.write([...report])),
      close: async () => {
        if (over) return;
        over = true;
        await device.close();
      },
    };
  },
};
