import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';

/** Copies a SQLite store while a server writes to it: what was committed when it began is in it. */
export async function copySqlite(file: string, to: string): Promise<void> {
  const sqlite = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    await sqlite.backup(to);
  } finally {
    sqlite.close();
  }
  // the copy stands alone: without the file of its log beside it
  const copy = new SqliteDatabase(to);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/** What SQLite itself finds wrong with a file; nothing where it is sound. */
export function sqliteFaults(file: string): readonly string[] {
  const sqlite = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    const integrity = sqlite.pragma('integrity_check') as { integrity_check: string }[];
    const references = sqlite.pragma('foreign_key_check') as { table: string }[];
    return [
      ...integrity.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
      ...references.map(({ table }) => `a row of ${table} refers to nothing`),
    ];
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) return [error.message];
    throw error;
  } finally {
    sqlite.close();
  }
}

/** Whether another process has the store open: only who is alone with it may take its log away. */
export function sqliteInUse(file: string): boolean {
  if (!existsSync(file)) return false;
  const sqlite = new SqliteDatabase(file, { timeout: 200 });
  try {
    sqlite.pragma('journal_mode = DELETE');
    return false;
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    throw error;
  } finally {
    sqlite.close();
  }
}
