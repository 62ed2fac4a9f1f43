/**
 * `node tests/bench/fleet/main.ts`: the fleet's part of `npm run bench` alone.
 *   --data FOLDER     as there
 *   --steps 100,1000  rows of the cost table
 *   --rate N          connections a second
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithSignals } from '@jolly/simulators/process';
import { findChromium } from '../first-screen.ts';
import { load, machineWith } from '../machine.ts';
import { benchFleet, FLEET_SIZES } from './index.ts';

endWithSignals();
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: resolve(import.meta.dirname, '../../../.jolly/bench') },
    steps: { type: 'string' },
    rate: { type: 'string' },
  },
});
const machine = machineWith(values.data);
const folder = join(values.data, 'fleet');
rmSync(folder, { recursive: true, force: true });
const fleet = await benchFleet({
  folder,
  chromium: findChromium(),
  sizes: {
    ...FLEET_SIZES,
    ...(values.steps ? { steps: values.steps.split(',').map(Number) } : {}),
    ...(values.rate ? { connectsPerSecond: Number(values.rate) } : {}),
  },
  note: (line) => void process.stderr.write(`bench: ${line}\n`),
});
process.stdout.write(`${JSON.stringify({ machine: { ...machine, loadAtEnd: load() }, fleet }, null, 2)}\n`);
