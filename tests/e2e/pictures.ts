/**
 * `node tests/e2e/pictures.ts`: draws the README's picture of the kiosk's home into `docs/images`, from a running demo. Those of
 * the console are drawn by `npm run screens:fleet`.
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
  } finally {
    await stage.close();
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
