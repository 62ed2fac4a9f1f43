import type { CutReport } from './in-process.ts';
import { type Violation, violations } from './invariant.ts';
import { type ByteCut, Ecr17Bench, guarded, NOTICE, type NodeMood, visit, World } from './world/index.ts';

/** An outcome class as the real driver and a simulated ECR17 terminal play it. */
interface WireScenario {
  readonly name: string;
  readonly node: NodeMood;
  arm(bench: Ecr17Bench): void;
}

const plain = (name: string, node: NodeMood): WireScenario => ({ name, node, arm: () => undefined });

export const WIRE_SCENARIOS: readonly WireScenario[] = [
  plain('approved', 'ok'),
  {
    name: 'declined',
    node: 'ok',
    arm: ({ simulated }) =>
      simulated.act({ action: 'decline', reason: 'FONDI INSUFFICIENTI', on: 'payment', times: 1 }),
  },
  {
    name: 'lost answer, charged',
    node: 'ok',
    arm: ({ simulated }) => simulated.act({ action: 'lost-answer', charged: true, on: 'payment', times: 1 }),
  },
  {
    name: 'lost answer, not charged',
    node: 'ok',
    arm: ({ simulated }) => simulated.act({ action: 'lost-answer', charged: false, on: 'payment', times: 1 }),
  },
  plain('node silent', 'silent'),
  plain('late token', 'late'),
  plain('duplicate', 'duplicate'),
  plain('discordant', 'discordant'),
];

const drained = (world: World) => () => world.desk?.outboxDepth === 0 && world.desk.openPayments === 0;

/** One payment over the real driver, the power going at one byte of the wire; then recovery and judgement. */
async function cutAtByte(
  scenario: WireScenario,
  cut: ByteCut | undefined,
): Promise<{ violations: readonly Violation[]; counts: Ecr17Bench['counts']; reached: boolean }> {
  let bench: Ecr17Bench | undefined;
  const world = new World({
    bench: (clock) => {
      bench = new Ecr17Bench(clock);
      return bench;
    },
  });
  if (!bench) throw new Error('a world without bench');
  world.fleet.script.node = scenario.node;
  scenario.arm(bench);
  bench.cut = cut;
  try {
    await world.boot();
    guarded(() => {
      world.payment = world.power.on ? world.desk?.open(NOTICE) : undefined;
    });
    if (world.power.on) await visit(world);
    await world.pass(20_000, drained(world), 50);
    const { counts } = bench;
    if (cut && world.power.on) return { violations: [], counts, reached: false };
    if (cut) await world.reboot();
    await world.pass(900_000, drained(world), 100);
    world.fleet.settle();
    return { violations: violations(world.evidence()), counts, reached: true };
  } finally {
    world.power.cut();
    await world.close();
  }
}

/** Cuts at every `stride`-th byte written to and read from the terminal, in each scenario. */
export async function cutEveryByte(
  stride = 1,
  scenarios: readonly WireScenario[] = WIRE_SCENARIOS,
): Promise<CutReport> {
  let cuts = 0;
  const failures: { where: string; violations: readonly Violation[] }[] = [];
  for (const scenario of scenarios) {
    const dry = await cutAtByte(scenario, undefined);
    if (dry.violations.length > 0)
      failures.push({ where: `${scenario.name}, no cut`, violations: dry.violations });
    for (const direction of ['written', 'read'] as const) {
      for (let byte = 1; byte <= dry.counts[direction]; byte += stride) {
        const result = await cutAtByte(scenario, { direction, byte });
        if (!result.reached) continue;
        cuts++;
        if (result.violations.length === 0) continue;
        failures.push({
          where: `${scenario.name}, byte ${byte} ${direction}`,
          violations: result.violations,
        });
      }
    }
  }
  return { cuts, failures };
}
