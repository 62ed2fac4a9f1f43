import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretField } from '@jolly/contracts/terminal-channel';
import { type Demo, startDemo } from '@jolly/simulators/launcher';
import { CardsControl, type SimulatedCitizen } from '../cards-process.ts';
import { inNamespaces } from '../namespaces.ts';
import { VPCD_PORTS } from '../pcscd.ts';
import { type Stage, until, type WatchedReader } from '../stage.ts';
import { WireTap } from '../wire-tap.ts';
import { HeadlessScreen } from './screen.ts';

/** What lies behind the counter of the emulated card: the books that nobody of ours writes. */
export interface Tries {
  readonly pin: number;
  readonly puk: number;
}

/** A CIE as it comes: nothing tried. */
export const UNTRIED: Tries = { pin: 3, puk: 10 };

/**
 * All of Jolly with its terminal at the real PC/SC stack: pcscd and the virtual reader below it, the simulated citizens' cards on
 * that reader's wire, a screen without a browser before it. One for many scenarios.
 */
export class House {
  readonly demo: Demo;
  readonly cards: CardsControl;
  readonly stage: Stage;
  /** The wires of both slots. */
  readonly wires: readonly WireTap[];
  readonly dataDir: string;
  /** Another client of the same pcscd: what it shows. */
  readonly #watch: WatchedReader;
  #screen: HeadlessScreen;

  private constructor(parts: {
    readonly stage: Stage;
    readonly demo: Demo;
    readonly wires: readonly WireTap[];
    readonly dataDir: string;
    readonly screen: HeadlessScreen;
  }) {
    this.stage = parts.stage;
    this.demo = parts.demo;
    this.wires = parts.wires;
    this.dataDir = parts.dataDir;
    this.cards = new CardsControl(parts.demo.controls.card);
    this.#screen = parts.screen;
    this.#watch = parts.stage.open();
  }

  static async open(stage: Stage): Promise<House> {
    const dataDir = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-house-'));
    stage.defer(async () => rmSync(dataDir, { recursive: true, force: true }));
    const wires = await Promise.all(VPCD_PORTS.map((port) => WireTap.open(port)));
    for (const wire of wires) stage.defer(() => wire.close());
    const demo = await startDemo({
      dataDir,
      ports: { kiosk: 0, fleet: 0, panel: 0 },
      pace: { posMs: 0, nodeMs: 0 },
      cardReader: { uri: 'pcsc:Virtual PCD', slots: wires.map(({ address }) => address) },
      kiosk: {
        idle: { warnAfterSeconds: 60, countdownSeconds: 40, goodbyeSeconds: 1 },
        login: {
          methods: ['cie-card-local', 'cns-card-local'],
          withoutPin: true,
          cardLeftSeconds: 5,
          cscaFiles: [join(dataDir, 'cards', 'csca-certificate.pem')],
        },
      },
      note: (line) => console.log(`  [${line}]`),
    });
    stage.defer(() => demo.stop());
    const screen = await HeadlessScreen.open(demo.kioskUrl);
    const house = new House({ stage, demo, wires, dataDir, screen });
    stage.defer(async () => house.screen.close());
    return house;
  }

  get screen(): HeadlessScreen {
    return this.#screen;
  }

  get wire(): WireTap {
    return this.wires[0] as WireTap;
  }

  /** Cards as new and in their owners' pockets, nobody at the terminal. */
  async begin(): Promise<void> {
    await this.cards.reset();
    await this.home();
    for (const wire of this.wires) wire.forget();
    this.screen.forget();
  }

  /** Whoever stands there goes, card and all. */
  async home(): Promise<void> {
    const { screen } = this;
    await this.empty();
    const { screen: page, session } = screen.snapshot;
    if (page.name !== 'goodbye' && (page.name !== 'home' || session)) await screen.press({ type: 'leave' });
    await screen.on('home');
    await this.#readerThere();
  }

  /** Takes all cards away; resolves when PC/SC has seen it: a swap between two of its looks it does not see. */
  async empty(): Promise<void> {
    await this.cards.act({ action: 'take' });
    await until('empty readers', () => {
      const { slots } = this.#watch.stack;
      return slots.length === 0 || slots.every(({ state }) => state === 'empty');
    });
  }

  /** The terminal has its reader. */
  async #readerThere(): Promise<void> {
    await this.screen.until(
      'a reader',
      ({ place, limitations }) => place.signIn === true && !limitations.includes('card-unavailable'),
    );
  }

  /** Signs in with the right PIN, from wherever no login is under way; the name must greet. */
  async signIn(id: string, pin?: string): Promise<SimulatedCitizen> {
    const citizen = await this.cards.hold(id);
    const field: SecretField = citizen.card === 'cie' ? 'cie-pin' : 'cns-pin';
    await this.screen.submit(field, pin ?? citizen.pin);
    await this.greets(citizen);
    return citizen;
  }

  async greets({ name, card }: SimulatedCitizen): Promise<void> {
    await this.screen.on('signed-in', { card });
    const { citizen } = this.screen.snapshot;
    // cards write names in capitals
    assert.equal(`${citizen?.givenName} ${citizen?.familyName}`, name.toUpperCase());
    assert.equal(citizen?.method, card === 'cie' ? 'cie-card-local' : 'cns-card-local');
  }

  /** The card's own books, and how often it was handed a PIN or PUK since `begin` (INS 20, 24, 2C). */
  async books(id: string, tries: Tries, secrets: readonly number[]): Promise<void> {
    const { pinTries, pukTries } = await this.cards.citizen(id);
    assert.deepEqual({ pin: pinTries, puk: pukTries }, tries, `tries of ${id}`);
    assert.deepEqual(
      [...this.wires.flatMap((wire) => [...wire.secrets])],
      [...secrets],
      'secrets that the card was handed',
    );
  }

  /** Another runtime of the same terminal, as after a power cut. */
  async restartTerminal(): Promise<number> {
    this.screen.close();
    const { url, pid } = await this.demo.kiosk.powerCut();
    this.#screen = await HeadlessScreen.open(url);
    await this.screen.on('home');
    await this.#readerThere();
    return pid;
  }

  /** Ends lists, sessions and counts of the server. */
  async restartServer(): Promise<void> {
    await this.demo.server.powerCut();
  }

  /** After a scenario that failed: whatever terminal and reader were doing. */
  async startAnew(): Promise<void> {
    await this.cards.reset();
    await this.stage.pcscd();
    await this.empty();
    await this.restartServer();
    await this.restartTerminal();
  }

  /** The last lines of the terminal's log, without those of other devices. */
  log(lines = 12): string {
    const log = readFileSync(join(this.dataDir, 'logs', 'terminal.log'), 'utf8')
      .trimEnd()
      .split('\n');
    return log
      .filter((line) => /card|login|citizen|server/.test(line))
      .slice(-lines)
      .join('\n');
  }
}
