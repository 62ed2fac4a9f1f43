import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of the tests' own: a scratch folder and a socket in it, no port, no system cluster touched. */
export interface Cluster {
  /** Address of its maintenance database. */
  readonly url: string;
  /** Starts it again after `kill` or `stop`. */
  start(): Promise<void>;
  /** As a power cut or the OOM killer would. */
  kill(): Promise<void>;
  /** In order: connections are ended. */
  stop(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';
const MEMORY = '/dev/shm';
const PREFIX = 'jolly-postgres-';

/** Folder with the programs of the newest PostgreSQL here; undefined without one. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Number.isFinite) : [];
  const folders = versions
    .sort((one, other) => other - one)
    .map((version) => join(DEBIAN, `${version}`, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * Makes a cluster and starts it. It ends with the process that made it, also when that is killed; the folder then stays and the next
 * one removes it. `durable`: with fsync, for tests of what a crash leaves.
 */
export async function makeCluster({ durable = false } = {}): Promise<Cluster> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('no PostgreSQL here (apt-get install postgresql)');
  removeLeftBehind();
  const folder = mkdtempSync(join(durable ? tmpdir() : quick(), `${PREFIX}${process.pid}-`));
  // PostgreSQL does not run as root
  const other = userInfo().uid === 0 ? userOf('postgres') : undefined;
  if (other) chownSync(folder, other.uid, other.gid);
  const as = other ? ['--reuid', `${other.uid}`, '--regid', `${other.gid}`, '--clear-groups'] : [];
  const data = join(folder, 'data');
  execFileSync(
    'setpriv',
    [
      ...as,
      join(programs, 'initdb'),
      '-D',
      data,
      '-U',
      'jolly',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder },
  );
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: 200,
    shared_buffers: '64MB',
    autovacuum: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const url = `postgres://jolly@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const logFile = join(folder, 'log');
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  };
  const start = async () => {
    const log = openSync(logFile, 'a', 0o600);
    child = spawn(
      'setpriv',
      [...as, '--pdeathsig', 'INT', join(programs, 'postgres'), '-D', data].concat(
        Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ),
      { stdio: ['ignore', 'ignore', log], cwd: folder },
    );
    closeSync(log);
    let failed: Error | undefined;
    child.once('error', (error) => {
      failed = error;
    });
    for (let tries = 0; tries < 300; tries++) {
      if (failed) throw failed;
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended:\n${readFileSync(logFile, 'utf8')}`);
      if (await answers(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL did not start');
  };
  const atExit = () => {
    child?.kill('SIGQUIT');
  };
  process.on('exit', atExit);
  await start();
  return {
    url,
    start,
    kill: () => end('SIGQUIT'),
    stop: () => end('SIGINT'),
    async remove() {
      process.off('exit', atExit);
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // it may end the connection while it starts: that is no answer
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    return !(error instanceof Error);
  }
}

function userOf(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`no user ${name}`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Memory where there is enough of it: a database is some hundred files. */
function quick(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2 * 1024 ** 3 ? MEMORY : tmpdir();
}

/** Folders of clusters whose maker was killed. */
function removeLeftBehind(): void {
  const found = [tmpdir(), MEMORY]
    .filter(existsSync)
    .flatMap((place) => readdirSync(place).map((name) => ({ place, name })));
  for (const { place, name } of found) {
    const maker = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined;
    if (maker === undefined || existsSync(`/proc/${maker}`)) continue;
    const folder = join(place, name);
    // its postmaster may still be ending
    if (!existsSync(join(folder, 'data', 'postmaster.pid'))) rmSync(folder, { recursive: true, force: true });
  }
}
