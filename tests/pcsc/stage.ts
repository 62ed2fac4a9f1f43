import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Clock, systemClock } from '@jolly/contracts/values';
import { parseDeviceUri } from '@jolly/drivers/registry';
import { openReaderStack, type ReaderStack, type Slot } from '../../drivers/card/reader/index.ts';
import { type CardsProcess, startCards } from './cards-process.ts';
import { type FakeCard, type FakeCardOptions, layFakeCard } from './fake-card.ts';
import { type Pcscd, startPcscd, VPCD_PORTS } from './pcscd.ts';

/** A reader of Jolly's on this stage, with all that it said. */
export interface WatchedReader {
  readonly stack: ReaderStack;
  readonly history: (readonly Slot[])[];
  readonly troubles: (string | undefined)[];
  /** Waits for a card on that reader, newer than `than`, and gives its insertion. */
  card(slot?: 0 | 1, than?: number): Promise<number>;
}

/**
 * One scenario's world: a pcscd with the virtual reader (up in 20 ms, so each has a fresh one), and whatever it lays, opens or
 * starts. All of it is ended after the scenario.
 */
export class Stage {
  #pcscd: Pcscd | undefined;
  readonly #cleanUps: (() => Promise<unknown>)[] = [];

  /** Starts pcscd unless it runs. */
  async pcscd(options: { readonly reader?: boolean } = {}): Promise<Pcscd> {
    this.#pcscd ??= await startPcscd(options);
    return this.#pcscd;
  }

  async stopPcscd(signal?: NodeJS.Signals): Promise<void> {
    const running = this.#pcscd;
    this.#pcscd = undefined;
    await running?.stop(signal);
  }

  async restartPcscd(options: { readonly reader?: boolean } = {}): Promise<Pcscd> {
    await this.stopPcscd();
    return this.pcscd(options);
  }

  /** A card that is no more than a function. Waits while the slot is not free. */
  async lay(card: Omit<FakeCardOptions, 'port'> = {}, slot: 0 | 1 = 0): Promise<FakeCard> {
    const laid = await layFakeCard({ ...card, port: VPCD_PORTS[slot] });
    this.defer(() => laid.take());
    return laid;
  }

  /** The process with the simulated citizens' cards; none is laid yet. */
  async cards(): Promise<CardsProcess> {
    const cards = await startCards();
    this.defer(() => cards.stop());
    return cards;
  }

  /** The driver's side, not yet necessarily with a reader. */
  open(uri = 'pcsc:Virtual PCD', clock: Clock = systemClock): WatchedReader {
    const stack = openReaderStack(parseDeviceUri(uri), { clock, log: () => undefined });
    const history: (readonly Slot[])[] = [];
    const troubles: (string | undefined)[] = [];
    stack.start({ slots: (slots) => history.push(slots), trouble: (reason) => troubles.push(reason) });
    this.defer(() => stack.close());
    const card = async (slot: 0 | 1 = 0, than = 0) => {
      const there = () =>
        stack.slots.find(
          ({ name, state, insertion }) => name.endsWith(`0${slot}`) && state === 'card' && insertion > than,
        );
      await until('a card on the reader', () => there() !== undefined);
      return (there() as Slot).insertion;
    };
    return { stack, history, troubles, card };
  }

  /** Runs a foreign program inside this stage's namespaces; rejects when it fails. */
  async run(command: string, args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 20_000 });
    return stdout;
  }

  defer(cleanUp: () => Promise<unknown>): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Ends what the scenario began, newest first. */
  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp();
    await this.stopPcscd();
  }
}

/** One thing that must hold over the real PC/SC stack. `tools` are programs it cannot do without. */
export interface Scenario {
  readonly name: string;
  readonly tools?: readonly string[];
  run(stage: Stage): Promise<void>;
}

export const missingTools = (tools: readonly string[] = []): readonly string[] =>
  tools.filter((tool) => !existsSync(tool));

export async function until(what: string, holds: () => boolean, ms = 8_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
