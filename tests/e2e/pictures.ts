/**
 * `node tests/e2e/pictures.ts`: draws the pictures of the README into `docs/images` from a running demo: the kiosk's home and
 * the fleet console's first page after a morning of payments.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildScreens, chromiumPath, openBrowser, Stage } from './stage/index.ts';

const folder = resolve(import.meta.dirname, '../../docs/images');
const executable = chromiumPath(process.env);
if (executable === undefined) throw new Error('no Chromium; name one in JOLLY_CHROMIUM');
buildScreens();
mkdirSync(folder, { recursive: true });

const browser = await openBrowser(executable);
try {
  const stage = await Stage.open({ browser, note: (line) => console.log(line) });
  try {
    // half the size of the glass
    await stage.page.setViewportSize({ width: 540, height: 960 });
    await stage.page.evaluate('document.fonts.ready.then(() => true)');
    await stage.page.screenshot({ path: join(folder, 'home.png') });
    await stage.page.setViewportSize({ width: 1080, height: 1920 });
    for (const label of ['TARI 2026', 'Mensa scolastica', 'Multa', 'Lampade votive', 'Asilo nido']) {
      await stage.show(await stage.devices.seeded(label));
      await stage.tap('consent');
      await stage.paid();
      await stage.tap('finish');
      await stage.on('home');
    }
    // one that was refused and one that is on its way, as on any day
    await stage.devices.pos({ action: 'decline' });
    await stage.show(await stage.devices.seeded('Scuolabus'));
    await stage.tap('consent');
    await stage.on('problem');
    await stage.tap('action-finish');
    await stage.on('home');
    const page = await stage.openConsole();
    await page.getByTestId('terminal-row').first().waitFor();
    await page.screenshot({ path: join(folder, 'fleet.png') });
    await page.context().close();
  } finally {
    await stage.close();
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
