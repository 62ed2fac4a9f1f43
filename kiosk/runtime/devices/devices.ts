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
import { ContainedBarcode, ContainedPos, ContainedPrinter, type Fault } from './contain.ts';
import { ContainedCard } from './contain-card.ts';

/** The terminal's devices, each behind its wall. */
export interface Devices {
  readonly pos: ContainedPos;
  readonly printer: ContainedPrinter;
  readonly barcode: ContainedBarcode;
  /** Absent where the terminal has no reader for citizens' cards by choice. */
  readonly card: ContainedCard | undefined;
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
): Devices {
  const context = (role: string): DriverContext => ({
    clock,
    log: (event, detail) => log(event, { role, ...detail }),
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
  const all = { pos, printer, barcode, ...(card ? { card } : {}) };
  return {
    ...all,
    card,
    reports: () =>
      (Object.entries(all) as [DeviceRole, DeviceKinds[DeviceRole]][]).map(([role, device]) => {
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

const WORKS: ReadonlySet<DeviceState> = new Set(['ready', 'busy', 'degraded']);

/** What the citizen is told at home because of devices; the desk says the same of reader and printer before it charges. */
export function deviceLimitations(
  devices: Pick<Devices, 'pos' | 'printer' | 'barcode' | 'card'>,
): readonly Limitation[] {
  const found: Limitation[] = [];
  if (!WORKS.has(devices.pos.health().state)) found.push('pos-unavailable');
  const printer = devices.printer.health().state;
  if (printer === 'out-of-paper') found.push('printer-paper-out');
  else if (!WORKS.has(printer)) found.push('printer-unavailable');
  if (!WORKS.has(devices.barcode.health().state)) found.push('barcode-unavailable');
  if (devices.card && !WORKS.has(devices.card.health().state)) found.push('card-unavailable');
  return found;
}
