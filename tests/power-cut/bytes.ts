import type { CutReport } from './in-process.ts';
import { type Violation, violations } from './invariant.ts';
import { PROTOCOLS, type Protocol } from './protocols.ts';
import {
  type ByteCut,
  type CutAt,
  guarded,
  NOTICE,
  type NodeMood,
  visit,
  type WireBench,
  type WireMood,
  World,
} from './world/index.ts';

/** An outcome class as a real driver and its simulated terminal play it. */
interface WireScenario {
  readonly name: string;
  readonly node: NodeMood;
  readonly card: WireMood;
}

export const WIRE_SCENARIOS: readonly WireScenario[] = [
  { name: 'approved', node: 'ok', card: 'approve' },
  { name: 'declined', node: 'ok', card: 'decline' },
  { name: 'lost answer, charged', node: 'ok', card: 'lost-charged' },
  { name: 'lost answer, not charged', node: 'ok', card: 'lost-not-charged' },
  { name: 'node silent', node: 'silent', card: 'approve' },
  { name: 'late token', node: 'late', card: 'approve' },
  { name: 'duplicate', node: 'duplicate', card: 'approve' },
  { name: 'discordant', node: 'discordant', card: 'approve' },
];

/** Where the power goes: on the wire, or at a write of the journal. */
type Cut = { readonly wire: ByteCut } | { readonly write: CutAt };

interface CutOutcome {
  readonly violations: readonly Violation[];
  readonly counts: WireBench['counts'];
  readonly writes: number;
  readonly charges: number;
  readonly reached: boolean;
}

const drained = (world: World) => () => world.desk?.outboxDepth === 0 && world.desk.openPayments === 0;

/** One payment over the real driver, the power going at one place; then recovery and judgement. */
async function cutOver(
  protocol: Protocol,
  scenario: WireScenario,
  cut: Cut | undefined,
): Promise<CutOutcome> {
  let bench: WireBench | undefined;
  const world = new World({
    bench: (clock, fleet) => {
      bench = protocol.bench(clock, fleet);
      return bench;
    },
  });
  if (!bench) throw new Error('a world without bench');
  world.fleet.script.node = scenario.node;
  bench.arm(scenario.card);
  bench.cut = cut && 'wire' in cut ? cut.wire : undefined;
  try {
    await world.boot(cut && 'write' in cut ? cut.write : undefined);
    guarded(() => {
      world.payment = world.power.on ? world.desk?.open(NOTICE) : undefined;
    });
    if (world.power.on) await visit(world);
    await world.pass(20_000, drained(world), 50);
    const { counts } = bench;
    const { writes } = world;
    const charges = () => bench?.memory.ledger.filter(({ kind }) => kind === 'charge').length ?? 0;
    if (cut && world.power.on) return { violations: [], counts, writes, charges: charges(), reached: false };
    if (cut) await world.reboot();
    await world.pass(900_000, drained(world), 100);
    world.fleet.settle();
    return { violations: violations(world.evidence()), counts, writes, charges: charges(), reached: true };
  } finally {
    world.power.cut();
    await world.close();
  }
}

/** All places of one scenario, from its dry run: sampled on the wire, each write of the journal on both sides. */
function cutsOf(protocol: Protocol, dry: CutOutcome, thin: number): readonly { at: string; cut: Cut }[] {
  const places: { at: string; cut: Cut }[] = [];
  for (const direction of ['written', 'read'] as const) {
    for (let byte = 1; byte <= dry.counts[direction]; byte += protocol.stride * thin)
      places.push({ at: `byte ${byte} ${direction}`, cut: { wire: { direction, byte } } });
    // The last one always: the whole message has gone through, and nothing of what follows.
    const byte = dry.counts[direction];
    if (protocol.stride * thin > 1 && byte > 1)
      places.push({ at: `byte ${byte} ${direction}`, cut: { wire: { direction, byte } } });
  }
  if (!protocol.writes) return places;
  for (let write = 0; write < dry.writes; write += thin) {
    for (const side of ['before', 'after'] as const)
      places.push({ at: `${side} write ${write}`, cut: { write: { write, side } } });
  }
  return places;
}

/** What the dry run of a scenario must have charged: a bench that never charges proves nothing. */
const expectedCharges = ({ card }: WireScenario): number =>
  card === 'approve' || card === 'lost-charged' ? 1 : 0;

/** Cuts through every protocol's conversation, in each scenario. `thin`: only every so many of the places. */
export async function cutEveryByte(
  thin = 1,
  protocols: readonly Protocol[] = PROTOCOLS,
  scenarios: readonly WireScenario[] = WIRE_SCENARIOS,
): Promise<readonly (CutReport & { readonly protocol: string })[]> {
  const reports: (CutReport & { readonly protocol: string })[] = [];
  for (const protocol of protocols) {
    let cuts = 0;
    const failures: { where: string; violations: readonly Violation[] }[] = [];
    for (const scenario of scenarios) {
      const dry = await cutOver(protocol, scenario, undefined);
      if (dry.charges !== expectedCharges(scenario))
        throw new Error(`${protocol.name}, ${scenario.name}: ${dry.charges} charges without any cut`);
      if (dry.violations.length > 0)
        failures.push({ where: `${scenario.name}, no cut`, violations: dry.violations });
      for (const { at, cut } of cutsOf(protocol, dry, thin)) {
        const result = await cutOver(protocol, scenario, cut);
        if (!result.reached) continue;
        cuts++;
        if (result.violations.length === 0) continue;
        failures.push({ where: `${scenario.name}, ${at}`, violations: result.violations });
      }
    }
    reports.push({ protocol: protocol.name, cuts, failures });
  }
  return reports;
}
