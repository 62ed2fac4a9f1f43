import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { fail } from '../problems/index.ts';
import type { PostgresSettings } from './postgres-pool.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Debian keeps the programs of each version apart; the newest reads every older database. */
function programOf(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Number.isFinite) : [];
  const found = versions
    .sort((one, other) => other - one)
    .map((version) => join(DEBIAN, `${version}`, 'bin', name))
    .find(existsSync);
  return found ?? name;
}

/** The password never stands in the command line, which every process of the machine can see. */
function wayTo({ url, password }: PostgresSettings): {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
} {
  const bare = new URL(url);
  const secret = password ?? decodeURIComponent(bare.password);
  bare.password = '';
  return { url: bare.href, env: { ...process.env, ...(secret === '' ? {} : { PGPASSWORD: secret }) } };
}

function begin(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(programOf(program), [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString('utf8')).slice(-2_000);
  });
  const ended = new Promise<void>((done, failed) => {
    child.once('error', (cause) => failed(fail('POSTGRES_TOOL', { program }, { cause })));
    child.once('close', (code) =>
      code === 0 ? done() : failed(fail('POSTGRES_TOOL', { program }, { cause: new Error(said.trim()) })),
    );
  });
  return { child, ended };
}

/** Writes a dump of the database, as of one moment, while servers write to it. */
export async function dumpPostgres(settings: PostgresSettings, file: string): Promise<void> {
  const { url, env } = wayTo(settings);
  const dump = begin(
    'pg_dump',
    ['--format=custom', '--no-owner', '--no-privileges', '--schema=public', '--file', file, '--dbname', url],
    env,
  );
  dump.child.stdin.end();
  await dump.ended;
}

/** Puts a dump in place of all that the database holds, in one transaction: as it was, or wholly restored. */
export async function restorePostgres(settings: PostgresSettings, file: string): Promise<void> {
  const { url, env } = wayTo(settings);
  const text = begin('pg_restore', ['--no-owner', '--no-privileges', '--file=-', file], env);
  const run = begin(
    'psql',
    ['--no-psqlrc', '--quiet', '--single-transaction', '-v', 'ON_ERROR_STOP=1', url],
    env,
  );
  text.child.stdin.end();
  run.child.stdout.resume();
  // a dump of one schema makes it anew
  run.child.stdin.write('drop schema public cascade;\n');
  const fed = pipeline(text.child.stdout, run.child.stdin);
  const [restored, ran, all] = await Promise.allSettled([text.ended, run.ended, fed]);
  for (const each of [restored, ran, all]) if (each.status === 'rejected') throw each.reason;
}

/** Other sessions of servers on this database. */
export async function postgresInUse(settings: PostgresSettings): Promise<boolean> {
  const rows = await ask(
    settings,
    `select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'jolly-fleet' and pid <> pg_backend_pid()`,
  );
  return rows > 0;
}

/** Whether there is any table. */
export async function postgresHasTables(settings: PostgresSettings): Promise<boolean> {
  return (await ask(settings, `select 1 from pg_tables where schemaname = 'public' limit 1`)) > 0;
}

/** Runs `work` with an empty database beside this one, which is gone afterwards. The user needs CREATEDB. */
export async function withScratchPostgres<R>(
  settings: PostgresSettings,
  work: (scratch: PostgresSettings) => Promise<R>,
): Promise<R> {
  const name = `jolly_restore_test_${randomBytes(4).toString('hex')}`;
  await ask(settings, `create database ${name} template template0`);
  try {
    const url = new URL(settings.url);
    url.pathname = `/${name}`;
    return await work({ ...settings, url: url.href });
  } finally {
    await ask(settings, `drop database if exists ${name} with (force)`);
  }
}

/** How many rows a statement gives. */
async function ask({ url, password }: PostgresSettings, statement: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, ...(password === undefined ? {} : { password }) });
  try {
    await client.connect();
    return (await client.query(statement)).rows.length;
  } catch (cause) {
    throw fail('STORE_UNAVAILABLE', {}, { cause });
  } finally {
    await client.end();
  }
}
