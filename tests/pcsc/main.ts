/**
 * `npm run test:pcsc`: card readers over the real PC/SC stack (pcscd with the virtual reader of vsmartcard), in namespaces of
 * its own.
 *   --only <words>   the scenarios whose name has these words, or those after a `|`
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inNamespaces, runAgainInNamespaces } from './namespaces.ts';
import { PCSCD, pcscdRuns, VPCD_DRIVER } from './pcscd.ts';
import { scenarios } from './scenarios/index.ts';
import { missingTools, Stage } from './stage.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const strict = process.env.JOLLY_REQUIRE_TOOLS === '1';

function skip(why: string): never {
  console.log(`pcsc skipped: ${why}`);
  process.exit(strict ? 1 : 0);
}

if (!existsSync(PCSCD) || !existsSync(VPCD_DRIVER)) {
  skip('no pcscd with the virtual reader (apt-get install pcscd vsmartcard-vpcd)');
}
if (!inNamespaces()) {
  const status = await runAgainInNamespaces();
  if (status !== undefined) process.exit(status);
  if (await pcscdRuns()) skip('this machine allows no namespaces, and its own pcscd runs');
  if (process.getuid?.() !== 0) skip('this machine allows no namespaces, and pcscd needs root');
}

const begun = performance.now();
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const chosen = scenarios.filter(({ name }) => values.only.split('|').some((words) => name.includes(words)));
const failed: string[] = [];
let skipped = 0;
const stage = new Stage();
for (const scenario of chosen) {
  const missing = missingTools(scenario);
  if (missing.length > 0) {
    skipped += 1;
    console.log(`- ${scenario.name}: skipped, no ${missing.join(', ')}`);
    continue;
  }
  const since = performance.now();
  try {
    await stage.pcscd();
    await scenario.run(stage);
    console.log(`✓ ${scenario.name} (${seconds(since)})`);
  } catch (error) {
    failed.push(scenario.name);
    console.log(`✗ ${scenario.name} (${seconds(since)})`);
    console.log(error instanceof Error ? (error.stack ?? error.message) : error);
  } finally {
    await stage.close();
  }
}
console.log(
  `\n${chosen.length - failed.length - skipped} scenarios of ${chosen.length} in ${seconds(begun)}` +
    (skipped > 0 ? `, ${skipped} skipped` : ''),
);
process.exit(failed.length > 0 || chosen.length === 0 || (strict && skipped > 0) ? 1 : 0);
