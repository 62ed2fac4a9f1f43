import { type Clock, errorsOf } from '@jolly/contracts/values';
import type { BarcodeReader } from '../barcode/index.ts';
import type { CardReader } from '../card/index.ts';
import type { CardTerminal } from '../pos/index.ts';
import type { ReceiptPrinter } from '../printer/index.ts';

/** What a registry can make, by role. */
export interface DeviceKinds {
  readonly pos: CardTerminal;
  readonly printer: ReceiptPrinter;
  readonly barcode: BarcodeReader;
  readonly card: CardReader;
}
export type DeviceRole = keyof DeviceKinds;

export interface DriverContext {
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** Turns a device URI into a driver; throws `DEVICE_URI_INVALID` for one whose settings are wrong. */
export type DriverFactory<Role extends DeviceRole> = (
  uri: DeviceUri,
  context: DriverContext,
) => DeviceKinds[Role];

const fail = errorsOf({
  DEVICE_URI_INVALID: {
    cause: 'the device URI cannot be read',
    retry: 'no',
    cure: 'write protocol+transport://address, e.g. ecr17+tcp://192.168.1.40:10000?lrc=std',
  },
  DEVICE_URI_UNKNOWN: {
    cause: 'no driver speaks this protocol for this role',
    retry: 'no',
    cure: 'see docs/devices.md for the protocols of each role',
  },
});

/** `ecr17+tcp://host:port?lrc=std` or `escpos+serial:///dev/ttyUSB0?baud=115200`, taken apart. */
export interface DeviceUri {
  readonly text: string;
  readonly protocol: string;
  readonly transport: 'tcp' | 'serial';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly settings: URLSearchParams;
}

export function parseDeviceUri(text: string): DeviceUri {
  const match = /^([a-z0-9][a-z0-9-]*)\+(tcp|serial):\/\//.exec(text);
  if (!match) throw fail('DEVICE_URI_INVALID', { uri: text });
  let url: URL;
  try {
    url = new URL(`http://${match[2] === 'tcp' ? '' : 'local'}${text.slice(match[0].length)}`);
  } catch (cause) {
    throw fail('DEVICE_URI_INVALID', { uri: text }, { cause });
  }
  const transport = match[2] as 'tcp' | 'serial';
  if (transport === 'tcp' && (!url.hostname || !url.port)) throw fail('DEVICE_URI_INVALID', { uri: text });
  if (transport === 'serial' && url.pathname === '/') throw fail('DEVICE_URI_INVALID', { uri: text });
  return {
    text,
    protocol: match[1] as string,
    transport,
    host: transport === 'tcp' ? url.hostname : '',
    port: transport === 'tcp' ? Number(url.port) : 0,
    path: transport === 'serial' ? decodeURIComponent(url.pathname) : '',
    settings: url.searchParams,
  };
}

/** A table of factories by role and protocol. Adding a device is adding a row. */
export class DeviceRegistry {
  readonly #factories = new Map<string, DriverFactory<DeviceRole>>();

  register<Role extends DeviceRole>(role: Role, protocol: string, factory: DriverFactory<Role>): this {
    this.#factories.set(`${role} ${protocol}`, factory);
    return this;
  }

  create<Role extends DeviceRole>(role: Role, text: string, context: DriverContext): DeviceKinds[Role] {
    const uri = parseDeviceUri(text);
    const factory = this.#factories.get(`${role} ${uri.protocol}`);
    if (!factory) throw fail('DEVICE_URI_UNKNOWN', { uri: text, role });
    return factory(uri, context) as DeviceKinds[Role];
  }
}
