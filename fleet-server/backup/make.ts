import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@jolly/contracts/values';
import type { ServerConfig } from '../config.ts';
import type { Keyring } from '../sealing/index.ts';
import {
  copySqlite,
  dumpPostgres,
  type NumberedMigration,
  openPostgres,
  openSqlite,
  postgresOf,
  SQLITE_FILE,
  stepsOf,
} from '../store/index.ts';
import { describeFile, MANIFEST, type Manifest } from './manifest.ts';

const NAMED = 'jolly-backup-';

export interface BackupParts {
  readonly config: ServerConfig;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly migrations: readonly NumberedMigration[];
  readonly software: string;
}

/**
 * Makes a backup in a folder of its own under `out`, while the server runs. It has its final name only when it is whole and on the
 * disk. Resolves with the folder.
 */
export async function makeBackup(
  parts: BackupParts,
  out: string,
): Promise<{ folder: string; manifest: Manifest }> {
  const { config, keyring, clock, migrations, software } = parts;
  const madeAt = new Date(clock.now()).toISOString();
  const folder = join(out, `${NAMED}${madeAt.replaceAll(/[:.]/g, '-')}`);
  const part = `${folder}.part`;
  mkdirSync(part, { recursive: true, mode: 0o700 });
  try {
    const postgres = postgresOf(config.store);
    const name = postgres ? 'fleet.dump' : SQLITE_FILE;
    const live = join(config.dataDir, SQLITE_FILE);
    if (postgres) await dumpPostgres(postgres, join(part, name));
    else await copySqlite(live, join(part, name));
    const db = postgres ? openPostgres(postgres) : openSqlite(join(part, name));
    const { taken } = await stepsOf(db, migrations).finally(() => db.destroy());
    const manifest: Manifest = {
      format: 1,
      madeAt,
      software,
      store: postgres ? 'postgres' : 'sqlite',
      schema: [...taken],
      keys: [...keyring.ids()],
      file: await describeFile(part, name),
    };
    writeFileSync(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    for (const each of [join(part, name), join(part, MANIFEST), part]) sync(each);
    renameSync(part, folder);
    sync(out);
    return { folder, manifest };
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

/** Removes all but the newest `keep` backups of a folder; resolves with the names of those. */
export function keepNewest(out: string, keep: number): readonly string[] {
  const all = readdirSync(out)
    .filter((name) => name.startsWith(NAMED) && !name.endsWith('.part'))
    .sort();
  const old = all.slice(0, Math.max(0, all.length - keep));
  for (const name of old) rmSync(join(out, name), { recursive: true });
  return old;
}

export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
