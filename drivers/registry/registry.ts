import { type Clock, errorsOf } from '@jolly/contracts/values';
import type { Audio } from '../audio/index.ts';
import type { BarcodeReader } from '../barcode/index.ts';
import type { CardReader } from '../card/index.ts';
import type { Display } from '../display/index.ts';
import type { Keypad } from '../keypad/index.ts';
import type { Lights } from '../lights/index.ts';
import type { CardTerminal } from '../pos/index.ts';
import type { ReceiptPrinter } from '../printer/index.ts';
import type { DoorContact, PresenceSensor } from '../sensors/index.ts';
import type { WireContext } from '../transport/index.ts';
import type { PowerSupply } from '../ups/index.ts';

/** What a registry can make, by role. */
export interface DeviceKinds {
  readonly pos: CardTerminal;
  readonly printer: ReceiptPrinter;
  readonly barcode: BarcodeReader;
  readonly card: CardReader;
  readonly lights: Lights;
  readonly presence: PresenceSensor;
  readonly door: DoorContact;
  readonly ups: PowerSupply;
  readonly display: Display;
  readonly keypad: Keypad;
  readonly audio: Audio;
}
export type DeviceRole = keyof DeviceKinds;

export interface DriverContext {
  readonly clock: Clock;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
  /** Where wires tell what goes over them, masked (docs/wire-recorder.md). Drivers that carry a PIN never look at it. */
  readonly record?: WireContext['record'];
  /** For replays: makes the wire in place of the one that the URI names. */
  readonly dial?: WireContext['dial'];
}

/**
 * Turns a device URI into a driver; throws `DEVICE_URI_INVALID` for one whose settings are wrong or whose address is not of the
 * kind its protocol speaks over (`overWire`, `overWeb`).
 */
export type DriverFactory<Role extends DeviceRole> = (
  uri: DeviceUri,
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

/** Where a device is, whatever it speaks. */
export type DeviceUri = WireUri | WebUri | LocalUri;

interface AnyUri {
  readonly text: string;
  readonly protocol: string;
  readonly settings: URLSearchParams;
}

/** A device on a wire of its own: `ecr17+tcp://host:port?lrc=std`, `escpos+serial:///dev/ttyUSB0?baud=115200`. */
export interface WireUri extends AnyUri {
  readonly transport: 'tcp' | 'serial';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A device behind an address of the web: `nexo+https://host:8443/nexo`, `xfs4iot+ws://host:5846/xfs4iot/v1.0/Printer1`. */
export interface WebUri extends AnyUri {
  readonly transport: 'http' | 'https' | 'ws' | 'wss';
  /** Without the protocol before the `+` and without the settings. */
  readonly url: URL;
}

/** A device of this computer: `pcsc:ACR122` (a part of its name), `hid-pos:0c2e:0b61`, `gpio:gpiochip0/17?active=low`. */
export interface LocalUri extends AnyUri {
  readonly transport: 'local';
  /** What stands behind the colon, decoded; may be empty. */
  readonly path: string;
}

/** Reads a device URI. Throws `DEVICE_URI_INVALID`. */
export function parseDeviceUri(text: string): DeviceUri {
  const wire = /^([a-z0-9][a-z0-9-]*)\+(tcp|serial):\/\//.exec(text);
  if (wire)
    return parseWire(text, wire[1] as string, wire[2] as 'tcp' | 'serial', text.slice(wire[0].length));
  const web = /^([a-z0-9][a-z0-9-]*)\+(https?|wss?):\/\//.exec(text);
  if (web) {
    const url = urlOf(text, text.slice((web[1] as string).length + 1));
    const settings = new URLSearchParams(url.search);
    url.search = '';
    return { text, protocol: web[1] as string, transport: web[2] as WebUri['transport'], url, settings };
  }
  // a reader of PC/SC may have a question mark in its name, and has no settings
  if (text.startsWith('pcsc:')) return parseLocal(text, 'pcsc', text.slice('pcsc:'.length), '');
  const local = /^([a-z0-9][a-z0-9-]*):(?!\/\/)([^?]*)(\?.*)?$/s.exec(text);
  if (local) return parseLocal(text, local[1] as string, local[2] as string, local[3] ?? '');
  throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
}

function urlOf(text: string, address: string): URL {
  try {
    return new URL(address);
  } catch (cause) {
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text }, { cause });
  }
}

