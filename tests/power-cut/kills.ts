import { type Violation, violations } from './invariant.ts';
import { Lane } from './lane.ts';
import type { Protocol } from './protocols.ts';
import type { ChildOrder } from './runtime-child.ts';

export interface KillReport {
  readonly runtimeKills: number;
  readonly serverKills: number;
  readonly charges: number;
  readonly violations: readonly Violation[];
}

/** How the card and the node behave in one cycle. */
const MOODS: readonly { readonly name: string; set(lane: Lane, order: ChildOrder): Promise<unknown> }[] = [
  { name: 'approved', set: (lane) => lane.posAct({ action: 'approve' }) },
  { name: 'declined', set: (lane) => lane.posAct({ action: 'decline' }) },
  { name: 'lost answer, charged', set: (lane) => lane.posAct({ action: 'lost-answer', charged: true }) },
  { name: 'lost answer, not charged', set: (lane) => lane.posAct({ action: 'lost-answer', charged: false }) },
  {
    name: 'node silent',
    set: (lane) => lane.nodeFault({ mode: 'drop-after', operation: 'outcome', count: 1 }),
  },
  {
    name: 'late token',
    set: async (lane, order) => {
      const url = (path: string) => `${lane.nodeControl}/control/${path}`;
      order.atCharging = [
        { url: url('clock'), body: { offsetMs: 31 * 60_000 } },
        { url: url('expire-job'), body: {} },
        { url: url('clock'), body: { offsetMs: 0 } },
      ];
    },
  },
  {
    name: 'duplicate',
    set: async (lane, order) => {
      const { noticeNumber } = order.notice ?? { noticeNumber: '' };
      order.atCharging = [{ url: `${lane.nodeControl}/control/pay-elsewhere`, body: { noticeNumber } }];
    },
  },
];

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Numbers that repeat with the seed, so that a failure can be looked at again. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Kills the real runtime process again and again (at a chosen write of its journal, or at any moment), and the real fleet
 * server now and then; each next process recovers what the last one left. In the end every witness is asked.
 */
export async function killAgainAndAgain(options: {
  readonly protocol: Protocol;
  readonly runtimeKills: number;
  readonly serverKills: number;
  readonly seed: number;
  readonly note: (line: string) => void;
}): Promise<KillReport> {
  const roll = dice(options.seed);
  const lane = new Lane(options.protocol);
  let runtimeKills = 0;
  let serverKills = 0;
  try {
    await lane.start();
    for (let cycle = 0; runtimeKills < options.runtimeKills || serverKills < options.serverKills; cycle++) {
      const order: ChildOrder = lane.order({ notice: await lane.newNotice() });
      const mood = MOODS[cycle % MOODS.length];
      await lane.posAct({ action: 'approve' });
      await mood?.set(lane, order);
      const byWrite = roll() < 0.6;
      if (byWrite)
        order.killAt = { write: 2 + Math.floor(roll() * 12), side: roll() < 0.5 ? 'before' : 'after' };
      const killsServer =
        serverKills * options.runtimeKills <= runtimeKills * options.serverKills &&
        serverKills < options.serverKills;
      let serverBack: Promise<void> | undefined;
      const end = await lane.run(order, (child, line) => {
        if (!('opened' in line)) return;
        const delay = 40 + roll() * 260;
        if (!byWrite) setTimeout(() => child.kill('SIGKILL'), delay);
        if (killsServer) {
          serverKills++;
          serverBack = pause(roll() * 150).then(() => lane.killServer());
          // The cycle waits for it and fails with it; the child need not go on without a server.
          serverBack.catch(() => child.kill('SIGKILL'));
        }
      });
      await serverBack;
      if (end.killed) runtimeKills++;
      if (cycle % 50 === 49)
        options.note(`${runtimeKills} kills of the runtime, ${serverKills} of the server`);
    }
    await lane.nodeFault({ mode: 'none' });
    for (let wait = 0; wait < 4; wait++) {
      const { lines } = await lane.run(lane.order({ drainMs: 25_000 }));
      const last = lines.at(-1);
      if (last?.open === 0 && last.waiting === 0) break;
    }
    for (let wait = 0; wait < 100 && lane.pendingCalls() > 0; wait++) await pause(100);
    const evidence = await lane.evidence();
    return {
      runtimeKills,
      serverKills,
      charges: evidence.pos.filter(({ kind }) => kind === 'charge').length,
      violations: violations(evidence),
    };
  } finally {
    await lane.stop();
  }
}
