import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS_FILE } from './memory.ts';

/** Removes what a terminal has written, once it is closed. `keep`: what must outlive even this. Throws the system's error. */
export function eraseData(dataDir: string, keep: (name: string) => boolean): void {
  // the memory of commands last: a power cut before leaves the order to wipe standing
  const names = readdirSync(dataDir).filter((name) => !keep(name));
  for (const name of names.toSorted((one, other) => Number(isOrder(one)) - Number(isOrder(other)))) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

const isOrder = (name: string): boolean => name === COMMANDS_FILE;
