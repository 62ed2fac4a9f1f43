import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { samples } from './fixtures/samples.ts';

/**
 * Draws every screen into `artifacts/screens/` and judges it: axe (serious and worse), targets under 64 px or 16 px
 * apart, anything touchable over the touch line, anything that runs out of its box. Exit 1 with the list of faults.
 *
 * `node ui/citizen/screenshots.ts [--only <part of a name>,…] [--quick]` (quick: portrait, Italian, as drawn)
 */
interface Variant {
  readonly name: string;
  readonly query: string;
  readonly width: number;
  readonly height: number;
}

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
const quick = args.includes('--quick');
const out = fileURLToPath(new URL('../../artifacts/screens/', import.meta.url));

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const portrait = { width: 1080, height: 1920 };
const landscape = { width: 1920, height: 1080 };
const VARIANTS: readonly Variant[] = [
  { name: 'portrait-it', query: 'lang=it', ...portrait },
  { name: 'portrait-en', query: 'lang=en', ...portrait },
  { name: 'contrast-it', query: 'lang=it&theme=contrast', ...portrait },
  { name: 'contrast-light-it', query: 'lang=it&theme=contrast-light', ...portrait },
  { name: 'large-it', query: 'lang=it&scale=2', ...portrait },
  { name: 'larger-en', query: 'lang=en&scale=1.5', ...portrait },
  { name: 'lowered-it', query: 'lang=it&lowered=1', ...portrait },
  { name: 'rtl-it', query: 'lang=it&dir=rtl', ...portrait },
  { name: 'listen-it', query: 'lang=it&listen=1', ...portrait },
  { name: 'listen-lowered-en', query: 'lang=en&listen=1&lowered=1', ...portrait },
  { name: 'landscape-it', query: 'lang=it', ...landscape },
  { name: 'landscape-en-contrast', query: 'lang=en&theme=contrast', ...landscape },
];

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
  for (const variant of quick ? VARIANTS.slice(0, 1) : VARIANTS) {
    const screens = Object.keys(samples).filter(
      (screen) => !only || only.some((part) => `${variant.name}/${screen}`.includes(part)),
    );
    pictures += screens.length;
    if (screens.length > 0)
      faults.push(...(await judge(browser, variant, screens, address.replace(/\/$/, ''))));
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(`${pictures} pictures in artifacts/screens, ${faults.length} faults`);
for (const fault of faults) console.log(`  ${fault}`);
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
    const found: string[] = [];
    page.on('pageerror', (error) => found.push(`${variant.name}: ${error.message}`));
    await mkdir(`${out}${variant.name}`, { recursive: true });
    await page.goto(`${origin}/fixtures/index.html?${variant.query}`);
    for (const screen of screens) {
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, `screen=${screen}&${variant.query}`);
      await page.waitForSelector('h1');
      await page.evaluate(async () => {
        await document.fonts.ready;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      });
      await page.screenshot({ path: `${out}${variant.name}/${screen}.png` });
      const axe = await new AxeBuilder({ page, axeSource }).withTags(AXE_TAGS).analyze();
      for (const fault of axe.violations) {
        if (fault.impact !== 'serious' && fault.impact !== 'critical') continue;
        const where = fault.nodes.map((node) => node.target.join(' ')).join(', ');
        found.push(`${variant.name}/${screen}: axe ${fault.id}: ${where}`);
      }
      found.push(...(await measure(page)).map((fault) => `${variant.name}/${screen}: ${fault}`));
    }
    return found;
  } finally {
    await context.close();
  }
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
      if (window.innerHeight === 1920 && box.top < 570)
        found.push(`over the touch line: ${name(element)} ${box.top}`);
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
        if (Math.max(across, down) < 15.5)
          found.push(`closer than 16: ${name(one.element)}, ${name(other.element)}`);
      }
    }
    for (const view of document.querySelectorAll('.pages__view')) {
      if (view.scrollWidth > view.clientWidth + 1) found.push('content is wider than the page');
      if (view.clientHeight < 120) found.push(`only ${view.clientHeight} px left for the content`);
    }
    for (const text of document.querySelectorAll('h1, .facade__lead, .cornice__who, .idle__sheet, .sheet')) {
      if (text.scrollWidth > text.clientWidth + 2) found.push(`runs out: ${name(text)}`);
    }
    for (const part of document.querySelectorAll('.facade__body, .home, .idle, .frame')) {
      if (part.scrollHeight > part.clientHeight + 2 && !part.closest('[inert]')) {
        found.push(`too tall: ${name(part)} by ${part.scrollHeight - part.clientHeight}`);
      }
    }
    return found;
  });
}
