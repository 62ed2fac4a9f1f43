import { readdirSync, readFileSync } from 'node:fs';

/** The process with the native PC/SC stack, below that terminal. */
export function readerProcess(terminal: number): number {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (parent === terminal && line.includes('pcsc/worker')) return Number(name);
    } catch {
      // a process that ended meanwhile
    }
  }
  throw new Error('the terminal has no reader process');
}
