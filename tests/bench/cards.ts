import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createCards } from '../../simulators/card/index.ts';
import { ACTS, type CardAct, cardFor } from './card/acts.ts';
import { type Cost, costOf } from './card/own-time.ts';
import { benchStack, type StackFigures } from './card/stack.ts';
import { type Figure, figureOf } from './statistics.ts';

/** One act with a card. Bytes and APDUs as they go to the reader, of the run that had most. */
export interface ActFigures {
  readonly apdus: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly extended: boolean;
  readonly goal?: string;
  readonly met?: boolean;
  /** The driver alone, the emulated card's work taken off. */
  readonly ownCpu: Figure;
  readonly ownTime: Figure;
  /** The same, for the first time in a new process. */
  readonly cold?: { readonly ownCpu: Figure; readonly ownTime: Figure };
}

export interface CardFigures {
  readonly acts: Readonly<Record<string, ActFigures>>;
  /** Whole logins over the virtual stack: vpcd as it comes, and without the 40 ms its wire waits. */
  readonly login: { readonly installed: StackFigures; readonly quick: StackFigures };
}

const WARM_UP = 5;
const RUNS = 20;
const COLD_RUNS = 5;

/** `data`: where the keys of the emulated cards are kept meanwhile. */
export async function benchCards(data: string): Promise<CardFigures> {
  const cards = await createCards({ data });
  const acts: Record<string, ActFigures> = {};
  for (const act of ACTS) {
    const on = await cardFor(cards, act);
    const costs: Cost[] = [];
    for (let run = 0; run < RUNS + WARM_UP; run += 1) {
      const cost = await costOf(act, on);
      if (run >= WARM_UP) costs.push(cost);
    }
    acts[act.name] = actFigures(act, costs, act.cold ? coldCosts(data, act) : undefined);
  }
  // The other citizens' cards have their keys by now: the processes below only read them.
  return {
    acts,
    login: { installed: benchStack(data, 'installed', 3), quick: benchStack(data, 'quick', 20) },
  };
}

function coldCosts(data: string, { name }: CardAct): readonly Cost[] {
  const script = fileURLToPath(new URL('./card/cold-main.ts', import.meta.url));
  return Array.from({ length: COLD_RUNS }, () => {
    const { status, stdout } = spawnSync(process.execPath, [script, '--data', data, '--act', name], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name}: failed in a new process`);
    return JSON.parse(stdout) as Cost;
  });
}

function actFigures(act: CardAct, costs: readonly Cost[], cold: readonly Cost[] | undefined): ActFigures {
  const most = (pick: (cost: Cost) => number) => Math.max(...costs.map(pick));
  const own = (of: readonly Cost[]) => ({
    ownCpu: figureOf(
      of.map(({ cpu }) => cpu),
      'ms',
      act.cpu,
    ),
    ownTime: figureOf(
      of.map(({ time }) => time),
      'ms',
      act.time,
    ),
  });
  const apdus = most((cost) => cost.apdus);
  return {
    apdus,
    bytesSent: most(({ bytesSent }) => bytesSent),
    bytesReceived: most(({ bytesReceived }) => bytesReceived),
    extended: costs.some(({ extended }) => extended),
    ...(act.apdus === undefined ? {} : { goal: `≤ ${act.apdus} APDUs`, met: apdus <= act.apdus }),
    ...own(costs),
    ...(cold ? { cold: own(cold) } : {}),
  };
}
