import { type Violation, violations } from './invariant.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { ANOTHER_NOTICE, type CutAt, guarded, NOTICE, visit, World } from './world/index.ts';

export interface CutReport {
  readonly cuts: number;
  readonly failures: readonly { readonly where: string; readonly violations: readonly Violation[] }[];
}

const drained = (world: World) => () => world.desk?.outboxDepth === 0 && world.desk.openPayments === 0;

async function pay(world: World, scenario: Scenario, notice = NOTICE): Promise<void> {
  const { desk, power } = world;
  if (!desk || !power.on) return;
  guarded(() => {
    world.payment = desk.open(notice);
  });
  if (power.on) await visit(world, scenario.habits);
}

/** Everything that can still arrive arrives; then every witness is asked. */
async function judge(world: World): Promise<readonly Violation[]> {
  await world.pass(900_000, drained(world), 100);
  world.fleet.settle();
  return violations(world.evidence());
}

/**
 * One life with the power cut at one write of the journal, perhaps a second cut during recovery, then a citizen who
 * tries the same notice again. Undefined when the run ended before the cut was reached.
 */
export async function cutOnce(
  scenario: Scenario,
  first: CutAt | undefined,
  second?: CutAt,
): Promise<{
  readonly violations: readonly Violation[];
  readonly writes: number;
  readonly reached: boolean;
}> {
  const world = new World();
  scenario.set(world);
  try {
    await world.boot(first);
    await pay(world, scenario);
    await world.pass(20_000, drained(world), 50);
    const writes = world.writes;
    if (first && world.power.on) return { violations: [], writes, reached: false };
    if (first) {
      await world.reboot(second);
      await world.pass(20_000, drained(world), 50);
      if (second && world.power.on) return { violations: [], writes, reached: false };
      if (second) await world.reboot();
      // The next citizen holds the same notice: it may be refused, never charged a second time.
      await world.pass(20_000, drained(world), 50);
      await pay(world, scenario);
      // And one with a notice of their own: what is open on the first explains nothing about this one.
      await world.pass(20_000, drained(world), 50);
      await pay(world, scenario, ANOTHER_NOTICE);
    }
    return { violations: await judge(world), writes, reached: true };
  } finally {
    await world.close();
  }
}

const SIDES = ['before', 'after'] as const;

/** Cuts every journal write of every scenario, on both sides, and once more at each write of the recovery. */
export async function cutEveryWrite(scenarios: readonly Scenario[] = SCENARIOS): Promise<CutReport> {
  let cuts = 0;
  const failures: { where: string; violations: readonly Violation[] }[] = [];
  const note = (where: string, found: readonly Violation[]) => {
    if (found.length > 0) failures.push({ where, violations: found });
  };
  for (const scenario of scenarios) {
    const dry = await cutOnce(scenario, undefined);
    note(`${scenario.name}, no cut`, dry.violations);
    for (let write = 0; write < dry.writes; write++) {
      for (const side of SIDES) {
        const once = await cutOnce(scenario, { write, side });
        if (!once.reached) continue;
        cuts++;
        note(`${scenario.name}, ${side} write ${write}`, once.violations);
        if (side === 'before') continue;
        for (let again = 0; ; again++) {
          const twice = await cutOnce(scenario, { write, side }, { write: again, side: 'after' });
          if (!twice.reached) break;
          cuts += 2;
          note(`${scenario.name}, after write ${write}, then after write ${again}`, twice.violations);
        }
      }
    }
  }
  return { cuts, failures };
}
