import { DownFrame } from '@jolly/contracts/terminal-channel';
import { chromium, type Page } from 'playwright-core';
import { mintAddress } from './first-screen.ts';
import { type Figure, figureOf } from './statistics.ts';

export interface SpeechFigures {
  /** From the snapshot of another screen in the browser to the first piece of speech there. */
  readonly changeToFirstSound: Figure;
  /** Pictures a second while the terminal speaks; what the screen can at most is beside it. */
  readonly framesWhileSpeaking: Figure;
  readonly framesInSilence: Figure;
  /** From the touch on a language to its words on the page. */
  readonly languageSwitch: Figure;
}

const FRAMES = `new Promise((done) => {
  let frames = 0;
  const begun = performance.now();
  const next = (now) => {
    frames += 1;
    if (now - begun < 1000) requestAnimationFrame(next);
    else done((frames * 1000) / (now - begun));
  };
  requestAnimationFrame(next);
})`;

/** From the touch, on the page's own clock, to another title. */
const SWITCH = (language: string) => `new Promise((done) => {
  const title = () => document.querySelector('h1')?.textContent;
  const before = title();
  const begun = performance.now();
  const look = () => (title() === before ? requestAnimationFrame(look) : done(performance.now() - begun));
  document.querySelector('[data-testid="language-${language}"]').click();
  look();
})`;

/** Times, ms, at which screens changed and at which the first sound after each was there. */
function hearing(page: Page): { next(): Promise<number> } {
  let screen = '';
  let changedAt: number | undefined;
  let tell: ((ms: number) => void) | undefined;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const now = performance.now();
      const frame = DownFrame.parse(JSON.parse(String(payload)));
      if (frame.type === 'snapshot' && frame.snapshot.screen.name !== screen) {
        screen = frame.snapshot.screen.name;
        changedAt = now;
      } else if (frame.type === 'voice' && changedAt !== undefined) {
        tell?.(now - changedAt);
        changedAt = undefined;
      }
    }),
  );
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the terminal says nothing')), 10_000);
        tell = (ms) => {
          clearTimeout(timer);
          resolve(ms);
        };
      }),
  };
}

/** A screen that listens, between home and the page that asks for a notice. Throws where the terminal has no voice. */
export async function benchSpeech(
  executablePath: string,
  terminalDir: string,
  n: number,
): Promise<SpeechFigures> {
  const args = ['--autoplay-policy=no-user-gesture-required'];
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
    const heard = hearing(page);
    await page.goto(await mintAddress(terminalDir));
    await page.locator('main[data-screen="home"]').waitFor();
    const silent: number[] = [];
    const speaking: number[] = [];
    const sounds: number[] = [];
    const switches: number[] = [];
    for (let round = 0; round < 3; round++) silent.push(await page.evaluate<number>(FRAMES));
    for (let round = 0; round < n; round++) {
      for (const language of ['en', 'it']) switches.push(await page.evaluate<number>(SWITCH(language)));
    }
    await page.click('[data-testid="toggle-listen"]');
    for (let round = 0; round < n; round++) {
      const there = heard.next();
      await page.click('[data-testid="start-payment"]');
      sounds.push(await there);
      speaking.push(await page.evaluate<number>(FRAMES));
      const back = heard.next();
      await page.keyboard.press('Escape');
      sounds.push(await back);
    }
    // as the next figure expects it: nobody there
    await page.click('[data-testid="toggle-listen"]');
    return {
      changeToFirstSound: figureOf(sounds, 'ms', { p95: 'most', is: 500 }),
      framesWhileSpeaking: figureOf(speaking, '1/s', { median: 'least', is: 50 }),
      framesInSilence: figureOf(silent, '1/s'),
      languageSwitch: figureOf(switches, 'ms', { median: 'most', is: 300 }),
    };
  } finally {
    await browser.close();
  }
}
