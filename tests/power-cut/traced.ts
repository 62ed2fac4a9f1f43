import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lane } from './lane.ts';
import type { Protocol } from './protocols.ts';
import { judgeTrace, readTrace, type TraceEnds, type TraceVerdict } from './trace.ts';

const STRACE = ['/usr/bin/strace', '/usr/local/bin/strace'].find((path) => existsSync(path));

const CALLS = 'trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg';

const straced = (program: string, log: string): readonly string[] => [
  ...[program, '-f', '-yy', '-s', '400', '-e', CALLS, '-o', log],
];

export interface Traces {
  /** Journal before the card terminal and before the fleet server. */
  readonly terminal: TraceVerdict;
  /** The server's store before the pagoPA node. */
  readonly server: TraceVerdict;
}

/** One payment, terminal and fleet server under strace; undefined where there is no strace and nobody insists. */
export async function tracePayment(
  protocol: Protocol,
  note: (line: string) => void,
): Promise<Traces | undefined> {
  if (!STRACE) {
    if (process.env.JOLLY_REQUIRE_TOOLS === '1')
      throw new Error('strace is absent, and JOLLY_REQUIRE_TOOLS=1');
    note('SKIPPED the system-call trace: strace is absent (apt install strace)');
    return undefined;
  }
  const lane = new Lane(protocol);
  const logs = { terminal: join(lane.dir, 'strace.log'), server: join(lane.dir, 'strace-server.log') };
  try {
    await lane.start(straced(STRACE, logs.server));
    const order = lane.order({ notice: await lane.newNotice() });
    await lane.run(order, undefined, [...straced(STRACE, logs.terminal), process.execPath]);
    await lane.endServer();
    const port = (text: string) => Number(/:(\d+)(?:[/?]|$)/.exec(text.replace(/^.*?:\/\//, ''))?.[1]);
    const judge = (log: string, ends: TraceEnds) => judgeTrace(readTrace(readFileSync(log, 'utf8'), ends));
    return {
      terminal: judge(logs.terminal, { posPort: port(order.pos), serverPort: port(order.serverUrl) }),
      server: judge(logs.server, { store: /fleet\.sqlite(-wal)?>/, serverPort: port(lane.nodeUrl) }),
    };
  } finally {
    await lane.endServer();
    await lane.stop();
  }
}
