import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lane } from './lane.ts';
import { judgeTrace, readTrace, type TraceVerdict } from './trace.ts';

const STRACE = ['/usr/bin/strace', '/usr/local/bin/strace'].find((path) => existsSync(path));

/** One payment of the real child under strace; undefined where there is no strace and nobody insists. */
export async function tracePayment(note: (line: string) => void): Promise<TraceVerdict | undefined> {
  if (!STRACE) {
    if (process.env.JOLLY_REQUIRE_TOOLS === '1')
      throw new Error('strace is absent, and JOLLY_REQUIRE_TOOLS=1');
    note('SKIPPED the system-call trace: strace is absent (apt install strace)');
    return undefined;
  }
  const lane = new Lane();
  try {
    await lane.start();
    const order = lane.order({ notice: await lane.newNotice() });
    const log = join(lane.dir, 'strace.log');
    const calls = 'fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg';
    await lane.run(order, undefined, [
      STRACE,
      '-f',
      '-yy',
      '-s',
      '200',
      '-e',
      `trace=${calls}`,
      '-o',
      log,
      process.execPath,
    ]);
    const port = (text: string) => Number(/:(\d+)(?:[/?]|$)/.exec(text.replace(/^.*?:\/\//, ''))?.[1]);
    const ends = { posPort: port(order.pos), serverPort: port(order.serverUrl) };
    return judgeTrace(readTrace(readFileSync(log, 'utf8'), ends));
  } finally {
    await lane.stop();
  }
}
