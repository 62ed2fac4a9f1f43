import type { DeviceReport } from '@jolly/contracts/fleet-api';
import type { Limitation } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { DeviceState } from '@jolly/drivers/health';
import {
  type DeviceKinds,
  type DeviceRegistry,
  type DeviceRole,
  type DriverContext,
  shownUri,
} from '@jolly/drivers/registry';
import type { RuntimeConfig } from '../config/index.ts';
import { type Contained, ContainedBarcode, ContainedPos, ContainedPrinter, type Fault } from './contain.ts';
import { ContainedAudio, ContainedKeypad } from './contain-aids.ts';
import {
  ContainedDisplay,
  ContainedDoor,
  ContainedLights,
  ContainedPresence,
  ContainedUps,
} from './contain-cabinet.ts';
import { ContainedCard } from './contain-card.ts';

/** The terminal's devices, each behind its wall. */
export interface Devices {
  readonly pos: ContainedPos;
  readonly printer: ContainedPrinter;
  readonly barcode: ContainedBarcode;
  /** Absent where the terminal has no reader for citizens' cards by choice. */
  readonly card: ContainedCard | undefined;
  /** What the cabinet has, each absent where the configuration does not name it. */
  readonly lights: ContainedLights | undefined;
  readonly presence: ContainedPresence | undefined;
  readonly door: ContainedDoor | undefined;
  readonly ups: ContainedUps | undefined;
  readonly display: ContainedDisplay | undefined;
  /** Absent where the cabinet has none by choice. */
  readonly keypad: ContainedKeypad | undefined;
  readonly audio: ContainedAudio | undefined;
  /** What the server is told; addresses on the local network only. */
  reports(): readonly DeviceReport[];
  onHealth(listener: () => void): () => void;
  close(): Promise<void>;
}

export type Log = (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;

/** Makes the drivers that the configuration names. Never throws: a URI nobody can drive is a device at fault. */
export function openDevices(
  config: Pick<RuntimeConfig, 'devices'>,
  registry: DeviceRegistry,
  clock: Clock,
  log: Log,
  record?: DriverContext['record'],
): Devices {
  const context = (role: string): DriverContext => ({
    clock,
    log: (event, detail) => log(event, { role, ...detail }),
    // a citizen's card speaks with its PIN: that wire has no way to a recording
    ...(role === 'card' ? {} : { record }),
  });
  const fault = (role: string) => (method: string, error: unknown) =>
    log('driver-fault', { role, method, error: error instanceof Error ? error.message : 'unknown' });
  const { devices: uris } = config;
  const pos = new ContainedPos(
    uris.pos,
    () => registry.create('pos', uris.pos, context('pos')),
    clock,
    fault('pos'),
  );
  const printer = new ContainedPrinter(
    uris.printer,
    () => registry.create('printer', uris.printer, context('printer')),
    clock,
    fault('printer'),
  );
  const barcode = new ContainedBarcode(
    uris.barcode,
    () => registry.create('barcode', uris.barcode, context('barcode')),
    clock,
    fault('barcode'),
  );
  const card =
    uris.card === undefined ? undefined : openCard(uris.card, registry, context('card'), fault('card'));
  const keypad =
    uris.keypad === undefined
      ? undefined
      : openKeypad(uris.keypad, registry, context('keypad'), fault('keypad'));
  const audio =
    uris.audio === undefined ? undefined : openAudio(uris.audio, registry, context('audio'), fault('audio'));
  const cabinet = openCabinet(uris, registry, context, fault);
  const present = Object.fromEntries(Object.entries(cabinet).filter(([, device]) => device !== undefined));
  const all: Partial<Record<DeviceRole, Contained<DeviceKinds[DeviceRole]>>> = {
    ...{ pos, printer, barcode },
    ...(card ? { card } : {}),
    ...(keypad ? { keypad } : {}),
    ...(audio ? { audio } : {}),
    ...present,
  };
  return {
    ...{ pos, printer, barcode },
    card,
    ...cabinet,
    keypad,
    audio,
    reports: () =>
      (Object.entries(all) as [DeviceRole, Contained<DeviceKinds[DeviceRole]>][]).map(([role, device]) => {
        const { state, reasons, since, counters } = device.health();
        const short = reasons.slice(0, 20).map((reason) => reason.slice(0, 40));
        return {
          role,
          uri: shownUri(device.uri).slice(0, 200),
          state,
          reasons: short,
          since,
          counters: { ...counters },
        };
      }),
    onHealth: (listener) => {
      const undo = Object.values(all).map((device) => device.onHealth(listener));
      return () => {
        for (const each of undo) each();
      };
    },
    close: async () => {
      await Promise.all(Object.values(all).map((device) => device.close()));
    },
  };
}

const openCard = (
  uri: string,
  registry: DeviceRegistry,
  context: DriverContext,
  fault: Fault,
): ContainedCard => new ContainedCard(uri, () => registry.create('card', uri, context), context.clock, fault);

/** The roles of the cabinet; one that is not configured is undefined. */
function openCabinet(
  uris: RuntimeConfig['devices'],
  registry: DeviceRegistry,
  context: (role: string) => DriverContext,
  fault: (role: string) => Fault,
) {
  const open = <Role extends 'lights' | 'presence' | 'door' | 'ups' | 'display', Wall>(
    role: Role,
    Made: new (uri: string, make: () => DeviceKinds[Role], clock: Clock, report: Fault) => Wall,
  ): Wall | undefined => {
    const uri = uris[role];
    if (uri === undefined) return undefined;
    return new Made(uri, () => registry.create(role, uri, context(role)), context(role).clock, fault(role));
  };
  return {
    lights: open('lights', ContainedLights),
    presence: open('presence', ContainedPresence),
    door: open('door', ContainedDoor),
    ups: open('ups', ContainedUps),
    display: open('display', ContainedDisplay),
  };
}
const openKeypad = (
  uri: string,
  registry: DeviceRegistry,
  context: DriverContext,
  fault: Fault,
): ContainedKeypad =>
  new ContainedKeypad(uri, () => registry.create('keypad', uri, context), context.clock, fault);

const openAudio = (
  uri: string,
  registry: DeviceRegistry,
  context: DriverContext,
  fault: Fault,
): ContainedAudio =>
  new ContainedAudio(uri, () => registry.create('audio', uri, context), context.clock, fault);

const WORKS: ReadonlySet<DeviceState> = new Set(['ready', 'busy', 'degraded']);

/** What the citizen is told at home because of devices; the desk says the same of reader and printer before it charges. */
export function deviceLimitations(
  devices: Pick<Devices, 'pos' | 'printer' | 'barcode' | 'card' | 'door'>,
): readonly Limitation[] {
  const found: Limitation[] = [];
  if (!WORKS.has(devices.pos.health().state)) found.push('pos-unavailable');
  const printer = devices.printer.health().state;
  if (printer === 'out-of-paper') found.push('printer-paper-out');
  else if (!WORKS.has(printer)) found.push('printer-unavailable');
  if (!WORKS.has(devices.barcode.health().state)) found.push('barcode-unavailable');
  if (devices.card && !WORKS.has(devices.card.health().state)) found.push('card-unavailable');
  if (devices.door?.door === 'open') found.push('door-open');
  return found;
}
