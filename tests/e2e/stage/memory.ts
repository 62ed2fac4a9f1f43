import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export { digitsNeedle, type Needle, searchMemory, wordsNeedle } from '../../memory/index.ts';

/**
 * A heap snapshot of a process that runs with `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=<folder>`: V8 collects all
 * garbage first, so what is in it is what is still held. Gives its text and removes the file.
 */
export async function heapSnapshot(pid: number, folder: string): Promise<string> {
  const mine = () =>
    existsSync(folder)
      ? readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot') && name.includes(`.${pid}.`))
      : [];
  const before = new Set(mine());
  process.kill(pid, 'SIGUSR2');
  const file = await until('the heap snapshot is written', async () => {
    const name = mine().find((each) => !before.has(each));
    if (name === undefined) return undefined;
    const path = join(folder, name);
    // the file grows while it is written and ends with its closing brace
    const size = statSync(path).size;
    return size > 1_000_000 && readFileSync(path, 'utf8').trimEnd().endsWith('}') ? path : undefined;
  });
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  return text;
}
