import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildConsole, startStub } from './testing/server.ts';
import { NOW } from './testing/town.ts';

/**
 * Draws the console's pages over the fixture into `artifacts/console/`, in light, dark and at 200 % text, and says what axe
 * finds and which page would have to be scrolled sideways. `npm run screens:fleet -- [--only <part of a name>] [--size 1280x800] [--crowd 15000] [--no-build]`
 */
const args = process.argv.slice(2);
const argument = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const only = argument('--only');
const [width = 1600, height = 1000] = (argument('--size') ?? '1600x1000').split('x').map(Number);
const out = fileURLToPath(new URL('../../artifacts/console/', import.meta.url));

const PAGES: readonly {
  readonly name: string;
  readonly hash: string;
  readonly ready: string;
  readonly first?: (page: Page) => Promise<void>;
}[] = [
  { name: 'map', hash: 'fleet', ready: '[data-testid=terminal-row]' },
  { name: 'terminal', hash: 'terminal/PO-09', ready: '[data-testid=device-printer]' },
  { name: 'alerts', hash: 'alerts', ready: '[data-testid=alert-row]' },
  { name: 'rules', hash: 'alerts/rules', ready: '.step' },
  { name: 'maintenance', hash: 'alerts/maintenance', ready: '.alert-list' },
  { name: 'settings', hash: 'settings/municipality', ready: '.settings-section' },
  {
    name: 'twin-diff',
    hash: 'settings/municipality',
    ready: '.settings-section',
    async first(page) {
      const hours = page.getByTestId('setting-openingHours.sat');
      await hours.locator('input[type=time]').last().fill('12:30');
      await page.getByTestId('setting-services.onPhone').locator('input').uncheck();
      await page.getByTestId('settings-preview').click();
      await page.locator('dialog [data-testid=diff-line]').first().waitFor();
    },
  },
  { name: 'refused', hash: 'settings/terminal/PO-12', ready: '[data-testid=settings-refused]' },
  {
    name: 'command',
    hash: 'terminal/PO-02',
    ready: '[data-testid=device-printer]',
    async first(page) {
      await page.getByTestId('command-out-of-service').click();
      await page.getByTestId('command-send').waitFor();
    },
  },
  { name: 'suspect', hash: 'terminal/PO-15', ready: '[data-testid=device-printer]' },
  { name: 'add', hash: 'add/K7QWM4XP', ready: '[data-testid=fingerprint]' },
  { name: 'sites', hash: 'sites', ready: 'tbody tr' },
  { name: 'audit', hash: 'audit', ready: '[data-testid=audit-line]' },
  { name: 'people', hash: 'people', ready: '[data-testid=person-row]' },
  { name: 'own-access', hash: 'me', ready: '.panel' },
];

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const VARIANTS = [
  { name: 'light', scheme: 'light', scale: 1 },
  { name: 'dark', scheme: 'dark', scale: 1 },
  { name: '200', scheme: 'light', scale: 2 },
] as const;

if (!args.includes('--no-build')) buildConsole();
if (!only) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const stub = await startStub();
stub.state.crowd = Number(argument('--crowd') ?? 0);
const browser = await chromium.launch({
  executablePath: process.env.JOLLY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--hide-scrollbars', '--lang=it-IT'],
});
const faults: string[] = [];
try {
  for (const variant of VARIANTS) faults.push(...(await draw(browser, variant)));
} finally {
  await browser.close();
  await stub.close();
}
console.log(`pictures in artifacts/console, ${faults.length} faults`);
for (const fault of faults) console.log(`  ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;

async function draw(through: Browser, variant: (typeof VARIANTS)[number]): Promise<string[]> {
  const found: string[] = [];
  const size = variant.scale === 2 ? { width: 1280, height: 800 } : { width, height };
  const context = await through.newContext({
    viewport: size,
    colorScheme: variant.scheme,
    reducedMotion: 'reduce',
    locale: 'it-IT',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => found.push(`${variant.name}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`${variant.name}: ${message.text()}`);
  });
  await page.clock.setFixedTime(NOW);
  if (variant.scale === 2) {
    await page.addInitScript(() => {
      document.addEventListener('DOMContentLoaded', () => {
        document.documentElement.style.fontSize = '200%';
      });
    });
  }
  for (const { name, hash, ready, first } of PAGES) {
    const title = `${name}-${variant.name}`;
    if (only && !title.includes(only)) continue;
    await page.goto('about:blank');
    await page.goto(`${stub.origin}/console/#/${hash}`);
    await page.locator(ready).first().waitFor();
    await first?.(page);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (over > 0) found.push(`${title}: ${over} px wider than the window`);
    if (variant.scale === 1) {
      const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
      found.push(
        ...violations.map(({ id, nodes }) => `${title}: ${id} ${nodes[0]?.html.slice(0, 120) ?? ''}`),
      );
    }
    await page.screenshot({ path: join(out, `${title}.png`), fullPage: variant.scale === 2 });
  }
  await context.close();
  return found;
}
