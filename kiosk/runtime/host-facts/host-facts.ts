import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, hostname, loadavg, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import type { Reported } from '@jolly/contracts/fleet-link';

type Host = Reported['host'];

/** Where the facts are read; another place in tests. */
export interface HostSources {
  readonly dataDir: string;
  readonly thermalDir: string;
  /** Files that tell this machine from another; the first that can be read are joined. */
  readonly identityFiles: readonly string[];
}

export const systemSources = (dataDir: string): HostSources => ({
  dataDir,
  thermalDir: '/sys/class/thermal',
  identityFiles: ['/etc/machine-id', '/sys/class/dmi/id/board_serial', '/sys/class/dmi/id/product_uuid'],
});

const MIB = 1024 * 1024;
/** Steps of what never stands still: a smaller change is no news. */
const STEP = { diskMb: 16, memoryMb: 16, load: 10, upMs: 60_000 } as const;

/** What cannot be read is left out. */
export function hostFacts(sources: HostSources, now: number): Host {
  const temperatureC = hottest(sources.thermalDir);
  return {
    ...diskOf(sources.dataDir),
    memoryFreeMb: stepped(freemem() / MIB, STEP.memoryMb),
    memoryTotalMb: Math.round(totalmem() / MIB),
    ...(temperatureC === undefined ? {} : { temperatureC }),
    load: Math.round((loadavg()[0] ?? 0) * STEP.load) / STEP.load,
    upSince: stepped(now - uptime() * 1000, STEP.upMs),
  };
}

/** Tells two machines apart, and says nothing about either. */
export function machineHash(sources: HostSources): string {
  const known = sources.identityFiles.map(readLine).filter((line) => line !== undefined);
  const text = known.length > 0 ? known.join('\n') : `host ${hostname()}`;
  return createHash('sha256').update(`jolly-machine-v1\n${text}`).digest('hex');
}

function diskOf(dir: string): Pick<Host, 'diskFreeMb' | 'diskTotalMb'> {
  try {
    const { bavail, blocks, bsize } = statfsSync(dir);
    return {
      diskFreeMb: stepped((bavail * bsize) / MIB, STEP.diskMb),
      diskTotalMb: Math.round((blocks * bsize) / MIB),
    };
  } catch (error) {
    if (!isOfTheSystem(error)) throw error;
    return {};
  }
}

/** The hottest zone that says something believable. */
function hottest(dir: string): number | undefined {
  let zones: readonly string[];
  try {
    zones = readdirSync(dir).filter((name) => name.startsWith('thermal_zone'));
  } catch (error) {
    if (!isOfTheSystem(error)) throw error;
    return undefined;
  }
  const degrees = zones
    .map((zone) => Number(readLine(join(dir, zone, 'temp')) ?? Number.NaN) / 1000)
    .filter((value) => value > -40 && value < 150);
  return degrees.length > 0 ? Math.round(Math.max(...degrees)) : undefined;
}

function readLine(path: string): string | undefined {
  try {
    const line = readFileSync(path, 'utf8').trim();
    return line === '' ? undefined : line;
  } catch (error) {
    if (!isOfTheSystem(error)) throw error;
    return undefined;
  }
}

const stepped = (value: number, step: number): number => Math.max(0, Math.floor(value / step) * step);
const isOfTheSystem = (error: unknown): boolean => error instanceof Error && 'code' in error;
