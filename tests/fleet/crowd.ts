import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dieTogether } from '@jolly/simulators/process';
import type { TotemOrder, TotemState } from './totem.ts';

export interface CrowdOrder extends Omit<TotemOrder, 'terminalId' | 'site'> {
  readonly sites: readonly string[];
  /** Number of the first terminal, and how many there are. */
  readonly first: number;
  readonly count: number;
  readonly seed: number;
  /** How often this crowd was started. */
  readonly run: number;
  readonly skewMs: number;
  /** Of each terminal, up to 5. */
  readonly eventsEverySecond: number;
}

export type CrowdWord =
  | { readonly do: 'state' | 'quiet' | 'end' }
  /** A share of the clocks goes wrong, by so much at most; 0 and all: they are right again. */
  | { readonly do: 'skew'; readonly share: number; readonly mostMs: number };

export type CrowdAnswer = { readonly ready: true } | { readonly states: readonly TotemState[] };

type Fixed = Omit<CrowdOrder, 'run' | 'seed' | 'skewMs'>;

/** A process of terminals that can be killed and comes back to the same files. */
export class Crowd {
  readonly #fixed: Fixed;
  #child: ChildProcess | undefined;
  #run = 0;

  constructor(fixed: Fixed) {
    this.#fixed = fixed;
  }

  get kills(): number {
    return Math.max(0, this.#run - 1);
  }

  async start(seed: number, skewMs = 0): Promise<void> {
    this.#run += 1;
    const order: CrowdOrder = { ...this.#fixed, run: this.#run, seed, skewMs };
    const child = fork(join(import.meta.dirname, 'crowd-process.ts'), {
      env: { ...process.env, JOLLY_CROWD: JSON.stringify(order) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = dieTogether(child);
    const ready = once(child, 'message');
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`terminals ended with ${code} while they started`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  tell(word: CrowdWord): void {
    this.#child?.send({ word });
  }

  async states(): Promise<readonly TotemState[]> {
    const child = this.#child;
    if (!child) throw new Error('the terminals are not running');
    const answered = once(child, 'message') as Promise<[CrowdAnswer]>;
    this.tell({ do: 'state' });
    const [answer] = await answered;
    return 'states' in answer ? answer.states : [];
  }

  /** In order, as when a computer is switched off. */
  async end(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    this.tell({ do: 'end' });
    await gone;
  }

  /** What its terminals said that they have, and how often each of their printers printed. */
  ledger(): { readonly recorded: readonly string[]; readonly printed: ReadonlyMap<string, number> } {
    const lines = readFileSync(join(this.#fixed.folder, `ledger-${this.#fixed.first}`), 'utf8').split('\n');
    const recorded: string[] = [];
    const printed = new Map<string, number>();
    for (const line of lines) {
      const [kind, terminalId = '', word = ''] = line.split(' ');
      if (kind === 'recorded') recorded.push(`${terminalId} ${word}`);
      if (kind === 'printed') printed.set(terminalId, (printed.get(terminalId) ?? 0) + 1);
    }
    return { recorded, printed };
  }
}
