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
 * `node ui/citizen/screenshots.ts [--only <part of a name>] [--quick]` (quick: portrait, Italian, as drawn)
 */
interface Shot {
  readonly name: string;
  readonly query: string;
  readonly width: number;
  readonly height: number;
}

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const quick = args.includes('--quick');
const out = fileURLToPath(new URL('../../artifacts/screens/', import.meta.url));

const VARIANTS = [
  ['portrait-it', 'lang=it', 1080, 1920],
  ['portrait-en', 'lang=en', 1080, 1920],
  ['contrast-it', 'lang=it&theme=contrast', 1080, 1920],
  ['contrast-light-it', 'lang=it&theme=contrast-light', 1080, 1920],
  ['large-it', 'lang=it&scale=2', 1080, 1920],
  ['larger-en', 'lang=en&scale=1.5', 1080, 1920],
  ['lowered-it', 'lang=it&lowered=1', 1080, 1920],
  ['rtl-it', 'lang=it&dir=rtl', 1080, 1920],
  ['landscape-it', 'lang=it', 1920, 1080],
  ['landscape-en-contrast', 'lang=en&theme=contrast', 1920, 1080],
] as const;

const shots: Shot[] = VARIANTS.slice(0, quick ? 1 : undefined)
  .flatMap(([variant, query, width, height]) =>
    Object.keys(samples).map((screen) => ({
      name: `${variant}/${screen}`,
      query: `screen=${screen}&${query}`,
      width,
      height,
    })),
  )
  .filter((shot) => !only || shot.name.includes(only));

await rm(out, { recursive: true, force: true });
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env['JOLLY_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--hide-scrollbars'],
});
const faults: string[] = [];
try {
  const port = (server.httpServer?.address() as { port: number }).port;
  for (const shot of shots) faults.push(...(await judge(browser, shot, `http://127.0.0.1:${port}`)));
} finally {
  await browser.close();
  await server.close();
}
console.log(`${shots.length} pictures in artifacts/screens, ${faults.length} faults`);
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

async function judge(through: Browser, shot: Shot, origin: string): Promise<string[]> {
  const context = await through.newContext({
    viewport: { width: shot.width, height: shot.height },
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const found: string[] = [];
    page.on('pageerror', (error) => found.push(`${shot.name}: ${error.message}`));
    await page.goto(`${origin}/fixtures/index.html?${shot.query}`);
    await page.waitForSelector('h1');
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const path = `${out}${shot.name}.png`;
    await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await page.screenshot({ path });
    const axe = await new AxeBuilder({ page, axeSource })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    for (const fault of axe.violations) {
      if (fault.impact === 'serious' || fault.impact === 'critical') {
        found.push(`${shot.name}: axe ${fault.id}: ${fault.nodes.map((node) => node.target.join(' ')).join(', ')}`);
      }
    }
    found.push(...(await measure(page)).map((fault) => `${shot.name}: ${fault}`));
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
      return box.width > 0 && (!frame || (box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1));
    };
    const targets = [...document.querySelectorAll('button')].filter((it) => !it.closest('[inert]') && shown(it));
    const boxes = targets.map((element) => ({ element, box: element.getBoundingClientRect() }));
    for (const { element, box } of boxes) {
      if (box.width < 64 || box.height < 64) found.push(`target ${name(element)} ${box.width}×${box.height}`);
      if (window.innerHeight === 1920 && box.top < 570) found.push(`over the touch line: ${name(element)} ${box.top}`);
      if (box.left < -1 || box.right > window.innerWidth + 1 || box.bottom > window.innerHeight + 1) {
        found.push(`off the screen: ${name(element)}`);
      }
      if (element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 4) {
        if (!element.classList.contains('main-choice')) found.push(`label runs out of ${name(element)}`);
      }
    }
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const across = Math.max(other.box.left - one.box.right, one.box.left - other.box.right);
        const down = Math.max(other.box.top - one.box.bottom, one.box.top - other.box.bottom);
        if (Math.max(across, down) < 15.5) found.push(`closer than 16: ${name(one.element)}, ${name(other.element)}`);
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
