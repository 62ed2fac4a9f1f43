import { mkdirSync } from 'node:fs';
import { isJollyError, systemClock } from '@jolly/contracts/values';
import { type AuditLog, openAudit } from '../audit/index.ts';
import type { ServerConfig } from '../config.ts';
import { FaultsFound } from '../problems/index.ts';
import { allMigrations } from '../schema.ts';
import { openKeyring } from '../sealing/index.ts';
import { readSettings } from '../settings.ts';
import { openStore, type Store } from '../store/index.ts';

export interface AdministrationIo {
  readonly print: (line: string) => void;
}

/** The server's store beside the server itself, which may be running. */
export interface Opened {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly audit: AuditLog;
  now(): number;
}

/** Opens what a settings file names, does `work`, closes it. Refusals are told in words; resolves to the exit status. */
export async function withServer(
  file: string,
  io: AdministrationIo,
  work: (opened: Opened) => Promise<number>,
): Promise<number> {
  try {
    const config = readSettings(file);
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    const store = await openStore(config, allMigrations);
    try {
      const audit = openAudit(store, systemClock, openKeyring(config.masterKeyFile));
      return await work({ config, store, audit, now: () => systemClock.now() });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof FaultsFound) {
      for (const fault of error.faults) io.print(`${error.code} ${fault.path}: ${fault.message}`);
      return 1;
    }
    if (isJollyError(error)) {
      io.print(`${error.message}${error.entry.cure ? `. ${error.entry.cure}` : ''}`);
      return 1;
    }
    throw error;
  }
}
