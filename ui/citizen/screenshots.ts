import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Snapshot, Theme } from '@jolly/contracts/terminal-channel';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { KEYBOARD_PAGES } from './fixtures/keyboard-names.ts';
import { samples } from './fixtures/samples.ts';

/**
 * Draws every screen into `artifacts/screens/` and judges it: targets under 64 px or 16 px apart, anything touchable over the
 * touch line (lowered: over the reach line), anything that runs out of its box; in one variant of each theme axe too (serious
 * and worse). Exit 1 with the list of faults.
 *
 * `npm run screens -- [--only <part of variant/screen>,…] [--quick] [--all]`
 *
 * Each screen once in every theme × Italian, German, Arabic × 100 and 200 %, and in the layouts; every sample of every screen as
 * drawn (Italian, 100 %). `--quick`: that only. `--all`: every sample in every variant.
 */
interface Variant {
  readonly name: string;
  readonly query: string;
  readonly width: number;
  readonly height: number;
  /** Every sample, not one of each screen. */
  readonly whole?: boolean;
  /** Judged by axe too. */
  readonly axe?: boolean;
}

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
const quick = args.includes('--quick');
const all = args.includes('--all');
const out = fileURLToPath(new URL('../../artifacts/screens/', import.meta.url));

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const portrait = { width: 1080, height: 1920 };
const landscape = { width: 1920, height: 1080 };
const MATRIX: readonly Variant[] = Theme.options.flatMap((theme) =>
  ['it', 'de', 'ar'].flatMap((lang) =>
    [1, 2].map((scale) => ({
      name: `${theme}-${lang}-${scale}00`,
      query: `lang=${lang}&theme=${theme}&scale=${scale}`,
      ...portrait,
      whole: theme === 'standard' && lang === 'it' && scale === 1,
      axe: lang === 'it' && scale === 1,
    })),
  ),
);
const LAYOUTS: readonly Variant[] = [
  { name: 'standard-en-150', query: 'lang=en&scale=1.5', ...portrait },
  { name: 'uk', query: 'lang=uk', ...portrait },
  { name: 'zh', query: 'lang=zh', ...portrait },
  { name: 'lowered-it', query: 'lang=it&lowered=1', ...portrait, whole: true },
  { name: 'lowered-it-200', query: 'lang=it&lowered=1&scale=2', ...portrait },
  { name: 'lowered-ar-left', query: 'lang=ar&lowered=1&hand=left', ...portrait },
  { name: 'lowered-de-left', query: 'lang=de&lowered=1&hand=left', ...portrait },
  { name: 'left-it', query: 'lang=it&hand=left', ...portrait },
  { name: 'rtl-it', query: 'lang=it&dir=rtl', ...portrait },
  { name: 'listen-it', query: 'lang=it&listen=1', ...portrait },
  { name: 'listen-lowered-en', query: 'lang=en&listen=1&lowered=1', ...portrait },
  { name: 'landscape-it', query: 'lang=it', ...landscape, whole: true },
  { name: 'landscape-de-left', query: 'lang=de&hand=left', ...landscape },
  { name: 'landscape-ar-contrast', query: 'lang=ar&theme=contrast', ...landscape },
];

/** One sample of each screen, and of each thing that lies over one. */
const TYPICAL: ReadonlySet<string> = new Set(
  Object.entries<Pick<Snapshot, 'screen' | 'idle' | 'languageSheet' | 'aidsSheet' | 'told'>>(samples).flatMap(
    ([name, { screen, idle, languageSheet, aidsSheet, told }], at, every) => {
      const over = (each: typeof screen, ...rest: readonly unknown[]) =>
        [each.name, ...rest.map(Boolean)].join(' ');
      const kind = over(screen, idle, languageSheet, aidsSheet, told);
      const first = every.findIndex(
        ([, each]) => over(each.screen, each.idle, each.languageSheet, each.aidsSheet, each.told) === kind,
      );
      return first === at ? [name] : [];
    },
  ),
);

/** Tabs side by side: on two cores more are no faster. */
const TABS = 4;
/** So many pictures are one tab's next work. */
const PORTION = 12;

