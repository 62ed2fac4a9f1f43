import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Overview } from '@jolly/contracts/fleet-api';
import type { ScreenName } from '@jolly/contracts/terminal-channel';
import { sleep, systemClock } from '@jolly/contracts/values';
import { type Demo, type DemoOptions, demoCity, startDemo } from '@jolly/simulators/launcher';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { ConsoleApi } from './console-api.ts';
import { film, type Held } from './film.ts';
import { type LookOptions, look } from './look.ts';
import { type Mark, MoneyProof } from './money.ts';
import { readQr } from './qr.ts';
import { type Notice, Simulators } from './simulators.ts';
import { until } from './until.ts';

export interface StageOptions {
  readonly browser: Browser;
  /** Settings of the terminal other than the demo's. */
  readonly kiosk?: Readonly<Record<string, unknown>>;
  readonly login?: NonNullable<DemoOptions['login']>;
  readonly gateway?: NonNullable<DemoOptions['gateway']>;
  /** Keys of the test CA and its cards, made before; without it the cards make their own. */
  readonly cardsDir?: string;
  /** Terminal and fleet server write a heap snapshot when they are asked to. */
  readonly searched?: boolean;
  /** The file that the browser plays as its camera; the camera is then the barcode reader. */
  readonly film?: string;
  readonly note: (line: string) => void;
}

/** The same act again sooner is taken for a bounce of the finger, as it should be. */
const BOUNCE_MS = 550;
const KEY_BOUNCE_MS = 100;
/** The page's streams stay known, so that one can see whether a camera is still on. */
const KEEP_STREAMS = `(() => {
  const streams = (window.__streams = []);
  const devices = navigator.mediaDevices;
  const get = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const stream = await get(wanted);
    streams.push(stream);
    return stream;
  };
})()`;
const PORTRAIT = { width: 1080, height: 1920 };

/** All of Jolly with simulated devices, and a browser in front of it: what a citizen and a technician have. */
export class Stage {
  readonly demo: Demo;
  readonly devices: Simulators;
  readonly console: ConsoleApi;
  readonly money: MoneyProof;
  readonly dataDir: string;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #film: string | undefined;
  #page: Page;
  readonly #tapped = new Map<string, number>();
  /** What the page's own console said and should not have. */
  #complaints: string[] = [];

  private constructor(parts: {
    readonly demo: Demo;
    readonly console: ConsoleApi;
    readonly dataDir: string;
    readonly browser: Browser;
    readonly context: BrowserContext;
    readonly page: Page;
    readonly film: string | undefined;
  }) {
    this.demo = parts.demo;
    this.console = parts.console;
    this.dataDir = parts.dataDir;
    this.devices = new Simulators(parts.demo.controls);
    this.money = new MoneyProof(this.devices, this.console);
    this.#browser = parts.browser;
    this.#context = parts.context;
    this.#film = parts.film;
    this.#page = parts.page;
    this.#listen();
  }

