import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ScreenName } from '@jolly/contracts/terminal-channel';
import { demoCity } from '@jolly/simulators/launcher';
import { type Ready, type Started, startProcess } from '@jolly/simulators/process';
import type { Page } from 'playwright-core';
import { Simulators } from './simulators.ts';
import type { Stage } from './stage.ts';

const root = resolve(import.meta.dirname, '../../..');
const START_LIMIT_MS = 60_000;

interface UrlReady {
  readonly ready: true;
  readonly url: string;
}

/** A terminal beside the demo's: its process, its data, its screen. */
export interface AnotherTerminal {
  readonly page: Page;
  readonly dataDir: string;
  on(screen: ScreenName, withinMs?: number): Promise<void>;
  /** Only its process ends; the folder stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Terminals out of their boxes, of which no file says who they are; they share one set of simulated devices. */
export class MoreTerminals {
  /** Their own POS, printer and barcode reader; the rest are the demo's. */
  readonly devices: Simulators;
  readonly #stage: Stage;
  readonly #devices: readonly Started<Ready>[];
  readonly #started: Started<UrlReady>[] = [];
  readonly #pages: Page[] = [];

  private constructor(stage: Stage, devices: readonly Started<Ready>[]) {
    this.#stage = stage;
    this.#devices = devices;
    const [pos = '', printer = '', barcode = ''] = devices.map(({ ready }) => ready.control);
    this.devices = new Simulators({ ...stage.demo.controls, pos, printer, barcode });
  }

  /** For the time of `play`. */
  static async beside(stage: Stage, play: (more: MoreTerminals) => Promise<void>): Promise<void> {
    const logFile = join(stage.dataDir, 'logs', 'more-devices.log');
    const devices = await Promise.all(
      ['pos', 'printer', 'barcode'].map((name) =>
        startProcess<Ready>(join(root, `simulators/${name}/main.ts`), ['--wire', 'tcp:0'], {
          logFile,
          timeoutMs: START_LIMIT_MS,
        }),
      ),
    );
    const more = new MoreTerminals(stage, devices);
    try {
      await play(more);
    } finally {
      await more.#close();
    }
  }

  /** `copyOf`: begins with what the other has in its folder, its key too. */
  async start(
    name: string,
    { serial, copyOf }: { readonly serial?: string; readonly copyOf?: string } = {},
  ): Promise<AnotherTerminal> {
    // told again, a story begins with an empty folder
    const folder = `${name}-${randomUUID()}`;
    const dataDir = join(this.#stage.dataDir, folder);
    if (copyOf === undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    else cpSync(copyOf, dataDir, { recursive: true });
    const [pos, printer, barcode] = this.#devices.map(({ ready }) => ready.wire.replace(/^tcp:/, ''));
    const config = join(this.#stage.dataDir, `${folder}.json`);
    writeFileSync(
      config,
      JSON.stringify({
        mode: 'demo',
        city: demoCity.tenantName,
        site: 'In magazzino',
        creditorTaxCode: demoCity.creditorTaxCode,
        serverUrl: this.#stage.demo.fleetUrl,
        dataDir,
        screenDir: join(root, 'ui/citizen/dist'),
        speech: { engine: 'none' },
        // a serial counts only with the municipality that wrote it down
        ...(serial === undefined ? {} : { serial, tenantId: demoCity.tenantId }),
        devices: {
          pos: `ecr17+tcp:${pos}?lrc=auto&settle=0`,
          printer: `escpos+tcp:${printer}?profile=epson-generic&poll=2`,
          barcode: `serial-barcode+tcp:${barcode}`,
        },
      }),
      { mode: 0o600 },
    );
    const terminal = await startProcess<UrlReady>(join(root, 'kiosk/runtime/main.ts'), ['--config', config], {
      logFile: join(this.#stage.dataDir, 'logs', `${name}.log`),
      timeoutMs: START_LIMIT_MS,
    });
    this.#started.push(terminal);
    const page = await this.#stage.openScreen(terminal.ready.url);
    this.#pages.push(page);
    return {
      page,
      dataDir,
      stop: (signal) => terminal.stop(signal),
      on: async (screen, withinMs = 15_000) => {
        await page
          .locator(`main[data-screen="${screen}"]`)
          .waitFor({ timeout: withinMs })
          .catch(async (error: unknown) => {
            const says = await page.evaluate<string>('document.body.innerText');
            throw new Error(`${name}: ${screen} was awaited, the screen says: ${says}`, { cause: error });
          });
      },
    };
  }

  async #close(): Promise<void> {
    for (const page of this.#pages) await page.context().close();
    for (const each of [...this.#started, ...this.#devices]) await each.stop();
  }
}
