import { closeSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export { digitsNeedle, type Needle, searchMemory, wordsNeedle } from '../../memory/index.ts';

/** The last bytes of a file. */
function endOf(path: string): string {
  const size = statSync(path).size;
  const end = Buffer.alloc(Math.min(size, 16));
  const file = openSync(path, 'r');
  try {
    readSync(file, end, 0, end.length, size - end.length);
  } finally {
    closeSync(file);
  }
  return end.toString('latin1');
}

/** The last part of a snapshot (V8's heap profiler): names of things and what the texts say. */
const TEXTS = '\n"strings":[';

/**
 * A heap snapshot of a process that runs with `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=<folder>`: V8 collects all
 * garbage first, so what is in it is what is still held. Gives all texts of the heap and removes the file: the snapshot's own
 * millions of numbers, which count and place them, would hold any six digits by chance.
 */
export async function heapSnapshot(pid: number, folder: string): Promise<Buffer> {
  const mine = () =>
    readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot') && name.includes(`.${pid}.`));
  const before = new Set(mine());
  process.kill(pid, 'SIGUSR2');
  const file = await until(
    'the heap snapshot is written',
    async () => {
      const name = mine().find((each) => !before.has(each));
      const path = name && join(folder, name);
      // the file grows while it is written and ends with its closing braces
      return path && statSync(path).size > 1_000_000 && /\]\s*\}\s*$/.test(endOf(path)) ? path : undefined;
    },
    60_000,
  );
  const snapshot = readFileSync(file);
  rmSync(file);
  const texts = snapshot.lastIndexOf(TEXTS);
  if (texts < 0) throw new Error('a heap snapshot without texts');
  return snapshot.subarray(texts);
}
