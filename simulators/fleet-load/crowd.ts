import type { EntryData } from '@jolly/contracts/fleet-link';
import { loadTerminalId } from './key.ts';
import { type Counts, LoadTerminal } from './terminal.ts';
import type { BrokerAddress } from './wire.ts';

export interface CrowdOptions {
  readonly tenantId: string;
  readonly seed: string;
  readonly broker: BrokerAddress;
  /** Numbers of the made-up terminals: from the first to the last, both included. */
  readonly first: number;
  readonly last: number;
}

export interface CrowdState extends Counts {
  readonly terminals: number;
  readonly green: number;
  readonly unacknowledged: number;
  /** Milliseconds from batch to acknowledgement, since the last look. */
  readonly ackMs: readonly number[];
  /** Processor of this process, seconds. */
  readonly cpuSeconds: number;
}

const MOST_SAMPLES = 20_000;
/** As a real terminal waits before it comes back: anything up to a limit that doubles. */
const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;
/** Who was welcome for so long counts its failures anew. */
const STEADY_MS = 10_000;

/** Many made-up terminals in one process. */
export class Crowd {
  readonly #terminals: readonly LoadTerminal[];
  readonly #counts: Counts = { sent: 0, acknowledged: 0, resent: 0, commands: 0, refusals: {} };
  readonly #timers = new Set<NodeJS.Timeout>();
  #ackMs: number[] = [];
  #stays = false;

  constructor({ tenantId, seed, broker, first, last }: CrowdOptions) {
    this.#terminals = Array.from({ length: last - first + 1 }, (_, at) => {
      const address = { tenantId, terminalId: loadTerminalId(first + at) };
      const terminal = new LoadTerminal(address, seed, broker, this.#counts);
      terminal.onAck = (ms) => {
        if (this.#ackMs.length < MOST_SAMPLES) this.#ackMs.push(ms);
      };
      terminal.onDown = () => this.#again(terminal, 0);
      return terminal;
    });
    this.#every(5_000, () => {
      for (const terminal of this.#terminals) terminal.remind();
    });
  }

  /** Connects all, so many a second; who falls comes back. */
  connect(perSecond: number): void {
    this.#stays = true;
    for (const [at, terminal] of this.#terminals.entries()) {
      this.#after((at / perSecond) * 1000, () => terminal.connect());
    }
  }

  /** Everybody's cable is pulled at once; they come back as real ones do: each after a random wait that doubles. */
  storm(): void {
    for (const terminal of this.#terminals) terminal.drop();
    for (const terminal of this.#terminals) this.#again(terminal, 0);
  }

  /** A heartbeat of each terminal every `seconds`, spread evenly. */
  heartbeats(seconds: number): void {
    const ms = seconds * 1000;
    for (const [at, terminal] of this.#terminals.entries()) {
      this.#after((at / this.#terminals.length) * ms, () => {
        terminal.heartbeat();
        this.#every(ms, () => terminal.heartbeat());
      });
    }
  }

  /** `batches` of `size` entries a second over all terminals together, for so many seconds. */
  flood(batches: number, size: number, seconds: number): void {
    const entry: EntryData = {
      kind: 'event',
      event: 'service-ended',
      detail: { service: 'notice', outcome: 'paid' },
    };
    const batch = Array.from({ length: size }, () => entry);
    const begun = performance.now();
    let done = 0;
    const turn = setInterval(() => {
      const elapsed = (performance.now() - begun) / 1000;
      const due = Math.min(elapsed, seconds) * batches;
      for (; done < due; done++) this.#terminals[done % this.#terminals.length]?.entries(batch);
      if (elapsed < seconds) return;
      clearInterval(turn);
      this.#timers.delete(turn);
    }, 20);
    this.#timers.add(turn);
  }

  /** The cables of so many are pulled, and they do not come back. */
  drop(terminals: number): void {
    for (const terminal of this.#terminals.slice(0, terminals)) terminal.drop();
  }

  /** So many terminals change their reported twin. */
  change(terminals: number, limitations: readonly string[]): void {
    for (const terminal of this.#terminals.slice(0, terminals)) terminal.changes(limitations);
  }

  state(): CrowdState {
    const ackMs = this.#ackMs;
    this.#ackMs = [];
    const { user, system } = process.cpuUsage();
    return {
      ...this.#counts,
      terminals: this.#terminals.length,
      green: this.#terminals.filter(({ green }) => green).length,
      unacknowledged: this.#terminals.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0),
      ackMs,
      cpuSeconds: (user + system) / 1e6,
    };
  }

  close(): void {
    this.#stays = false;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const terminal of this.#terminals) terminal.drop(false);
  }

  #again(terminal: LoadTerminal, failures: number): void {
    if (!this.#stays) return;
    const most = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    terminal.onDown = () => this.#again(terminal, failures + 1);
    this.#after(Math.random() * most, () => {
      terminal.connect();
      this.#after(STEADY_MS, () => {
        if (terminal.green) terminal.onDown = () => this.#again(terminal, 0);
      });
    });
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #every(ms: number, act: () => void): void {
    this.#timers.add(setInterval(act, ms));
  }
}