const begun = performance.now();
await rm(out, { recursive: true, force: true });
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.JOLLY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--hide-scrollbars'],
});
const faults: string[] = [];
let pictures = 0;
try {
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('vite gave no address');
  const names = [...Object.keys(samples), ...KEYBOARD_PAGES];
  const jobs = (quick ? MATRIX.slice(0, 1) : [...MATRIX, ...LAYOUTS]).flatMap((variant) => {
    const screens = names.filter(
      (screen) =>
        (variant.whole || all || only || TYPICAL.has(screen) || screen === KEYBOARD_PAGES[0]) &&
        (!only || only.some((part) => `${variant.name}/${screen}`.includes(part))),
    );
    return Array.from({ length: Math.ceil(screens.length / PORTION) }, (_, at) => ({
      variant,
      screens: screens.slice(at * PORTION, (at + 1) * PORTION),
    }));
  });
  pictures = jobs.reduce((sum, job) => sum + job.screens.length, 0);
  // each tab takes the next portion
  const worker = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift())
      faults.push(...(await judge(browser, job.variant, job.screens, address.replace(/\/$/, ''))));
  };
  await Promise.all(Array.from({ length: TABS }, worker));
} finally {
  await browser.close();
  await server.close();
}
const seconds = ((performance.now() - begun) / 1000).toFixed(0);
console.log(`${pictures} pictures in artifacts/screens in ${seconds} s, ${faults.length} faults`);
for (const fault of faults.toSorted()) console.log(`  ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;

async function serve(): Promise<ViteDevServer> {
  const started = await createServer({
    configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)),
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    logLevel: 'error',
  });
  return await started.listen();
}

async function judge(
  through: Browser,
  variant: Variant,
  screens: readonly string[],
  origin: string,
): Promise<string[]> {
  const context = await through.newContext({
    viewport: { width: variant.width, height: variant.height },
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const camera = await context.newCDPSession(page);
    const found: string[] = [];
    page.on('pageerror', (error) => found.push(`${variant.name}: ${error.message}`));
    await mkdir(`${out}${variant.name}`, { recursive: true });
    await page.goto(`${origin}/fixtures/index.html?${variant.query}`);
    for (const screen of screens) {
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, `screen=${screen}&${variant.query}`);
      const drawn = new URLSearchParams(`screen=${screen}&${variant.query}`).toString();
      await page.waitForSelector(`html[data-drawn="${drawn}"]`, { state: 'attached' });
      await page.waitForSelector('h1');
      await page.evaluate(async () => {
        await document.fonts.ready;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      });
      // nothing moves and the fonts are there: the browser's own picture, packed loosely, takes a third of the time
      const picture = await camera.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
      await writeFile(`${out}${variant.name}/${screen}.png`, picture.data, 'base64');
      if (variant.axe)
        found.push(...(await axeOf(page)).map((fault) => `${variant.name}/${screen}: ${fault}`));
      found.push(...(await measure(page)).map((fault) => `${variant.name}/${screen}: ${fault}`));
    }
    return found;
  } finally {
    await context.close();
  }
}

async function axeOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page, axeSource }).withTags(AXE_TAGS).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Targets, gaps, the touch line and text that runs out of its box. */
async function measure(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const name = (element: Element) => element.getAttribute('data-testid') ?? element.className.toString();
    const shown = (element: Element) => {
      const view = element.closest('.pages__view');
      const box = element.getBoundingClientRect();
      const frame = view?.getBoundingClientRect();
      const seen = box.width > 0 && element.checkVisibility({ visibilityProperty: true });
      return seen && (!frame || (box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1));
    };
    const targets = [...document.querySelectorAll('button')].filter(
      (it) => !it.closest('[inert]') && shown(it),
    );
    const boxes = targets.map((element) => ({ element, box: element.getBoundingClientRect() }));
    for (const { element, box } of boxes) {
      if (box.width < 64 || box.height < 64) found.push(`target ${name(element)} ${box.width}×${box.height}`);
      const line = document.querySelector('[data-lowered]') ? 952 : 570;
      if (window.innerHeight === 1920 && box.top < line - 0.5)
        found.push(`over the line of ${line}: ${name(element)} ${box.top}`);
      if (box.left < -1 || box.right > window.innerWidth + 1 || box.bottom > window.innerHeight + 1) {
        found.push(`off the screen: ${name(element)}`);
      }
      const label = element.querySelector('.press')?.getBoundingClientRect();
      if (label && (label.width > box.width || label.height > box.height)) {
        found.push(`label runs out of ${name(element)}`);
      }
    }
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const across = Math.max(other.box.left - one.box.right, one.box.left - other.box.right);
        const down = Math.max(other.box.top - one.box.bottom, one.box.top - other.box.bottom);
        // keys of a keyboard stand closer (screens.md 6)
        const least = one.element.closest('.keyboard') && other.element.closest('.keyboard') ? 13.5 : 15.5;
        if (Math.max(across, down) < least)
          found.push(`closer than 16: ${name(one.element)}, ${name(other.element)}`);
      }
    }
    for (const view of document.querySelectorAll('.pages__view')) {
      if (view.scrollWidth > view.clientWidth + 1) found.push('content is wider than the page');
      const whole = view.firstElementChild?.scrollHeight ?? 0;
      if (view.clientHeight < Math.min(120, whole - 2))
        found.push(`only ${view.clientHeight} px left for the content`);
    }
    for (const text of document.querySelectorAll(
      'h1, .facade__lead, .cornice__who, .idle__sheet, .sheet, .over, .setting',
    )) {
      if (text.scrollWidth > text.clientWidth + 2) found.push(`runs out: ${name(text)}`);
    }
    for (const part of document.querySelectorAll(
      '.facade__body, .home, .idle, .frame, .over, .home-plinth',
    )) {
      if (part.scrollHeight > part.clientHeight + 2 && !part.closest('[inert]')) {
        found.push(`too tall: ${name(part)} by ${part.scrollHeight - part.clientHeight}`);
      }
    }
    return found;
  });
}