function parseWire(text: string, protocol: string, transport: 'tcp' | 'serial', rest: string): WireUri {
  const url = urlOf(text, `http://${transport === 'tcp' ? '' : 'local'}${rest}`);
  if (transport === 'tcp' && (!url.hostname || !url.port))
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  if (transport === 'serial' && url.pathname === '/')
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  return {
    text,
    protocol,
    transport,
    host: transport === 'tcp' ? url.hostname : '',
    port: transport === 'tcp' ? Number(url.port) : 0,
    path: decodeURIComponent(transport === 'serial' ? url.pathname : url.pathname.replace(/^\//, '')),
    settings: url.searchParams,
  };
}

/** Names of devices are short (128 bytes in pcsc-lite) and have no control characters. */
function parseLocal(text: string, protocol: string, rest: string, query: string): LocalUri {
  let path: string;
  try {
    path = decodeURIComponent(rest);
  } catch (cause) {
    throw deviceUriError('DEVICE_URI_INVALID', { uri: text }, { cause });
  }
  if (path.length > 128 || /\p{Cc}/u.test(path)) throw deviceUriError('DEVICE_URI_INVALID', { uri: text });
  return { text, protocol, transport: 'local', path, settings: new URLSearchParams(query) };
}

/** The same URI, known to name a wire. Throws `DEVICE_URI_INVALID` for any other. */
export function overWire(uri: DeviceUri): WireUri {
  if (uri.transport !== 'tcp' && uri.transport !== 'serial')
    throw deviceUriError('DEVICE_URI_INVALID', { uri: uri.text });
  return uri;
}

/** The same URI, known to name an address of the web. Throws `DEVICE_URI_INVALID` for any other. */
export function overWeb(uri: DeviceUri): WebUri {
  if (!('url' in uri)) throw deviceUriError('DEVICE_URI_INVALID', { uri: uri.text });
  return uri;
}

/** The same URI, known to name a device of this computer. Throws `DEVICE_URI_INVALID` for any other. */
export function onThisComputer(uri: DeviceUri): LocalUri {
  if (uri.transport !== 'local') throw deviceUriError('DEVICE_URI_INVALID', { uri: uri.text });
  return uri;
}

/** A table of factories by role and protocol. Adding a device is adding a row. */
export class DeviceRegistry {
  readonly #factories = new Map<string, DriverFactory<DeviceRole>>();

  register<Role extends DeviceRole>(role: Role, protocol: string, factory: DriverFactory<Role>): this {
    // Kept under its role: `create` gives it nothing but URIs of that role.
    this.#factories.set(`${role} ${protocol}`, factory as DriverFactory<DeviceRole>);
    return this;
  }

  create<Role extends DeviceRole>(role: Role, text: string, context: DriverContext): DeviceKinds[Role] {
    const { uri, factory } = this.#find(role, text);
    return factory(uri, context) as DeviceKinds[Role];
  }

  /** The URI, read; nothing is made. Throws what `create` would throw of it. */
  find(role: DeviceRole, text: string): DeviceUri {
    return this.#find(role, text).uri;
  }

  #find(role: DeviceRole, text: string): { uri: DeviceUri; factory: DriverFactory<DeviceRole> } {
    const uri = parseDeviceUri(text);
    const factory = this.#factories.get(`${role} ${uri.protocol}`);
    if (!factory) throw deviceUriError('DEVICE_URI_UNKNOWN', { uri: text, role });
    return { uri, factory };
  }
}
