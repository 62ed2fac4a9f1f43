/**
 * `npm run test:e2e`: citizens' stories in real Chromium, on all of Jolly with simulated devices.
 *   --only <words>   the stories whose name has these words, or those after a `|`
 * Pictures of every screen land in `artifacts/screens`, those of failures in `artifacts/failures`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createCards } from '@jolly/simulators/card';
import { playAct, type Result } from './run.ts';
import { acts } from './scenarios/index.ts';
import { buildScreens, chromiumPath, openBrowser } from './stage/index.ts';

/** More acts side by side than this, and on two cores each is slower than a person's patience. */
const AT_ONCE = 4;

/** More stories than this that only go well when told again, and the run has failed. */
const UNSTEADY = 2;

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

const executable = chromiumPath(process.env);
if (executable === undefined) {
  console.log('e2e skipped: no Chromium (apt-get install chromium, or name one in JOLLY_CHROMIUM)');
  process.exit(process.env.JOLLY_REQUIRE_TOOLS === '1' ? 1 : 0);
}

buildScreens();
rmSync(join(root, 'artifacts/failures'), { recursive: true, force: true });

const begun = performance.now();
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const chosen = acts
  .map((act) => ({
    ...act,
    scenarios: act.scenarios.filter(({ name }) =>
      values.only.split('|').some((words) => `${act.name}: ${name}`.includes(words)),
    ),
  }))
  .filter(({ scenarios }) => scenarios.length > 0);

// Dozens of RSA keys: made once, for all acts.
const cardsDir = mkdtempSync(join(tmpdir(), 'jolly-e2e-cards-'));
process.on('exit', () => rmSync(cardsDir, { recursive: true, force: true }));
const cards = await createCards({ data: cardsDir });
await Promise.all(cards.citizens.map(({ id }) => cards.card(id)));

const browser = await openBrowser(executable);
// Without its browser every story fails at once, and each act cleans up after itself.
let interrupted = false;
const interrupt = () => {
  interrupted = true;
  browser.close().catch((error: unknown) => console.error(error));
};
process.once('SIGINT', interrupt);
process.once('SIGTERM', interrupt);

const tell = ({ name, ms, error, unsteady }: Result) => {
  console.log(`${error !== undefined ? '✗' : unsteady ? '~' : '✓'} ${name} (${seconds(ms)})`);
  if (error !== undefined) console.log(error instanceof Error ? (error.stack ?? error.message) : error);
};
const results: Result[] = [];
const waiting = [...chosen];
const lengths: string[] = [];
/** Plays one act after the other until none waits. */
const play = async () => {
  for (let act = waiting.shift(); act; act = waiting.shift()) {
    const from = performance.now();
    results.push(...(await playAct(act, { browser, executable }, cardsDir, tell)));
    lengths.push(`${act.name} ${Math.round((performance.now() - from) / 1000)} s`);
  }
};
try {
  await Promise.all(Array.from({ length: AT_ONCE }, play));
} finally {
  await browser.close();
}
const failed = results.filter(({ error }) => error !== undefined);
console.log(
  `\n${results.length - failed.length} stories of ${results.length} in ${seconds(performance.now() - begun)}`,
);
console.log(`  ${lengths.join(', ')}`);
for (const { name } of failed) console.log(`  ✗ ${name}`);
const unsteady = results.filter((result) => result.unsteady);
for (const { name } of unsteady) console.log(`  ~ ${name}: only at the second telling`);
process.exit(failed.length > 0 || unsteady.length > UNSTEADY || results.length === 0 || interrupted ? 1 : 0);
