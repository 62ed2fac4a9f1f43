import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dieTogether } from '../process/index.ts';
import type { CrowdState } from './crowd.ts';
import type { CrowdOrder } from './orders.ts';
import type { BrokerAddress } from './wire.ts';

const MAIN = fileURLToPath(new URL('./process-main.ts', import.meta.url));

let addresses = 1;
/** On this machine each process comes from an address of its own: one address has 28,000 ports only. */
function fromElsewhere(broker: BrokerAddress): BrokerAddress {
  if (broker.from !== undefined || new URL(broker.url).hostname !== '127.0.0.1') return broker;
  addresses = (addresses % 250) + 1;
  return { ...broker, from: `127.0.0.${addresses}` };
}

/** Crowds in processes of their own: what they cost is not the server's, and a process opens 20,000 files at most. */
export class Crowds {
  readonly #children: readonly ChildProcess[];
  readonly terminals: number;

  private constructor(children: readonly ChildProcess[], terminals: number) {
    this.#children = children;
    this.terminals = terminals;
  }

  static async start(options: {
    readonly tenantId: string;
    readonly seed: string;
    readonly broker: BrokerAddress;
    readonly terminals: number;
    readonly processes: number;
    /** Number of the first; 1 unless said. */
    readonly first?: number;
  }): Promise<Crowds> {
    const { terminals, processes, first = 1, ...shared } = options;
    const bounds = Array.from(
      { length: processes + 1 },
      (_, at) => first + Math.floor((at * terminals) / processes),
    );
    const children = await Promise.all(
      bounds.slice(0, -1).map(async (from, at) => {
        const child = dieTogether(fork(MAIN, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
        const broker = fromElsewhere(options.broker);
        child.send({ ...shared, broker, first: from, last: (bounds[at + 1] ?? from) - 1 });
        await once(child, 'message');
        return child;
      }),
    );
    return new Crowds(children, terminals);
  }

  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Rates and amounts are of all crowds together. */
  order(order: CrowdOrder): void {
    const share = 1 / this.#children.length;
    for (const child of this.#children) {
      if (order.order === 'connect') child.send({ ...order, perSecond: order.perSecond * share });
      else if (order.order === 'flood') child.send({ ...order, batches: order.batches * share });
      else if (order.order === 'change' || order.order === 'drop')
        child.send({ ...order, terminals: Math.ceil(order.terminals * share) });
      else child.send(order);
    }
  }

  async state(): Promise<CrowdState> {
    const states = await Promise.all(
      this.#children.map(async (child) => {
        const answer = once(child, 'message');
        child.send({ order: 'state' });
        const [state] = await answer;
        return state as CrowdState;
      }),
    );
    const sum = (pick: (state: CrowdState) => number) =>
      states.reduce((total, state) => total + pick(state), 0);
    const refusals: Record<string, number> = {};
    for (const state of states) {
      for (const [why, count] of Object.entries(state.refusals)) refusals[why] = (refusals[why] ?? 0) + count;
    }
    return {
      terminals: sum(({ terminals }) => terminals),
      green: sum(({ green }) => green),
      unacknowledged: sum(({ unacknowledged }) => unacknowledged),
      sent: sum(({ sent }) => sent),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      resent: sum(({ resent }) => resent),
      commands: sum(({ commands }) => commands),
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      ackMs: states.flatMap(({ ackMs }) => ackMs),
      refusals,
    };
  }

  /** Looks until it holds; false when it does not in time. */
  async until(holds: (state: CrowdState) => boolean, limitMs: number, everyMs = 100): Promise<boolean> {
    const end = performance.now() + limitMs;
    for (;;) {
      if (holds(await this.state())) return true;
      if (performance.now() > end) return false;
      await new Promise((next) => setTimeout(next, everyMs));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.send({ order: 'close' });
        await gone;
      }),
    );
  }
}
