import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Set for a run that has network and mounts of its own. */
const MARK = 'JOLLY_PCSC_NAMESPACES';
const UNSHARE = '/usr/bin/unshare';

/**
 * vpcd listens on all interfaces and pcscd has one fixed socket: the run gets a network with nothing but a loopback, and a
 * `/run` of its own. Whoever speaks to that pcscd (driver, emulator, opensc-tool) has to be a child of this run.
 */
const setUp = `ip link set lo up && mount -t tmpfs tmpfs /run && exec "$@"`;

export const inNamespaces = (): boolean => process.env[MARK] === '1';

/**
 * Runs this same command again inside namespaces of its own and gives its exit status; undefined where the machine does not
 * allow it (no root and no user namespaces, or a container that forbids them).
 */
export function runAgainInNamespaces(): number | undefined {
  const isRoot = process.getuid?.() === 0;
  const flags = ['-n', '-m', ...(isRoot ? [] : ['-U', '-r'])];
  if (process.platform !== 'linux' || !existsSync(UNSHARE)) return undefined;
  const inside = (...command: string[]) => [...flags, '--', 'sh', '-c', setUp, 'sh', ...command];
  if (spawnSync(UNSHARE, inside('true'), { stdio: 'ignore' }).status !== 0) return undefined;
  const again = spawnSync(UNSHARE, inside(process.execPath, ...process.execArgv, ...process.argv.slice(1)), {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  });
  return again.status ?? 1;
}
