/**
 * `npm run test:walk`: every page that the statechart can reach, in real Chromium, by the navigation pad and by ear alone.
 *   --only <words>   pages whose key has these words, or those after a `|`
 *   --list           the keys of the pages
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Preferences, Snapshot } from '@jolly/contracts/terminal-channel';
import type { Browser, Page as Tab } from 'playwright-core';
import { buildScreens, chromiumPath, openBrowser } from '../e2e/stage/index.ts';
import { axe, bringEngines, equalAccess } from './engines.ts';
import { type Limits, measure } from './glass.ts';
import { listen, unsaid, walk } from './judge.ts';
import { type Page, pages, withPreferences } from './pages.ts';
import { Puppet } from './puppet.ts';

const root = resolve(import.meta.dirname, '../..');
const failures = join(root, 'artifacts/walk');
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
});

/** Side by side; on two cores more are no faster. */
const LANES = 3;

/** screens.md 2: targets 64 px, gaps 16 px, nothing touchable above y = 570. */
const LIMITS: Limits = { target: 64, gap: 16, reach: 570 };
/** Seated reach: the band of the lowered layout begins at y = 952. */
const SEATED: Limits = { ...LIMITS, reach: 952 };

interface Look {
  readonly name: string;
  readonly preferences: Partial<Preferences>;
  readonly limits: Limits;
}
/** The ways of looking in which a page must keep its measures. */
const LOOKS: readonly Look[] = [
  { name: '200 %', preferences: { textScale: 2 }, limits: LIMITS },
  { name: 'lowered', preferences: { lowered: true }, limits: SEATED },
  { name: 'lowered, left hand', preferences: { lowered: true, hand: 'left' }, limits: SEATED },
  { name: 'lowered, 200 %', preferences: { lowered: true, textScale: 2 }, limits: SEATED },
  { name: 'listening', preferences: { listen: true }, limits: LIMITS },
  { name: 'German, 200 %', preferences: { language: 'de', textScale: 2 }, limits: LIMITS },
  { name: 'Arabic', preferences: { language: 'ar' }, limits: LIMITS },
];
const THEMES = ['contrast', 'contrast-light', 'dark'] as const;

const executable = chromiumPath(process.env);
if (executable === undefined) {
  console.log('walk skipped: no Chromium (apt-get install chromium, or name one in JOLLY_CHROMIUM)');
  process.exit(process.env.JOLLY_REQUIRE_TOOLS === '1' ? 1 : 0);
}
const all = pages();
const chosen = all.filter(({ key }) => values.only.split('|').some((words) => key.includes(words)));
if (values.list) {
  for (const { key } of chosen) console.log(key);
  process.exit(0);
}
buildScreens();
rmSync(failures, { recursive: true, force: true });

const begun = performance.now();
const browser = await openBrowser(executable);
/** Pages by what is wrong with them: one mistake in the frame is one line, not sixty. */
const faults = new Map<string, string[]>();
let done = 0;
const waiting = [...chosen];
try {
  await Promise.all(Array.from({ length: LANES }, () => lane(browser)));
} finally {
  await browser.close();
}
for (const [fault, keys] of faults)
  console.log(
    `  ✗ ${fault}\n      ${keys.slice(0, 5).join(' · ')}${keys.length > 5 ? ` and ${keys.length - 5} more` : ''}`,
  );
console.log(
  `${done} pages of ${all.length} walked in ${((performance.now() - begun) / 1000).toFixed(1)} s, ${faults.size} faults`,
);
process.exit(faults.size > 0 || done === 0 ? 1 : 0);

