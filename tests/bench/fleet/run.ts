import { join } from 'node:path';
import { Crowds, loadTerminalId } from '@jolly/simulators/fleet-load';
import { load } from '../machine.ts';
import { quantile, rounded } from '../statistics.ts';
import { type Bound, bounded } from './bounded.ts';
import { type ConsoleFigures, watchConsole } from './console.ts';
import { type House, openHouse } from './house.ts';
import { coresBetween, settled, type Use, useOf } from './process.ts';

/** How much of everything; `npm run bench` takes these, a person at leisure may take others. */
export interface FleetSizes {
  /** Terminals of each row of the cost table, growing. */
  readonly steps: readonly number[];
  readonly connectsPerSecond: number;
  /** Each row is measured for so long. */
  readonly stepSeconds: number;
  readonly floodSeconds: number;
  readonly floodBatches: number;
  readonly batch: number;
  readonly commands: number;
  /** Connections without TLS, for the memory of one. */
  readonly plain: number;
}

export const FLEET_SIZES: FleetSizes = {
  steps: [100, 1_000, 5_000, 15_000],
  connectsPerSecond: 250,
  stepSeconds: 6,
  floodSeconds: 8,
  floodBatches: 300,
  batch: 20,
  commands: 100,
  plain: 3_000,
};

const HEARTBEAT_SECONDS = 60;
const OFFLINE_LIMIT_MS = 100_000;
/** Longest wait for who was refused at first, beyond the time that connecting takes. */
const ARRIVAL_MS = 90_000;
const STORM_LIMIT_S = 240;
const SETTLE_MS = 4_000;

/** One row of the cost table. */
export interface Step {
  readonly terminals: number;
  readonly serverRssMb: number;
  readonly serverCores: number;
  readonly loadCores: number;
  readonly kbOfEach: number;
}

export interface FleetFigures {
  readonly loadAtStart: number;
  readonly cost: readonly Step[];
  readonly connected: Bound;
  readonly serverMemory: Bound;
  readonly kbOfConnection: { readonly tls: Bound; readonly plain: Bound };
  readonly connecting: { readonly seconds: number; readonly serverCores: number; readonly loadCores: number };
  readonly events: Flood;
  readonly command: Bound & { readonly median: number; readonly n: number };
  readonly offline: { readonly pulled: Bound; readonly silent: Bound };
  readonly storm: Storm;
  readonly console: ConsoleFigures | undefined;
  readonly tookSeconds: number;
}

export interface Flood {
  readonly batch: number;
  readonly storedPerSecond: Bound;
  readonly serverCores: Bound;
  readonly loadCores: number;
  readonly ackMs: { readonly p50: number; readonly p99: number };
}

export interface Storm {
  readonly terminals: number;
  readonly secondsToHalf: number;
  readonly secondsToAll: number;
  /** Who had not come back when the time was up. */
  readonly missing: number;
  readonly lost: number;
  readonly resent: number;
  readonly serverCores: number;
}

type Note = (line: string) => void;

