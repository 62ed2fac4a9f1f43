/**
 * `npm run bench`: what Jolly costs on this machine, as one JSON document on standard output; progress goes to standard error.
 *   --data FOLDER   where everything is kept meanwhile; must be on a real disk (default .jolly/bench)
 *   --fleet 100,1000  sizes of the fleet; up to 15,000 by default, which takes some ten minutes (CI takes the small ones)
 * A slow figure is no failure: the status is 0 unless something is broken. docs/measurements.md says what is in each figure.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type PosProtocol, startDemo } from '@jolly/simulators/launcher';
import { benchCards } from './cards.ts';
import { benchCodecs } from './codecs.ts';
import { control, NewNotice } from './control.ts';
import { benchFirstScreen, findChromium } from './first-screen.ts';
import { benchFleet, FLEET_SIZES } from './fleet/index.ts';
import { benchJournal } from './journal.ts';
import { load, machineWith } from './machine.ts';
import { benchPayments } from './payments.ts';
import { benchServer } from './server.ts';
import { benchSoap } from './soap.ts';
import { benchSpeech } from './speech.ts';
import { figureOf } from './statistics.ts';
import { benchZvtCodec } from './zvt.ts';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { data: { type: 'string', default: join(root, '.jolly/bench') }, fleet: { type: 'string' } },
});
const note = (line: string) => void process.stderr.write(`bench: ${line}\n`);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const at = new Date().toISOString();
  const machine = machineWith(values.data);
  // Each run starts from nothing; the folder itself may be the mount point of a disk.
  const folder = join(values.data, 'run');
  rmSync(folder, { recursive: true, force: true });
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
  if (built.status !== 0) throw new Error('the screens cannot be built');

  note('journal');
  const journal = benchJournal(join(folder, 'journal'), 1_000);
  note('codecs');
  const codecs = { ...benchCodecs(), ...benchZvtCodec(), 'soap verify, write and read': await benchSoap() };
  note("citizens' cards");
  const cards = await benchCards(join(folder, 'cards'));
  const running = await benchDemo(join(folder, 'demo'));
  const paymentsOver = {
    zvt: await benchPaymentsOver('zvt', join(folder, 'zvt')),
    nexo: await benchPaymentsOver('nexo', join(folder, 'nexo')),
  };
  const steps = values.fleet?.split(',').map(Number) ?? FLEET_SIZES.steps;
  note(`a fleet of ${steps.at(-1)}`);
  const fleet = await benchFleet({
    folder: join(folder, 'fleet'),
    chromium: findChromium(),
    sizes: { ...FLEET_SIZES, steps, plain: Math.min(FLEET_SIZES.plain, steps.at(-1) ?? 0) },
    note,
  });
  rmSync(folder, { recursive: true, force: true });

  const tookSeconds = Math.round((performance.now() - startedAt) / 1000);
  const document = {
    at,
    tookSeconds,
    machine: { ...machine, loadAtEnd: load() },
    figures: { ...running, paymentsOver, journal, codecs, cards, fleet },
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** The same payments with a card terminal of another protocol. */
async function benchPaymentsOver(pos: PosProtocol, dataDir: string) {
  note(`payments over ${pos}`);
  const demo = await startDemo({
    dataDir,
    pos,
    ports: { kiosk: 0, fleet: 0, panel: 0 },
    pace: { posMs: 0, nodeMs: 0 },
    printerSpeed: 2_000,
    note,
  });
  const stop = () => void demo.stop().then(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await benchPayments(demo, { n: 40, warmUp: 5, note });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await demo.stop();
  }
}

/** Everything that needs the whole of Jolly, with devices and node that take no time of their own. */
async function benchDemo(dataDir: string) {
  note('starting Jolly');
  const demo = await startDemo({
    dataDir,
    ports: { kiosk: 0, fleet: 0, panel: 0 },
    pace: { posMs: 0, nodeMs: 0 },
    printerSpeed: 2_000,
    note,
  });
  const stop = () => void demo.stop().then(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const terminalDir = join(dataDir, 'terminal');
    note('payments');
    const payments = await benchPayments(demo, { n: 60, warmUp: 5, note });
    note('fleet server');
    const { noticeNumber } = await control(`${demo.controls.node}/control/notices`, NewNotice, {});
    const server = await benchServer({ fleetUrl: demo.fleetUrl, dataDir, noticeNumber });
    const chromium = findChromium();
    note(chromium ? 'first screen' : 'no Chromium on this machine: the first screen is not measured');
    const firstScreen = chromium ? await benchFirstScreen(chromium, terminalDir, 7) : undefined;
    note('speech');
    const speech = chromium ? await benchSpeech(chromium, terminalDir, 6) : undefined;
    note('start of the runtime');
    const starts: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await demo.kiosk.powerCut();
      starts.push(performance.now() - start);
    }
    return { payments, firstScreen, speech, runtimeStart: figureOf(starts, 'ms'), server };
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await demo.stop();
  }
}

await main();
