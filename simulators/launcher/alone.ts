import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The process that keeps this data folder, if it lives and is a launcher: a number may belong to another one by now. */
function keeperOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('simulators/launcher') ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Two starts on one data folder would share a journal and a ledger. Gives the process that was there first, or undefined and
 * keeps the folder until this process ends.
 */
export function keptBy(dataDir: string): number | undefined {
  const file = join(dataDir, 'launcher.pid');
  const keeper = keeperOf(file);
  if (keeper !== undefined && keeper !== process.pid) return keeper;
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  process.once('exit', () => rmSync(file, { force: true }));
  return undefined;
}
