import { parseArgs } from 'node:util';
import { provokeFaults } from './faults.ts';

/**
 * `npm test -- fleet-faults`: a fleet of real terminals' links in trouble. `--seed` repeats a run's faults as far as processes let
 * themselves be repeated; `--keep` leaves the files.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    terminals: { type: 'string', default: '200' },
    processes: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '40' },
    keep: { type: 'boolean', default: false },
  },
});
const note = (line: string) => process.stdout.write(`  ${line}\n`);
const seed = Number(values.seed);
note(`seed ${seed}`);
const { recorded, stored, commands, violations } = await provokeFaults({
  seed,
  terminals: Number(values.terminals),
  processes: Number(values.processes),
  faultSeconds: Number(values.seconds),
  settleSeconds: 45,
  keep: values.keep,
  note,
});
note(
  `${recorded} events recorded, ${stored} stored; commands: ${JSON.stringify(Object.fromEntries(commands))}`,
);
note(`${violations.length} violations`);
for (const violation of violations.slice(0, 40)) note(`  ${violation}`);
process.exit(violations.length === 0 ? 0 : 1);
