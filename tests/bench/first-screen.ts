import { existsSync } from 'node:fs';
import { readControl } from '@jolly/kiosk-runtime/control';
import { chromium } from 'playwright-core';
import { z } from 'zod';
import { BenchScreen } from './screen.ts';
import { type Figure, figureOf } from './statistics.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const START_PAYMENT = '[data-testid="start-payment"]';

export interface FirstScreenFigures {
  /** From the address entered in an open browser to the blue card that can be pressed. */
  readonly openToUsable: Figure;
  /** From the start of Chromium's process to the same moment. */
  readonly launchToUsable: Figure;
}

/** A browser to measure with, or undefined where the machine has none. */
export const findChromium = (): string | undefined => CHROMIUM.find((path) => existsSync(path));

const Minted = z.object({ url: z.url() });

/** A fresh one-time address from the running terminal, as a technician's tool gets it. */
export async function mintAddress(terminalDir: string): Promise<string> {
  const found = readControl(terminalDir);
  if (!found) throw new Error(`no terminal runs on ${terminalDir}`);
  const headers = { authorization: `Bearer ${found.token}` };
  const answer = await fetch(`${found.origin}/mint`, { method: 'POST', headers });
  if (!answer.ok) throw new Error(`no address: HTTP ${answer.status}`);
  return Minted.parse(await answer.json()).url;
}

/** Waits until the press has led to the scan, and goes back for the next round. */
async function backHome(terminalDir: string): Promise<void> {
  const screen = await BenchScreen.join(await mintAddress(terminalDir));
  try {
    await screen.page('pay-scan');
    screen.send({ type: 'back' });
    await screen.page('home');
  } finally {
    screen.close();
  }
}

/** Each round is a new browser process with an empty profile: nothing is cached, as on the first morning. */
export async function benchFirstScreen(
  executablePath: string,
  terminalDir: string,
  n: number,
): Promise<FirstScreenFigures> {
  const opened: number[] = [];
  const launched: number[] = [];
  for (let round = 0; round < n; round++) {
    const url = await mintAddress(terminalDir);
    const launchAt = performance.now();
    const browser = await chromium.launch({
      executablePath,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
      const openAt = performance.now();
      // Not awaited until the card is there: `goto` waits for everything, the citizen does not.
      const going = page.goto(url, { waitUntil: 'commit' });
      await page.locator(`${START_PAYMENT}:not([disabled]):not([aria-disabled="true"])`).waitFor();
      opened.push(performance.now() - openAt);
      launched.push(performance.now() - launchAt);
      await going;
      // The proof that it was usable: pressed, it leads on.
      await page.click(START_PAYMENT);
      await backHome(terminalDir);
    } finally {
      await browser.close();
    }
  }
  return {
    openToUsable: figureOf(opened, 'ms', { median: 'most', is: 2000 }),
    launchToUsable: figureOf(launched, 'ms'),
  };
}
