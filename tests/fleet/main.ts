import { parseArgs } from 'node:util';
import { endWithSignals } from '@jolly/simulators/process';
import { provokeFaults } from './faults.ts';
import type { Findings } from './findings.ts';
import { killReplicas, missingTools } from './replicas.ts';

/**
 * `npm test -- fleet-faults`: real terminals' links in trouble at one server, then two servers of which one is killed. `--part` runs one
 * of them, `--seed` repeats a run's faults as far as processes let themselves be repeated, `--keep` leaves the files.
 */
const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    terminals: { type: 'string', default: '200' },
    processes: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '40' },
    keep: { type: 'boolean', default: false },
  },
});
const note = (line: string) => process.stdout.write(`  ${line}\n`);
const seed = Number(values.seed);
const { keep } = values;
let failed = false;
endWithSignals();

async function part(name: string, run: () => Promise<Findings>): Promise<void> {
  if (values.part !== undefined && values.part !== name) return;
  const begun = Date.now();
  note(`${name}, seed ${seed}`);
  const { recorded, stored, commands, violations } = await run();
  note(
    `${recorded} events recorded, ${stored} stored; commands ${JSON.stringify(Object.fromEntries(commands))}`,
  );
  note(`${violations.length} violations, ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  for (const violation of violations.slice(0, 40)) note(`  ${violation}`);
  failed ||= violations.length > 0;
}

await part('faults', () =>
  provokeFaults({
    ...{ seed, keep, note, settleSeconds: 180 },
    terminals: Number(values.terminals),
    processes: Number(values.processes),
    faultSeconds: Number(values.seconds),
  }),
);
const missing = missingTools();
if (missing === undefined)
  await part('replicas', () => killReplicas({ seed, keep, note, terminals: 50, settleSeconds: 90 }));
else {
  note(`replicas skipped: ${missing}`);
  failed ||= process.env.JOLLY_REQUIRE_TOOLS === '1';
}
process.exit(failed ? 1 : 0);
