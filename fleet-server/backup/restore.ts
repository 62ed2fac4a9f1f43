import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetAllLeases } from '../enrolment/index.ts';
import { fail } from '../problems/index.ts';
import {
  openPostgresStore,
  openSqliteStore,
  type PostgresSettings,
  postgresHasTables,
  postgresInUse,
  postgresOf,
  restorePostgres,
  SQLITE_FILE,
  type Store,
  sqliteFaults,
  sqliteInUse,
  withScratchPostgres,
} from '../store/index.ts';
import { skipSettingsNumbers } from '../twin/index.ts';
import { type Check, checkStore } from './checks.ts';
import { type BackupParts, sync } from './make.ts';
import { type Manifest, readBackup } from './manifest.ts';

export interface RestoreWishes {
  /** What is there may go. */
  readonly replace: boolean;
  /** The key under which it was made is lost: credentials will have to be set again. */
  readonly withoutKey: boolean;
}

async function readFitting(parts: BackupParts, folder: string, withoutKey: boolean): Promise<Manifest> {
  const manifest = await readBackup(folder, new Set(parts.migrations.map(({ name }) => name)));
  if ((manifest.store === 'postgres') !== (parts.config.store.url !== undefined)) {
    throw fail('BACKUP_OTHER_STORE', { store: manifest.store });
  }
  const ours = new Set(parts.keyring.ids());
  const [inForce = ''] = manifest.keys;
  if (!withoutKey && !ours.has(inForce)) throw fail('BACKUP_KEY_MISSING', { key: inForce });
  if (manifest.store === 'sqlite') {
    const faults = sqliteFaults(join(folder, manifest.file.name));
    if (faults.length > 0) throw fail('BACKUP_INVALID', { why: faults.slice(0, 5).join('; ') });
  }
  return manifest;
}

/** Terminals know leases and settings that were given since the backup, of which it knows nothing. */
async function comeBack({ clock }: BackupParts, store: Store): Promise<void> {
  try {
    await store.transaction(async (tx) => {
      await forgetAllLeases(tx);
      await skipSettingsNumbers(tx, clock.now());
    });
  } finally {
    await store.close();
  }
}

/** Puts a backup in place of the store of the settings. What was there is kept beside it (SQLite), or is gone (PostgreSQL). */
export async function restoreBackup(
  parts: BackupParts,
  folder: string,
  wishes: RestoreWishes,
): Promise<{ readonly manifest: Manifest; readonly aside?: string }> {
  const manifest = await readFitting(parts, folder, wishes.withoutKey);
  const file = join(folder, manifest.file.name);
  const postgres = postgresOf(parts.config.store);
  if (postgres) {
    if (await postgresInUse(postgres)) throw fail('STORE_IN_USE');
    if (!wishes.replace && (await postgresHasTables(postgres))) throw fail('STORE_NOT_EMPTY');
    await restorePostgres(postgres, file);
    await comeBack(parts, await openPostgresStore(postgres, parts.migrations));
    return { manifest };
  }
  const { dataDir } = parts.config;
  const live = join(dataDir, SQLITE_FILE);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (existsSync(live)) {
    if (!wishes.replace) throw fail('STORE_NOT_EMPTY');
    if (sqliteInUse(live)) throw fail('STORE_IN_USE');
  }
  const beside = `${live}.restoring`;
  copyFileSync(file, beside);
  sync(beside);
  const aside = existsSync(live) ? `${live}.before-restore-${parts.clock.now()}` : undefined;
  if (aside) renameSync(live, aside);
  // a log that belongs to the old file would be played into the new one
  for (const end of ['-wal', '-shm']) rmSync(live + end, { force: true });
  renameSync(beside, live);
  sync(dataDir);
  await comeBack(parts, await openSqliteStore(live, parts.migrations));
  return { manifest, ...(aside ? { aside } : {}) };
}

/** Restores a backup into a scratch place, brings its schema up to date and checks what can be checked of it. */
export async function testRestore(
  parts: BackupParts,
  folder: string,
  withoutKey: boolean,
): Promise<{ readonly manifest: Manifest; readonly checks: readonly Check[] }> {
  const manifest = await readFitting(parts, folder, withoutKey);
  const file = join(folder, manifest.file.name);
  const check = async (store: Store) => {
    try {
      return await checkStore(store, parts);
    } finally {
      await store.close();
    }
  };
  const postgres = postgresOf(parts.config.store);
  if (postgres) {
    const checks = await withScratchPostgres(postgres, async (scratch: PostgresSettings) => {
      await restorePostgres(scratch, file);
      return check(await openPostgresStore(scratch, parts.migrations));
    });
    return { manifest, checks };
  }
  const scratch = mkdtempSync(join(tmpdir(), 'jolly-restore-test-'));
  try {
    const copy = join(scratch, SQLITE_FILE);
    copyFileSync(file, copy);
    return { manifest, checks: await check(await openSqliteStore(copy, parts.migrations)) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
