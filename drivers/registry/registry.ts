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

/**
 * Turns a device URI into a driver; throws `DEVICE_URI_INVALID` for one whose settings are wrong. Only a card reader may be at
 * the end of something else than a wire.
 */
export type DriverFactory<Role extends DeviceRole> = (
  uri: Role extends 'card' ? DeviceUri : WireUri,
  context: DriverContext,
) => DeviceKinds[Role];

export const deviceUriError = errorsOf({
  DEVICE_URI_INVALID: {
    cause: 'the device URI cannot be read',
    retry: 'no',
    cure: 'write protocol+transport://address, e.g. ecr17+tcp://192.168.1.40:10000?lrc=std, or pcsc:<part of the reader’s name>',
  },
  DEVICE_URI_UNKNOWN: {
    cause: 'no driver speaks this protocol for this role',
    retry: 'no',
    cure: 'see docs/devices.md for the protocols of each role',
  },
});

/**
 * `ecr17+tcp://host:port?lrc=std`, `escpos+serial:///dev/ttyUSB0?baud=115200` or `pcsc:ACR122`, taken apart. For `pcsc`, `path` is
 * a part of the reader's name, in any case; empty: any reader.
 */
export interface DeviceUri {
  readonly text: string;
  readonly protocol: string;
  readonly transport: 'tcp' | 'serial' | 'pcsc';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly settings: URLSearchParams;
}

/** A device on a wire of its own. */
export interface WireUri extends DeviceUri {
  readonly transport: 'tcp' | 'serial';
}

export function parseDeviceUri(text: string): WireUri | (DeviceUri & { readonly transport: 'pcsc' }) {
  if (text.startsWith('pcsc:')) return parsePcscUri(text);
  const match = /^([a-z0-9][a-z0-9-]*)\+(tcp|serial):\/\//.exec(text);
  if (!match) throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  let url: URL;
  try {
    url = new URL(`http://${match[2] === 'tcp' ? '' : 'local'}${text.slice(match[0].length)}`);
  } catch (cause) {
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text }, { cause });
  }
  const transport = match[2] as 'tcp' | 'serial';
  if (transport === 'tcp' && (!url.hostname || !url.port))
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  if (transport === 'serial' && url.pathname === '/')
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
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

/** Names of readers are short (128 bytes in pcsc-lite) and have no control characters. */
function parsePcscUri(text: string): DeviceUri & { readonly transport: 'pcsc' } {
  let path: string;
  try {
    path = decodeURIComponent(text.slice('pcsc:'.length));
  } catch (cause) {
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text }, { cause });
  }
  if (path.length > 128 || /\p{Cc}/u.test(path)) throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  return {
    text,
    protocol: 'pcsc',
    transport: 'pcsc',
    host: '',
    port: 0,
    path,
    settings: new URLSearchParams(),
  };
}

/** A table of factories by role and protocol. Adding a device is adding a row. */
export class DeviceRegistry {
  readonly #factories = new Map<string, DriverFactory<DeviceRole>>();

  register<Role extends DeviceRole>(role: Role, protocol: string, factory: DriverFactory<Role>): this {
    if (protocol === 'pcsc' && role !== 'card') throw new RangeError(`no ${role} is reached over PC/SC`);
    // Kept under its role: `create` gives it nothing but URIs of that role, and `pcsc` is no protocol of a wire.
    this.#factories.set(`${role} ${protocol}`, factory as DriverFactory<DeviceRole>);
    return this;
  }

  create<Role extends DeviceRole>(role: Role, text: string, context: DriverContext): DeviceKinds[Role] {
    const uri = parseDeviceUri(text);
    const factory = this.#factories.get(`${role} ${uri.protocol}`);
    if (!factory) throw deviceUriError('DEVICE_URI_UNKNOWN', { uri: text, role });
    return factory(uri, context) as DeviceKinds[Role];
  }
}
