import { type Crowds, loadTerminalId } from '@jolly/simulators/fleet-load';
import { chromium } from 'playwright-core';
import { type Figure, figureOf } from '../statistics.ts';
import type { House } from './house.ts';

export interface ConsoleFigures {
  /** From the address entered, signed in already, to the first rows of the fleet. */
  readonly firstPaint: Figure;
  /** From a terminal's word that it lacks something to its row's being there. */
  readonly liveUpdate: Figure;
}

const ROUNDS = 5;
const ROW = '[data-testid="terminal-row"]';

/** The fleet's page in a browser while everybody is connected. */
export async function watchConsole(
  executablePath: string,
  house: House,
  { crowd, first }: { readonly crowd: Crowds; readonly first: number },
): Promise<ConsoleFigures> {
  const person = await house.person();
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const painted: number[] = [];
    const updated: number[] = [];
    const open = async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.addCookies(person.cookies.map((cookie) => ({ ...cookie, url: house.url })));
      const page = await context.newPage();
      const began = performance.now();
      const going = page.goto(`${house.url}/console/`, { waitUntil: 'commit' });
      await page.locator(ROW).first().waitFor();
      painted.push(performance.now() - began);
      await going;
      return page;
    };
    for (let round = 1; round < ROUNDS; round++) await (await open()).context().close();
    const page = await open();
    const row = page.locator(ROW, { hasText: loadTerminalId(first) }).first();
    const page1 = () => page.locator(ROW).first();
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      crowd.order({ order: 'change', terminals: 1, limitations: ['lights-out'] });
      await row.waitFor();
      updated.push(performance.now() - began);
      crowd.order({ order: 'change', terminals: 1, limitations: [] });
      await row.waitFor({ state: 'detached' });
      await page1().waitFor();
    }
    return { firstPaint: figureOf(painted, 'ms'), liveUpdate: figureOf(updated, 'ms') };
  } finally {
    await browser.close();
  }
}