/** One window with its own terminal, page after page. */
async function lane(through: Browser): Promise<void> {
  const first = chosen[0];
  if (!first) return;
  const puppet = new Puppet(join(root, 'ui/citizen/dist'), first.snapshot);
  const address = await puppet.listen();
  const context = await through.newContext({
    viewport: { width: 1080, height: 1920 },
    reducedMotion: 'reduce',
    // the engines make functions from texts, which the page itself may not
    bypassCSP: true,
  });
  try {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => tell('the app', `${error.name}: ${error.message}`));
    await tab.goto(address);
    await bringEngines(tab);
    for (let page = waiting.shift(); page; page = waiting.shift()) {
      const first = await judged(tab, puppet, page);
      // a machine out of breath may miss a moment; what is wrong with a page is wrong the second time too
      const again = first.length === 0 ? [] : await judged(tab, puppet, page);
      for (const { look, fault } of first) {
        if (again.some((other) => other.look === look && other.fault === fault))
          tell(`${page.key} (${look})`, fault);
        else console.log(`  ~ ${page.key} (${look}): ${fault}: not the second time`);
      }
      done += 1;
    }
  } finally {
    await context.close();
    await puppet.close();
  }
}

function tell(key: string, fault: string): void {
  faults.set(fault, [...(faults.get(fault) ?? []), key]);
}

interface Found {
  readonly look: string;
  readonly fault: string;
}

/** The faults of a page; what ends the judging is one, with a picture of the moment. */
async function judged(tab: Tab, puppet: Puppet, page: Page): Promise<readonly Found[]> {
  const found: Found[] = [];
  try {
    await judge(tab, puppet, page, found);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    found.push({ look: 'judging', fault: error.message.split('\n')[0] ?? error.message });
    mkdirSync(failures, { recursive: true });
    await tab.screenshot({ path: join(failures, `${page.key.replaceAll(/[^a-z0-9]+/gi, '-')}.png`) });
  }
  return found;
}

async function judge(tab: Tab, puppet: Puppet, page: Page, found: Found[]): Promise<void> {
  const say = (look: string) => (fault: string) => found.push({ look, fault });
  await show(tab, puppet, withPreferences(page, {}));
  for (const fault of await tab.evaluate(measure, LIMITS)) say('as drawn')(fault);
  for (const fault of [...(await axe(tab)), ...(await equalAccess(tab))]) say('as drawn')(fault);
  for (const { name, preferences, limits } of LOOKS) {
    await show(tab, puppet, withPreferences(page, preferences));
    for (const fault of await tab.evaluate(measure, limits)) say(name)(fault);
  }
  for (const theme of THEMES) {
    await show(tab, puppet, withPreferences(page, { theme }));
    for (const fault of await axe(tab, ['color-contrast'])) say(theme)(fault);
  }
  // from a page that is not read aloud, so that this one is told from its start
  puppet.forget();
  const aloud = withPreferences(page, { listen: true });
  await show(tab, puppet, aloud);
  await listen(tab, puppet);
  for (const fault of await unsaid(tab, puppet, 'room')) say('by ear')(fault);
  for (const fault of await walk(tab, puppet)) say('by pad')(fault);
  // the plug goes in: all of it again, sums and names too
  await show(tab, puppet, withPreferences(page, {}));
  puppet.forget();
  await show(tab, puppet, { ...aloud, headset: true });
  await listen(tab, puppet);
  for (const fault of await unsaid(tab, puppet, 'headset')) say('by headset')(fault);
}

/** Shows a page and waits until it is drawn, cut into pages and told. */
async function show(tab: Tab, puppet: Puppet, snapshot: Snapshot): Promise<void> {
  puppet.show(snapshot);
  await tab.waitForFunction(
    ([screen, { language, theme, lowered, textScale, listen }]) => {
      const { lang, dataset } = document.documentElement;
      const stage = document.querySelector<HTMLElement>('.stage')?.dataset;
      return (
        lang === language &&
        dataset.theme === theme &&
        (stage?.lowered !== undefined) === lowered &&
        stage?.scale === String(textScale) &&
        (document.querySelector('.caption') !== null) === listen &&
        document.querySelector(`[data-screen="${screen}"]`) !== null
      );
    },
    [snapshot.screen.name, snapshot.preferences] as const,
    { timeout: 5_000, polling: 'raf' },
  );
  await tab.evaluate(
    'document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))))',
  );
}
