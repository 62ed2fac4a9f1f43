import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** One line of Linux's table of mounts. */
export interface Mount {
  readonly at: string;
  readonly type: string;
  readonly device: string;
  readonly options: string;
}

/** `/proc/self/mountinfo`: `id parent major:minor root AT OPTIONS … - TYPE DEVICE …`; spaces are written `\040`. */
export function readMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ');
    const [type, device] = (after ?? '').split(' ');
    const [, , , , at, options] = before.split(' ');
    if (!at || !type || !device) return [];
    return [{ at: at.replaceAll('\\040', ' '), type, device, options: options ?? '' }];
  });
}

/** The mount that a path is on: the longest that contains it, of several at one place the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const inside = mount.at === '/' || path === mount.at || path.startsWith(`${mount.at}/`);
    if (inside && mount.at.length >= (found?.at.length ?? 0)) found = mount;
  }
  return found;
}

const IN_MEMORY = new Set(['tmpfs', 'ramfs', 'devtmpfs']);

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly system: string;
  /** Where the journal and everything else of this run was kept. */
  readonly disk: { readonly folder: string; readonly filesystem: string; readonly device: string };
  /** Others who used the processor meanwhile show here. */
  readonly loadAtStart: number;
}

/** Average number of tasks that wanted a processor in the last minute. */
export const load = (): number => Number((loadavg()[0] ?? 0).toFixed(2));

/** The facts beside the figures. Throws where the folder is in memory: a sync there says nothing. */
export function machineWith(folder: string): Machine {
  mkdirSync(folder, { recursive: true });
  const mounts = process.platform === 'linux' ? readMounts(readFileSync('/proc/self/mountinfo', 'utf8')) : [];
  const mount = mountOf(realpathSync(folder), mounts);
  if (mount && IN_MEMORY.has(mount.type)) {
    throw new Error(`${folder} is in memory (${mount.type}): give a folder of a real disk with --data`);
  }
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    disk: {
      folder,
      filesystem: mount ? `${mount.type} (${mount.options})` : 'unknown',
      device: mount?.device ?? 'unknown',
    },
    loadAtStart: load(),
  };
}
