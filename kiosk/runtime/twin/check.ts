import { DEVICE_ROLES, type DeviceRole, TerminalSettings } from '@jolly/contracts/twin';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { DeviceRegistry, DriverContext } from '@jolly/drivers/registry';
import type { z } from 'zod';
import { RuntimeConfig } from '../config/index.ts';
import { applied, type Fault } from './applied.ts';

const MOST_FAULTS = 50;
/** A terminal without these is none. */
const NEEDED: readonly DeviceRole[] = ['pos', 'printer', 'barcode'];
/** How long a device that is not known yet may take to answer. */
const PROBE_MS = 15_000;
const LOOK_MS = 250;

/** Tries a device that the settings bring; a fault in words, or nothing. */
export type Probe = (role: DeviceRole, uri: string) => Promise<string | undefined>;

export type Checked =
  | { readonly ok: true; readonly settings: TerminalSettings; readonly config: RuntimeConfig }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Everything that is wrong with settings, before anything is changed. `running`: what holds just now. */
export async function checkSettings(
  raw: unknown,
  own: RuntimeConfig,
  running: RuntimeConfig,
  registry: DeviceRegistry,
  probe: Probe,
): Promise<Checked> {
  const parsed = TerminalSettings.safeParse(raw);
  if (!parsed.success) return refused(issuesOf(parsed.error));
  const settings = parsed.data;
  const faults: Fault[] = [...hoursFaults(settings), ...wordsFaults(settings)];
  const bad = new Set<string>();
  for (const role of DEVICE_ROLES) {
    const fault = uriFault(role, settings.devices?.[role], registry);
    if (fault === undefined) continue;
    bad.add(role);
    faults.push({ path: `devices.${role}`, message: fault });
  }
  const config = RuntimeConfig.safeParse(applied(own, settings));
  if (!config.success) {
    const seen = new Set(faults.map(({ path }) => path));
    faults.push(...issuesOf(config.error).filter(({ path }) => !seen.has(path)));
  }
  if (faults.length > 0 || !config.success) return refused(faults);
  for (const role of DEVICE_ROLES) {
    const uri = config.data.devices[role];
    if (uri === undefined || uri === running.devices[role] || sharesWire(uri, running)) continue;
    const fault = await probe(role, uri);
    if (fault !== undefined) faults.push({ path: `devices.${role}`, message: fault });
  }
  return faults.length > 0 ? refused(faults) : { ok: true, settings, config: config.data };
}

const refused = (faults: readonly Fault[]): Checked => ({
  ok: false,
  faults: faults
    .slice(0, MOST_FAULTS)
    .map(({ path, message }) => ({ path: path.slice(0, 200), message: message.slice(0, 300) })),
});

const issuesOf = (error: z.ZodError): Fault[] =>
  error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));

function uriFault(role: DeviceRole, uri: string | undefined, registry: DeviceRegistry): string | undefined {
  if (uri === undefined) return undefined;
  if (uri === '') return NEEDED.includes(role) ? 'a terminal cannot be without it' : undefined;
  try {
    registry.find(role, uri);
    return undefined;
  } catch (error) {
    if (!isJollyError(error)) throw error;
    return `${error.code}: ${error.entry.cause}`;
  }
}

function hoursFaults({ openingHours }: TerminalSettings): Fault[] {
  if (!openingHours) return [];
  const faults = Object.entries(openingHours).flatMap(([day, span]) =>
    span && span[0] === span[1]
      ? [{ path: `openingHours.${day}`, message: 'begins and ends at the same hour' }]
      : [],
  );
  const days = Object.values(openingHours);
  if (days.length === 7 && days.every((span) => span === null))
    faults.push({ path: 'openingHours', message: 'no day is open' });
  return faults;
}

function wordsFaults({ attract, languages }: TerminalSettings): Fault[] {
  const faults: Fault[] = [];
  if (attract?.text && !attract.title)
    faults.push({ path: 'attract.title', message: 'a text needs a title' });
  if (languages && !languages.includes('it'))
    faults.push({ path: 'languages', message: 'it is missing, in which every session begins' });
  if (languages && new Set(languages).size < languages.length)
    faults.push({ path: 'languages', message: 'one is there twice' });
  return faults;
}

/** Where a device is reached, without how it is spoken to. */
const wireOf = (uri: string): string => uri.replace(/^[a-z0-9.-]+\+/i, '').replace(/\?.*$/, '');

/** A second driver on a wire in use would disturb the first: such a change is tried by the next start. */
const sharesWire = (uri: string, running: RuntimeConfig): boolean =>
  Object.values(running.devices).some((used) => used !== undefined && wireOf(used) === wireOf(uri));

const WORKS: ReadonlySet<string> = new Set([
  'ready',
  'busy',
  'degraded',
  'out-of-paper',
  'cover-open',
  'jam',
]);

/** Opens a device beside those that run and waits until it says how it is; then lets it go. Nothing is done with it. */
export function probeDevice(registry: DeviceRegistry, clock: Clock): Probe {
  return async (role, uri) => {
    const context: DriverContext = { clock, log: () => undefined };
    const device = registry.create(role, uri, context);
    try {
      const deadline = clock.monotonic() + PROBE_MS;
      for (;;) {
        const { state, reasons } = device.health();
        if (WORKS.has(state)) return undefined;
        if (clock.monotonic() >= deadline) return `does not answer: ${[state, ...reasons].join(', ')}`;
        await new Promise<void>((resolve) => {
          clock.after(LOOK_MS, resolve);
        });
      }
    } finally {
      await device.close();
    }
  };
}
