import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Set for a run that has network and mounts of its own. */
const MARK = 'JOLLY_PCSC_NAMESPACES';
const UNSHARE = '/usr/bin/unshare';

/**
 * vpcd writes length and body apart and waits for an acknowledgement in between, which Linux holds back for 40 ms: acknowledged at
 * once, a command takes 2 ms instead of 45.
 */
const quick = ['127.0.0.0/8', '127.0.0.1']
  .map(
    (to) => `ip route change local ${to} dev lo table local proto kernel scope host src 127.0.0.1 quickack 1`,
  )
  .join(' && ');
/**
 * vpcd listens on all interfaces and pcscd has one fixed socket: the run gets a network with nothing but a loopback, and a
 * `/run` of its own. Whoever speaks to that pcscd (driver, emulator, opensc-tool) has to be a child of this run.
 */
const setUp = (wire: Wire) =>
  `ip link set lo up && mount -t tmpfs tmpfs /run ${wire === 'quick' ? `&& { ${quick} || true; }` : ''} && exec "$@"`;

/** `installed`: as vpcd comes, for who measures it. */
export type Wire = 'quick' | 'installed';

const around = (flags: readonly string[], wire: Wire, ...command: readonly string[]) => [
  ...flags,
  ...['--', 'sh', '-c', setUp(wire), 'sh'],
  ...command,
];

export const inNamespaces = (): boolean => process.env[MARK] === '1';

/**
 * Runs this same command again, with `more`, inside namespaces of its own and gives its exit status; undefined where the machine does not
 * allow it (no root and no user namespaces, or a container that forbids them).
 */
export async function runAgainInNamespaces(
  wire: Wire,
  ...more: readonly string[]
): Promise<number | undefined> {
  if (process.platform !== 'linux' || !existsSync(UNSHARE)) return undefined;
  const isRoot = process.getuid?.() === 0;
  const walls = ['-n', '-m', ...(isRoot ? [] : ['-U', '-r'])];
  // With processes of its own nothing is left over, however the run ends.
  const flags = [[...walls, '-p', '-f', '--mount-proc', '--kill-child'], walls].find(
    (tried) => spawnSync(UNSHARE, around(tried, wire, 'true'), { stdio: 'ignore' }).status === 0,
  );
  if (flags === undefined) return undefined;
  const again = spawn(
    UNSHARE,
    around(flags, wire, process.execPath, ...process.execArgv, ...process.argv.slice(1), ...more),
    { stdio: 'inherit', env: { ...process.env, [MARK]: '1' } },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => again.kill('SIGKILL'));
  return new Promise((resolve) => again.once('exit', (status) => resolve(status ?? 1)));
}
