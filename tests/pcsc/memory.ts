import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Whether a process has these bytes anywhere in memory it can write to. Needs the right to trace it. */
export function holds(pid: number, bytes: Uint8Array): boolean {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = Buffer.alloc(1 << 20);
  try {
    for (const row of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(row);
      if (!match) continue;
      const end = Number.parseInt(match[2] as string, 16);
      for (let at = Number.parseInt(match[1] as string, 16); at < end; at += chunk.length - bytes.length) {
        let read = 0;
        try {
          read = readSync(memory, chunk, 0, Math.min(chunk.length, end - at), at);
        } catch {
          // Reserved and never touched: nothing is there.
          break;
        }
        if (chunk.subarray(0, read).includes(bytes)) return true;
      }
    }
    return false;
  } finally {
    closeSync(memory);
  }
}