/** The fleet server under a crowd: one growing run over TLS, and a small one without. */
export async function benchFleet(options: {
  readonly folder: string;
  readonly chromium: string | undefined;
  readonly sizes?: FleetSizes;
  readonly note: Note;
}): Promise<FleetFigures> {
  const { folder, chromium, note, sizes = FLEET_SIZES } = options;
  const began = performance.now();
  const loadAtStart = load();
  const plain = await plainMemory(join(folder, 'plain'), sizes, note);
  const terminals = sizes.steps.at(-1) ?? 0;
  const house = await openHouse({ folder: join(folder, 'tls'), terminals, tls: true });
  const run = new Run(house, sizes, note);
  try {
    const grown = await run.grow();
    const silent = run.silence();
    const events = await run.flood();
    const command = await run.commands();
    const shown = chromium ? await watchConsole(chromium, house, run.last) : undefined;
    const pulled = await run.pulled();
    const offline = { pulled, silent: await silent };
    const storm = await run.storm();
    return {
      loadAtStart,
      ...grown,
      kbOfConnection: { tls: grown.kbOfConnection, plain },
      events,
      command,
      offline,
      storm,
      console: shown,
      tookSeconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    await run.stop();
    await house.stop();
  }
}

async function plainMemory(folder: string, sizes: FleetSizes, note: Note): Promise<Bound> {
  note(`${sizes.plain} terminals without TLS`);
  const house = await openHouse({ folder, terminals: sizes.plain, tls: false });
  const crowd = await Crowds.start({ ...house.crowd, terminals: sizes.plain, processes: 1 });
  try {
    const before = await settled(house.pid, SETTLE_MS);
    crowd.order({ order: 'connect', perSecond: sizes.connectsPerSecond });
    const there = await arrived(crowd, sizes, note);
    const after = await settled(house.pid, SETTLE_MS);
    return bounded(((after.rssMb - before.rssMb) * 1024) / there, 'KB', { most: 25 });
  } finally {
    await crowd.stop();
    await house.stop();
  }
}

/** How many are there when all are, or when time is up: on a machine with other work that may be fewer. */
async function arrived(crowd: Crowds, sizes: FleetSizes, note: Note): Promise<number> {
  const limit = ARRIVAL_MS + (crowd.terminals / sizes.connectsPerSecond) * 1_000;
  await crowd.until(({ green }) => green === crowd.terminals, limit, 250);
  const { green, refusals } = await crowd.state();
  if (green < crowd.terminals)
    note(`${green} of ${crowd.terminals} are connected: ${JSON.stringify(refusals)}`);
  return green;
}

/** One server over TLS, from nobody to everybody, and what is tried while everybody is there. */
class Run {
  readonly #house: House;
  readonly #sizes: FleetSizes;
  readonly #note: Note;
  /** Each with the number of its first terminal. */
  readonly #crowds: { readonly crowd: Crowds; readonly first: number }[] = [];

  constructor(house: House, sizes: FleetSizes, note: Note) {
    this.#house = house;
    this.#sizes = sizes;
    this.#note = note;
  }

  /** The crowd that came last, and by far the largest. */
  get last(): { readonly crowd: Crowds; readonly first: number } {
    const last = this.#crowds.at(-1);
    if (!last) throw new Error('nobody is there');
    return last;
  }

  get #first(): { readonly crowd: Crowds; readonly first: number } {
    return this.#crowds[0] ?? this.last;
  }

  async grow() {
    const { steps, connectsPerSecond, stepSeconds } = this.#sizes;
    const { pid } = this.#house;
    const empty = await settled(pid, SETTLE_MS);
    const cost: Step[] = [];
    let connecting = { seconds: 0, serverCores: 0, loadCores: 0 };
    let there = 0;
    let asked = 0;
    for (const step of steps) {
      this.#note(`${step} terminals`);
      const crowd = await Crowds.start({
        ...this.#house.crowd,
        terminals: step - asked,
        first: asked + 1,
        processes: 1,
      });
      this.#crowds.push({ crowd, first: asked + 1 });
      asked = step;
      const before = this.#look();
      crowd.order({ order: 'heartbeats', seconds: HEARTBEAT_SECONDS });
      crowd.order({ order: 'connect', perSecond: connectsPerSecond });
      there += await arrived(crowd, this.#sizes, this.#note);
      const after = this.#look();
      connecting = { seconds: rounded((after.at - before.at) / 1000), ...coresOf(before, after) };
      await settled(pid, SETTLE_MS);
      const quiet = this.#look();
      await pause(stepSeconds * 1000);
      const now = this.#look();
      this.#note(`server ${Math.round(now.server.rssMb)} MB, connected in ${connecting.seconds} s`);
      cost.push({
        terminals: there,
        serverRssMb: Math.round(now.server.rssMb),
        ...coresOf(quiet, now),
        kbOfEach: rounded(((now.server.rssMb - empty.rssMb) * 1024) / there),
      });
    }
    const last = cost.at(-1);
    return {
      cost,
      connected: bounded(there, 'terminals', { least: 15_000 }),
      serverMemory: bounded(last?.serverRssMb ?? Number.NaN, 'MB', { most: 2_048 }),
      kbOfConnection: bounded(last?.kbOfEach ?? Number.NaN, 'KB', { most: 40 }),
      connecting,
    };
  }

  async flood(): Promise<Flood> {
    const { floodBatches, floodSeconds, batch } = this.#sizes;
    this.#note(`${floodBatches * batch} events a second`);
    const { crowd } = this.last;
    await crowd.state();
    const before = this.#look();
    const began = (await crowd.state()).acknowledged;
    crowd.order({ order: 'flood', batches: floodBatches, size: batch, seconds: floodSeconds });
    await pause(floodSeconds * 1000);
    const at = await crowd.state();
    const after = this.#look();
    await crowd.until(({ unacknowledged }) => unacknowledged === 0, 60_000);
    this.#note(`${Math.round((at.acknowledged - began) / floodSeconds)} a second acknowledged`);
    const { serverCores, loadCores } = coresOf(before, after);
    const seconds = (after.at - before.at) / 1000;
    return {
      batch,
      storedPerSecond: bounded((at.acknowledged - began) / seconds, 'events/s', { least: 5_000 }),
      serverCores: bounded(serverCores, 'cores', { most: 1 }),
      loadCores,
      ackMs: { p50: rounded(quantile(at.ackMs, 0.5)), p99: rounded(quantile(at.ackMs, 0.99)) },
    };
  }

  async commands() {
    const { commands } = this.#sizes;
    this.#note(`${commands} commands`);
    const { first, crowd } = this.last;
    const people = await Promise.all([1, 2, 3, 4].map(() => this.#house.person()));
    const times: number[] = [];
    await Promise.all(
      people.map(async (person, turn) => {
        for (let at = turn; at < commands; at += people.length) {
          const number = first + Math.floor((at / commands) * crowd.terminals);
          times.push(await person.command(loadTerminalId(number), () => pause(15)));
          await pause(50);
        }
      }),
    );
    return {
      ...bounded(quantile(times, 0.99), 'ms', { most: 1_000 }),
      median: rounded(quantile(times, 0.5)),
      n: times.length,
    };
  }

  /** The first crowd stands still, its connections open: as terminals whose line is cut where nobody tells. */
  async silence(): Promise<Bound> {
    const { crowd } = this.#first;
    const person = await this.#house.person();
    const began = performance.now();
    for (const pid of crowd.pids) process.kill(pid, 'SIGSTOP');
    try {
      const ms = await this.#untilStopped(person, crowd.terminals, began);
      return bounded(ms / 1000, 's', { most: 90 });
    } finally {
      for (const pid of crowd.pids) process.kill(pid, 'SIGCONT');
    }
  }

  /** One cable is pulled. */
  async pulled(): Promise<Bound> {
    const person = await this.#house.person();
    const { stopped } = (await person.fleet()).counts;
    const began = performance.now();
    this.last.crowd.order({ order: 'drop', terminals: 1 });
    const ms = await this.#untilStopped(person, stopped + 1, began);
    return bounded(ms / 1000, 's', { most: 90 });
  }

  async #untilStopped(person: Awaited<ReturnType<House['person']>>, n: number, began: number) {
    for (;;) {
      const { counts } = await person.fleet();
      const ms = performance.now() - began;
      if (counts.stopped >= n) return ms;
      if (ms > OFFLINE_LIMIT_MS) return Number.POSITIVE_INFINITY;
      await pause(100);
    }
  }

  async storm(): Promise<Storm> {
    this.#note('everybody’s cable is pulled');
    const before = this.#look();
    const states = () => Promise.all(this.#crowds.map(({ crowd }) => crowd.state()));
    const total = async (pick: (state: Awaited<ReturnType<Crowds['state']>>) => number) =>
      (await states()).reduce((sum, state) => sum + pick(state), 0);
    const resent = await total((state) => state.resent);
    const all = this.#crowds.reduce((sum, { crowd }) => sum + crowd.terminals, 0);
    const began = performance.now();
    for (const { crowd } of this.#crowds) crowd.order({ order: 'storm' });
    let half = Number.NaN;
    let missing = all;
    for (;;) {
      await pause(250);
      const green = await total((state) => state.green);
      const seconds = (performance.now() - began) / 1000;
      if (green >= all / 2 && Number.isNaN(half)) half = seconds;
      missing = all - green;
      if (missing === 0 || seconds > STORM_LIMIT_S) break;
    }
    const seconds = (performance.now() - began) / 1000;
    const after = this.#look();
    const end = performance.now() + 30_000;
    while ((await total((state) => state.unacknowledged)) > 0 && performance.now() < end) await pause(250);
    const last = await states();
    const sum = (pick: (state: (typeof last)[number]) => number) =>
      last.reduce((whole, state) => whole + pick(state), 0);
    return {
      terminals: all,
      secondsToHalf: rounded(half),
      secondsToAll: rounded(seconds),
      missing,
      // heartbeats go on: what was said in the last moment is on its way and no loss
      lost: Math.max(
        0,
        sum((state) => state.sent - state.acknowledged) - sum((state) => state.unacknowledged),
      ),
      resent: sum((state) => state.resent) - resent,
      serverCores: coresOf(before, after).serverCores,
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#crowds.map(({ crowd }) => crowd.stop()));
  }

  #look(): Look {
    const clients = this.#crowds.flatMap(({ crowd }) => crowd.pids.map(useOf));
    return { at: performance.now(), server: useOf(this.#house.pid), clients };
  }
}

interface Look {
  readonly at: number;
  readonly server: Use;
  readonly clients: readonly Use[];
}

function coresOf(before: Look, after: Look): { readonly serverCores: number; readonly loadCores: number } {
  const clients = after.clients.map((use, at) => {
    const was = before.clients[at];
    return was ? coresBetween(was, use) : 0;
  });
  return {
    serverCores: rounded(coresBetween(before.server, after.server)),
    loadCores: rounded(clients.reduce((sum, cores) => sum + cores, 0)),
  };
}

const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));
