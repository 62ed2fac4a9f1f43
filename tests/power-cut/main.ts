import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { dieTogether, endWithSignals } from '@jolly/simulators/process';
import { cutEveryByte } from './bytes.ts';
import { type CutReport, cutEveryWrite } from './in-process.ts';
import { type KillReport, killAgainAndAgain } from './kills.ts';
import { PROTOCOLS, type Protocol, protocolNamed } from './protocols.ts';
import { tracePayment } from './traced.ts';

/**
 * `npm run test:power-cut`: in process at every journal write of every outcome and through the conversation of every POS protocol,
 * then real SIGKILLs of runtime and server, then a system-call trace. `--part` runs one of them, `--protocol` one protocol;
 * `--quick` thins them out for a first look.
 */
const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    protocol: { type: 'string' },
    quick: { type: 'boolean', default: false },
    kills: { type: 'string', default: '300' },
    'server-kills': { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const quick = values.quick;
const protocols: readonly Protocol[] =
  values.protocol === undefined ? PROTOCOLS : [protocolNamed(values.protocol)];
const note = (line: string) => process.stdout.write(`  ${line}\n`);
const LANES = 2;

function tell(name: string, report: CutReport): number {
  note(`${name}: ${report.cuts} cuts, ${report.failures.length} violations`);
  for (const failure of report.failures.slice(0, 20)) note(`  ${JSON.stringify(failure)}`);
  return report.failures.length;
}

/** One row of kills a protocol, spread over the lanes: a terminal keeps its POS for as long as it has payments open. */
async function kills(): Promise<number> {
  const killed = protocols.filter((protocol) => protocol.process !== undefined);
  const share = Math.max(LANES, killed.length);
  const each = (text: string) => Math.ceil((quick ? Math.ceil(Number(text) / 10) : Number(text)) / share);
  const seed = Number(values.seed);
  const rows = Array.from({ length: share }, (_, row) => ({
    protocol: killed[row % killed.length],
    seed: seed + row,
  }));
  const reports: KillReport[] = [];
  const lane = async (number: number): Promise<void> => {
    for (let row = rows.shift(); row?.protocol; row = rows.shift()) {
      const { protocol, seed: own } = row;
      const report = await killAgainAndAgain({
        protocol,
        runtimeKills: each(values.kills),
        serverKills: each(values['server-kills']),
        seed: own,
        note: (line) => note(`lane ${number}, ${protocol.name}: ${line}`),
      });
      reports.push(report);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number + 1)));
  const sum = (pick: (report: KillReport) => number) =>
    reports.reduce((total, report) => total + pick(report), 0);
  const found = reports.flatMap(({ violations }) => violations);
  note(
    `real kills over ${killed.map(({ name }) => name).join(' and ')}: ${sum(({ runtimeKills }) => runtimeKills)} of the runtime, ` +
      `${sum(({ serverKills }) => serverKills)} of the server, ${sum(({ charges }) => charges)} charges, ` +
      `${found.length} violations (seed ${seed})`,
  );
  for (const violation of found.slice(0, 20)) note(`  ${JSON.stringify(violation)}`);
  return found.length;
}

async function bytes(): Promise<number> {
  let found = 0;
  for (const report of await cutEveryByte(quick ? 25 : 1, protocols))
    found += tell(`through ${report.protocol}, in process`, report);
  return found;
}

/** Fewer money acts than a payment has mean that the trace saw nothing. */
const ACTS = { terminal: 3, server: 2 } as const;

async function trace(): Promise<number> {
  let found = 0;
  for (const protocol of protocols) {
    if (!protocol.process) continue;
    const traces = await tracePayment(protocol, note);
    if (!traces) return 0;
    for (const who of ['terminal', 'server'] as const) {
      const { faults, ...counts } = traces[who];
      note(
        `${protocol.name}: system calls of the ${who}: ${JSON.stringify(counts)}, ${faults.length} faults`,
      );
      for (const fault of faults.slice(0, 20)) note(`  ${fault}`);
      found += faults.length + (counts.moneyActs < ACTS[who] ? 1 : 0);
    }
  }
  return found;
}

const parts: Readonly<Record<string, () => Promise<number>>> = {
  writes: async () => tell('every journal write, in process', await cutEveryWrite()),
  bytes,
  kills,
  trace,
};

/** A part in a process of its own: the in-process cuts keep one core busy while the kills use the other. */
function beside(part: string): Promise<number> {
  const args = [
    ...[import.meta.filename, '--part', part, ...(quick ? ['--quick'] : [])],
    ...(values.protocol === undefined ? [] : ['--protocol', values.protocol]),
  ];
  const child = dieTogether(spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' }));
  return new Promise((done) => child.once('close', (code) => done(code === 0 ? 0 : 1)));
}

async function all(): Promise<number> {
  const inProcess = beside('writes').then(async (first) => first + (await beside('bytes')));
  const real = await kills();
  return real + (await trace()) + (await inProcess);
}

endWithSignals();
const started = performance.now();
const one = values.part === undefined ? all : parts[values.part];
if (!one) throw new Error(`no part ${values.part}; there are ${Object.keys(parts).join(', ')}`);
const found = await one();
note(
  `${values.part ?? 'power-cut'}: ${found === 0 ? 'ok' : 'FAILED'} in ${Math.round((performance.now() - started) / 1000)} s`,
);
process.exit(found === 0 ? 0 : 1);
