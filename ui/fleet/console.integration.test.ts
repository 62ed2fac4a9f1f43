import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, type StubServer, startStub } from './testing/server.ts';

const executablePath = process.env.JOLLY_CHROMIUM ?? '/usr/bin/chromium';
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const PLACES = [
  ['fleet', '[data-testid=terminal-row]'],
  ['terminal/PO-09', '[data-testid=command-row]'],
  ['alerts', '[data-testid=alert-row]'],
  ['alerts/maintenance', '.alert-list'],
  ['alerts/rules', '.step'],
  ['settings/municipality', '.settings-section'],
  ['settings/terminal/PO-12', '[data-testid=settings-refused]'],
  ['add/K7QWM4XP', '[data-testid=fingerprint]'],
  ['sites', 'tbody tr'],
  ['audit', '[data-testid=audit-line]'],
  ['people', '[data-testid=person-row]'],
  ['me', '.panel'],
] as const;

describe.skipIf(!existsSync(executablePath))('the console in Chromium', () => {
  let stub: StubServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    buildConsole();
    stub = await startStub();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'it-IT',
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    // what the browser refuses by the page's own policy is said here
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await stub?.close();
  });
  const open = async (hash: string, ready: string) => {
    await page.goto('about:blank');
    await page.goto(`${stub.origin}/console/#/${hash}`);
    await page.locator(ready).first().waitFor();
  };

  // both themes of every page: npm run screens:fleet
  it('has no fault that axe knows, light or dark, and fits the window at 200 % text', async () => {
    const faults: string[] = [];
    for (const [at, [hash, ready]] of PLACES.entries()) {
      await page.emulateMedia({ colorScheme: at % 2 === 0 ? 'light' : 'dark' });
      await open(hash, ready);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      faults.push(
        ...violations.map(({ id, nodes }) => `${hash}: ${id} ${nodes[0]?.html.slice(0, 160) ?? ''}`),
      );
      const over = await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
        return document.documentElement.scrollWidth - document.documentElement.clientWidth;
      });
      if (over > 0) faults.push(`${hash}: ${over} px wider than the window at 200 %`);
    }
    await page.emulateMedia({ colorScheme: null });
    expect(faults).toEqual([]);
  }, 120_000);

  it('is walked by the keyboard: / searches, arrows choose, Enter opens, Escape goes back', async () => {
    await open('fleet', '[data-testid=terminal-row]');
    await page.keyboard.press('/');
    await page.keyboard.type('roma');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=terminal-row]').length === 2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'PO-08 Via Roma 42' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-search]').waitFor();
  });

  it('tells at once what changed, and says when it no longer hears anything', async () => {
    await open('fleet', '[data-testid=terminal-row]');
    const row = page.getByTestId('terminal-row').filter({ hasText: 'PO-01' });
    stub.state.rows = stub.state.rows.map((each) =>
      each.terminalId === 'PO-01' ? { ...each, state: 'stopped', reason: 'pos-unavailable' } : each,
    );
    stub.changed('terminals');
    await row.getByText('Lettore di carte non raggiungibile').waitFor();
    stub.cutStreams(true);
    await page.getByTestId('stale-banner').waitFor();
    stub.cutStreams(false);
    await page.getByTestId('stale-banner').waitFor({ state: 'detached' });
  });

  it('shows a command through to its end', async () => {
    await open('terminal/PO-03', '[data-testid=command-row]');
    await page.getByTestId('command-self-test').click();
    await page.getByTestId('command-send').click();
    await page.getByTestId('command-row').first().getByText('Fatto').waitFor();
    const sent = stub.state.calls.find(({ method, path }) => method === 'POST' && path.endsWith('/commands'));
    expect(sent).toMatchObject({
      path: '/console/api/terminals/PO-03/commands',
      body: { act: { kind: 'self-test' }, expiresInSeconds: 900 },
    });
  });

  it('shows what a change of settings would do before it is saved with a reason', async () => {
    await open('settings/municipality', '.settings-section');
    await page.getByTestId('setting-services.login').locator('input').uncheck();
    await page.getByTestId('settings-preview').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Accesso con la carta').waitFor();
    await dialog.getByText('Cambiano 17 terminali').waitFor();
    await dialog.getByLabel('Perché').fill('Lettori in riparazione');
    await page.getByTestId('settings-save').click();
    await page.getByTestId('settings-version').first().getByText('Lettori in riparazione').waitFor();
    const written = stub.state.calls.findLast(({ method }) => method === 'PUT');
    expect(written?.body).toMatchObject({ baseVersion: 41, document: { services: { login: false } } });
  });

  it('takes a terminal in only after its fingerprint was compared', async () => {
    await open('add/K7QWM4XP', '[data-testid=fingerprint]');
    await page.getByLabel('Codice del terminale').fill('PO-18');
    await page.getByLabel('Nome del luogo').fill('Biblioteca');
    await page.getByRole('button', { name: 'Prima confronta l’impronta' }).click({ force: true });
    expect(stub.state.calls.some(({ path }) => path.endsWith('/accept'))).toBe(false);
    await page.getByLabel('Le due impronte sono uguali').check();
    await page.getByRole('button', { name: 'Accetta il terminale' }).click();
    await page.waitForFunction(() => location.hash === '#/terminal/PO-18');
    const accepted = stub.state.calls.find(({ path }) => path.endsWith('/accept'));
    expect(accepted?.body).toEqual({ terminalId: 'PO-18', siteName: 'Biblioteca', replaces: false });
  });

  it('finds a terminal by the code on its screen that is in nobody’s list', async () => {
    await open('add', '[data-testid=enrol-code]');
    await page.getByTestId('enrol-code').fill('zzzz 2222');
    await page.getByRole('button', { name: 'Cerca il terminale' }).click();
    await page.getByText('Nessun terminale aspetta con il codice ZZZZ 2222').waitFor();
    await page.getByTestId('enrol-code').fill('b4nd p7rx');
    await page.getByRole('button', { name: 'Cerca il terminale' }).click();
    await page.getByTestId('fingerprint').getByText('90aa 17f3 6b02').waitFor();
  });

  it('does not offer what the role may not do', async () => {
    stub.state.role = 'viewer';
    await open('terminal/PO-09', '[data-testid=device-printer]');
    expect(await page.getByTestId('command-self-test').count()).toBe(0);
    expect(await page.getByTestId('enrolment-revoke').count()).toBe(0);
    expect(await page.locator('.places a').allInnerTexts()).toHaveLength(2);
    stub.state.role = 'municipality-admin';
  });

  it('signs in with a password and then six digits, asked for only when they are needed', async () => {
    stub.state.signedIn = false;
    await page.goto('about:blank');
    await page.goto(`${stub.origin}/console/`);
    await page.getByLabel('Nome utente').fill('luca');
    await page.getByLabel('Password').fill('sbagliata');
    await page.getByTestId('sign-in-local').click();
    await page.getByText('non sono giusti').waitFor();
    await page.getByLabel('Password').fill('giusta');
    await page.getByTestId('sign-in-local').click();
    await page.getByLabel('Codice di sei cifre').fill('123456');
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.getByTestId('sign-in-local').click();
    await page.getByTestId('terminal-row').first().waitFor();
  });

  it('stays quick with 15,000 terminals on the map: they are drawn together', async () => {
    stub.state.crowd = 15_000;
    await open('fleet', '.cluster');
    expect(await page.locator('.map a, .map .cluster').count()).toBeLessThan(500);
    await page.getByRole('button', { name: 'Ingrandisci la mappa' }).click();
    await page.locator('.map .cluster').first().waitFor();
    stub.state.crowd = 0;
    expect(errors).toEqual([]);
  });
});
