import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildScreens, chromiumPath, openBrowser } from '../../e2e/stage/index.ts';
import type { HouseScenario } from '../act.ts';
import { type House, UNTRIED } from '../terminal/house.ts';

/** An address of the terminal's screen that opens once, as a technician gets one. */
async function mint(house: House): Promise<string> {
  const control = JSON.parse(readFileSync(join(house.dataDir, 'terminal', 'control.json'), 'utf8'));
  const answer = await fetch(`${control.origin}/mint`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}` },
  });
  return ((await answer.json()) as { url: string }).url;
}

export const browserScenarios: readonly HouseScenario[] = [
  {
    name: 'browser: the panel holds Giulia’s card, the PIN is typed by touch, her name greets her; she leaves, the card is taken',
    tools: [chromiumPath(process.env) ?? '/usr/bin/chromium'],
    play: async (house) => {
      buildScreens();
      const browser = await openBrowser(chromiumPath(process.env) ?? '');
      try {
        const context = await browser.newContext({
          viewport: { width: 1080, height: 1920 },
          hasTouch: true,
          locale: 'it-IT',
          reducedMotion: 'reduce',
        });
        const kiosk = await context.newPage();
        const panel = await context.newPage();
        const on = (name: string) =>
          kiosk.locator(`main[data-screen="${name}"]`).waitFor({ timeout: 15_000 });
        const laid = panel.locator('li.citizen', { hasText: 'Giulia Bianchi' }).locator('button').first();
        await kiosk.goto(await mint(house));
        await on('home');
        await panel.goto(house.demo.panelUrl);
        await laid.click();
        await on('login-secret');
        const { pin } = await house.cards.citizen('giulia');
        for (const digit of pin) {
          await kiosk.getByTestId(`key-${digit}`).tap();
          await new Promise((resolve) => setTimeout(resolve, 90));
        }
        await kiosk.getByTestId('submit-secret').tap();
        await on('signed-in');
        assert.match(await kiosk.locator('main').innerText(), /(Buongiorno|Buonasera), Giulia/);
        await house.books('giulia', UNTRIED, [0x20]);
        await kiosk.getByTestId('leave').tap();
        await on('card-left');
        assert.match(await kiosk.locator('main').innerText(), /Riprendi la tua carta/);
        assert.doesNotMatch(await kiosk.locator('body').innerText(), /giulia/i);
        await laid.click();
        await on('home');
      } finally {
        await browser.close();
      }
    },
  },
];