  static async open(options: StageOptions): Promise<Stage> {
    const dataDir = mkdtempSync(join(tmpdir(), 'jolly-e2e-'));
    const cleanUp: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
    try {
      const demo = await startDemo({
        dataDir,
        ports: { kiosk: 0, fleet: 0, panel: 0 },
        pace: { posMs: 0, nodeMs: 0 },
        kiosk: {
          idle: { warnAfterSeconds: 60, countdownSeconds: 40, goodbyeSeconds: 1 },
          ...options.kiosk,
        },
        ...(options.cardsDir === undefined ? {} : { cardsDir: options.cardsDir }),
        ...(options.login ? { login: options.login } : {}),
        ...(options.gateway ? { gateway: options.gateway } : {}),
        ...(options.film === undefined ? {} : { devices: { barcode: 'camera:' } }),
        ...(options.searched
          ? { env: { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${dataDir}` } }
          : {}),
        note: options.note,
      });
      cleanUp.unshift(() => demo.stop());
      const context = await options.browser.newContext({
        viewport: PORTRAIT,
        hasTouch: true,
        locale: 'it-IT',
        reducedMotion: 'reduce',
      });
      cleanUp.unshift(() => context.close());
      if (options.film !== undefined) {
        film(options.film, 'nothing');
        await context.grantPermissions(['camera']);
        await context.addInitScript(KEEP_STREAMS);
      }
      const page = await context.newPage();
      const stage = new Stage({
        demo,
        dataDir,
        context,
        page,
        browser: options.browser,
        film: options.film,
        console: await ConsoleApi.signIn(demo.fleetUrl),
      });
      await page.goto(demo.kioskUrl);
      await stage.on('home');
      await until('payments are possible', async () => {
        return (await stage.standing())?.state === 'in-service';
      });
      return stage;
    } catch (error) {
      await inOrder(cleanUp);
      throw error;
    }
  }

  async close(): Promise<void> {
    await inOrder([
      () => this.#context.close(),
      () => this.demo.stop(),
      () => rmSync(this.dataDir, { recursive: true, force: true }),
    ]);
  }

  get page(): Page {
    return this.#page;
  }

  /** Waits until the citizen sees this screen. */
  async on(screen: ScreenName, withinMs = 12_000): Promise<void> {
    await this.#page
      .locator(`main[data-screen="${screen}"]`)
      .waitFor({ timeout: withinMs })
      .catch(async (error: unknown) => {
        throw new Error(`${screen} was awaited, the screen says: ${await this.says()}`, { cause: error });
      });
  }

  /** All the words on the screen. */
  async says(): Promise<string> {
    const words = await this.#page.evaluate<string>('document.body.innerText');
    return words.replace(/\s+/g, ' ');
  }

  async expectWords(...wanted: readonly string[]): Promise<void> {
    for (const words of wanted) {
      await until(`the screen says «${words}»`, async () => {
        const said = await this.says();
        if (said.replaceAll('\u00a0', ' ').includes(words)) return true;
        throw new Error(said.slice(0, 600));
      });
    }
  }

  button(testId: string): Locator {
    return this.#page.getByTestId(testId);
  }

  /** A finger on the glass, not sooner than a person's: real touch and pointer events in the middle of the button. */
  async tap(testId: string): Promise<void> {
    const limit = testId.startsWith('key-') ? KEY_BOUNCE_MS : BOUNCE_MS;
    const early = limit - (performance.now() - (this.#tapped.get(testId) ?? Number.NEGATIVE_INFINITY));
    if (early > 0) await sleep(systemClock, early);
    await this.button(testId).tap({ timeout: 8000 });
    this.#tapped.set(testId, performance.now());
  }

  /** So many taps as fast as the glass reports them, on the button's place whatever is there by then. */
  async tapQuickly(testId: string, times: number): Promise<void> {
    const box = await this.button(testId).boundingBox();
    if (!box) throw new Error(`${testId} is not on the screen`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await Promise.all(Array.from({ length: times }, () => this.#page.touchscreen.tap(x, y)));
  }

  /** Types on the pad. */
  async type(digits: string): Promise<void> {
    for (const digit of digits) await this.tap(`key-${digit}`);
  }

  /** What the camera sees the next time it is switched on. */
  film(held: Held): void {
    if (this.#film === undefined) throw new Error('this stage has no camera');
    film(this.#film, held);
  }

  async allowCamera(allowed: boolean): Promise<void> {
    await this.#context.clearPermissions();
    // without a grant the question is put to the person, and a browser without a window says no
    if (allowed) await this.#context.grantPermissions(['camera']);
  }

  look(name: string, options?: LookOptions): Promise<void> {
    return look(this.#page, name, options);
  }

  /** Shows a notice to the reader and waits for its page. */
  async show(notice: Notice, screen: ScreenName = 'pay-check'): Promise<void> {
    await this.devices.scan(notice.qr);
    await this.on(screen);
  }

  /** From home to the page that asks for the card, which does not come by itself. */
  async toTheCard(notice: Notice): Promise<void> {
    await this.devices.pos({ action: 'hold-card' });
    await this.show(notice);
    await this.tap('consent');
    await this.on('pay-card');
    await this.cardAwaited();
  }

  /** The bank's terminal is asking for the card. */
  cardAwaited(): Promise<unknown> {
    return until('the card is awaited', async () => (await this.devices.posState()).phase === 'waiting-card');
  }

  presentCard(): Promise<unknown> {
    return this.devices.pos({ action: 'present-card' });
  }

  /** Done, and the paper is out. */
  async paid(): Promise<void> {
    await this.on('pay-done');
    await this.button('reprint').waitFor();
  }

  /** The address in the code for the phone, read from the glass as a phone's camera would. */
  receiptAddress(): Promise<string> {
    return this.code('receipt-phone');
  }

  /** What the code in this part of the screen says. */
  async code(testId: string): Promise<string> {
    const code = this.#page.locator(`[data-testid="${testId}"] svg`);
    return readQr(this.#page, await code.screenshot());
  }

  mark(): Promise<Mark> {
    return this.money.mark();
  }

  /** The runtime dies as in a power cut and comes back; the screen is opened at its new address. */
  async powerCut(): Promise<void> {
    const { url } = await this.demo.kiosk.powerCut();
    await this.#page.goto(url);
  }

  /** How the demo's terminal stands in the console. */
  async standing(): Promise<Overview['terminals'][number] | undefined> {
    const { terminals } = await this.console.overview();
    return terminals.find(({ terminalId }) => terminalId === demoCity.terminalId);
  }

  /** The screen of another terminal, in a browser of its own. */
  async openScreen(url: string): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: PORTRAIT,
      hasTouch: true,
      locale: 'it-IT',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** A console page, signed in by its own button. */
  async openConsole(): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1600, height: 1000 },
      locale: 'it-IT',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`${this.demo.fleetUrl}/console/`);
    await page.getByTestId('sign-in').click();
    await page.getByTestId('terminal-row').first().waitFor();
    return page;
  }

  /** Between two scenarios: devices in order, nobody in front. */
  async tidy(): Promise<void> {
    await this.#page.setViewportSize(PORTRAIT);
    await this.devices.reset();
    const complaints = this.#complaints;
    this.#complaints = [];
    if ((await this.#screen()) !== 'home') await this.#goHome();
    await until('everything is ready again', async () => {
      const terminal = await this.standing();
      if (terminal?.state === 'in-service') return true;
      throw new Error(`${terminal?.state}: ${terminal?.reason}`);
    });
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join(' | ')}`);
  }

  /** After a scenario that failed: whatever the screen was doing, begin anew. */
  async startAnew(): Promise<void> {
    await this.devices.reset();
    await this.console.clear(demoCity.terminalId);
    await this.powerCut();
    await this.on('home');
    this.#complaints = [];
  }

  async #screen(): Promise<string | null> {
    return this.#page.locator('main[data-screen]').first().getAttribute('data-screen');
  }

  async #goHome(): Promise<void> {
    const screen = await this.#screen();
    if (screen !== 'goodbye' && screen !== 'card-left') {
      const close = this.button('close-languages');
      if (await close.isVisible()) await close.tap();
      // a task that is over leaves by itself, also just now
      await Promise.race([this.tap('leave').catch(() => this.on('home')), this.on('home')]);
    }
    await this.on('home');
  }

  #listen(): void {
    this.#page.on('pageerror', (error) => this.#complaints.push(`${error.name}: ${error.message}`));
    this.#page.on('console', (message) => {
      // a line that breaks while the runtime is down is what those tests are about
      if (message.type() !== 'error' || /WebSocket|ERR_CONNECTION/.test(message.text())) return;
      this.#complaints.push(message.text());
    });
  }
}

/** Does all of them whatever becomes of each: a browser that is gone must not leave processes behind. */
async function inOrder(tasks: readonly (() => unknown)[]): Promise<void> {
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      console.log(`  while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
