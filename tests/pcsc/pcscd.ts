import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inNamespaces } from './namespaces.ts';

export const PCSCD = '/usr/sbin/pcscd';
export const VPCD_DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const SOCKET = '/run/pcscd/pcscd.comm';

/** Ports of the virtual reader's two slots: cards connect here (cie-card.md 11). */
export const VPCD_PORTS = [35_963, 35_964] as const;
export const VPCD_READERS = ['Virtual PCD 00 00', 'Virtual PCD 00 01'] as const;

export interface Pcscd {
  readonly pid: number;
  /** SIGKILL by default: the service is gone from one moment to the next. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const readerConfig = `FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x8C7B
LIBPATH ${VPCD_DRIVER}
CHANNELID 0x8C7B
`;

/** The daemon in the foreground, with the virtual reader or with none at all; resolves when clients and cards can connect. */
export async function startPcscd(options: { readonly reader?: boolean } = {}): Promise<Pcscd> {
  const reader = options.reader ?? true;
  const folder = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-pcscd-'));
  const config = join(folder, 'reader.conf');
  writeFileSync(config, reader ? readerConfig : '');
  // A socket left behind by a killed one must not be taken for the new one's.
  rmSync(SOCKET, { force: true });
  rmSync('/run/pcscd/pcscd.pid', { force: true });
  const child: ChildProcess = spawn(PCSCD, ['--foreground', '--error', '--config', config], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  let over = false;
  const exited = new Promise<void>((resolve) => {
    const finish = () => {
      over = true;
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (!over) child.kill(signal);
    await exited;
  };
  const end = performance.now() + 10_000;
  while (!existsSync(SOCKET) || (reader && !(await listens(VPCD_PORTS[1])))) {
    if (over || performance.now() > end) {
      await stop();
      throw new Error('pcscd did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { pid: child.pid as number, stop };
}

/** Asks the table of sockets: a connection would be a card laid and taken. */
async function listens(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (!existsSync(table)) continue;
    const rows = (await readFile(table, 'latin1')).split('\n');
    if (rows.some((row) => new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex} \\S+ 0A`).test(row))) return true;
  }
  return false;
}

/** True when somebody answers on pcscd's socket: an own daemon could not start beside it. */
export function pcscdRuns(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(SOCKET);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
