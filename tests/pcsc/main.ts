/**
 * `npm run test:pcsc`: card readers and the login with a card over the real PC/SC stack (pcscd with the virtual reader of
 * vsmartcard), in lanes side by side, each in namespaces of its own.
 *   --only <words>   the scenarios whose name has these words, or those after a `|`
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { endWithSignals } from '../../simulators/process/spawn.ts';
import { makeKeys } from './cards-process.ts';
import { inNamespaces, runAgainInNamespaces } from './namespaces.ts';
import { PCSCD, pcscdRuns, VPCD_DRIVER } from './pcscd.ts';
import { playActs, type Result } from './run.ts';
import { acts } from './scenarios/index.ts';

const LANES = ['0', '1', '2', '3'];

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, lane: { type: 'string' } },
});
const strict = process.env.JOLLY_REQUIRE_TOOLS === '1';
endWithSignals();

function skip(why: string): never {
  console.log(`pcsc skipped: ${why}`);
  process.exit(strict ? 1 : 0);
}

const chosen = (name: string) => values.only.split('|').some((words) => name.includes(words));
const namesOf = ({ scenarios = [], house = [] }: (typeof acts)[number]) =>
  [...scenarios, ...house].map(({ name }) => name);
const played = acts.filter((act) => namesOf(act).some(chosen));
const laneOf = (lane: string) => played.filter((act) => `${act.lane}` === lane);

if (!existsSync(PCSCD) || !existsSync(VPCD_DRIVER)) {
  skip('no pcscd with the virtual reader (apt-get install pcscd vsmartcard-vpcd)');
}
if (played.length === 0) {
  console.log('no scenario has that name');
  process.exit(1);
}
if (!inNamespaces()) {
  const remove = await makeKeys();
  process.once('exit', remove);
  const lanes = LANES.filter((lane) => laneOf(lane).length > 0);
  const statuses = await Promise.all(lanes.map((lane) => runAgainInNamespaces('quick', '--lane', lane)));
  if (!statuses.includes(undefined)) process.exit(Math.max(...statuses.map((status) => status ?? 1)));
  if (await pcscdRuns()) skip('this machine allows no namespaces, and its own pcscd runs');
  if (process.getuid?.() !== 0) skip('this machine allows no namespaces, and pcscd needs root');
}

const begun = performance.now();
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const results: Result[] = [];
const tell = (result: Result) => {
  results.push(result);
  const { name, ms, error, missing } = result;
  if (missing) console.log(`- ${name}: skipped, no ${missing.join(', ')}`);
  else console.log(`${error === undefined ? '✓' : '✗'} ${name} (${seconds(ms)})`);
  if (error !== undefined) console.log(error instanceof Error ? (error.stack ?? error.message) : error);
};
await playActs(values.lane === undefined ? played : laneOf(values.lane), chosen, tell);

const failed = results.filter(({ error }) => error !== undefined).length;
const skipped = results.filter(({ missing }) => missing).length;
console.log(
  `\n${results.length - failed - skipped} scenarios of ${results.length} in ${seconds(performance.now() - begun)}` +
    (skipped > 0 ? `, ${skipped} skipped` : ''),
);
process.exit(failed > 0 || (strict && skipped > 0) ? 1 : 0);
