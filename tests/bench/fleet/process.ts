import { readFileSync } from 'node:fs';

/** Ticks of `/proc`: 100 a second on every Linux this runs on. */
const TICKS = 100;

/** What a process has of the machine now. */
export interface Use {
  readonly rssMb: number;
  readonly cpuSeconds: number;
  readonly at: number;
}

export function useOf(pid: number): Use {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rss = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // behind the name, which may have anything in it
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { rssMb: rss / 1024, cpuSeconds: ticks / TICKS, at: performance.now() };
}

/** Share of one core between two looks: 1 is one whole core. */
export const coresBetween = (before: Use, after: Use): number =>
  (after.cpuSeconds - before.cpuSeconds) / ((after.at - before.at) / 1000);

/** Looks until the memory has not grown or shrunk by a hundredth for a while, or `limitMs` is over. */
export async function settled(pid: number, limitMs: number): Promise<Use> {
  const end = performance.now() + limitMs;
  let before = useOf(pid);
  for (;;) {
    await new Promise((next) => setTimeout(next, 1_000));
    const now = useOf(pid);
    if (Math.abs(now.rssMb - before.rssMb) < before.rssMb / 200 || performance.now() > end) return now;
    before = now;
  }
}
