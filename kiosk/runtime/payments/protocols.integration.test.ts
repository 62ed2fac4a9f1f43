import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../tests/power-cut/invariant.ts';
import { PROTOCOLS } from '../../../tests/power-cut/protocols.ts';
import {
  NOTICE,
  type NodeMood,
  visit,
  type WireBench,
  type WireMood,
  World,
} from '../../../tests/power-cut/world/index.ts';

let world: World;
let bench: WireBench;
afterEach(() => world.close());

const drained = () => world.desk?.outboxDepth === 0 && world.desk.openPayments === 0;

async function pay(protocol: (typeof PROTOCOLS)[number], card: WireMood, node: NodeMood): Promise<void> {
  world = new World({
    bench: (clock, fleet) => {
      bench = protocol.bench(clock, fleet);
      return bench;
    },
  });
  world.fleet.script.node = node;
  bench.arm(card);
  await world.boot();
  world.payment = world.desk?.open(NOTICE);
  await visit(world);
  await world.pass(900_000, drained, 100);
  world.fleet.settle();
}

const state = () => world.evidence().journal[0]?.state;
const moved = () => bench.memory.ledger.map(({ kind }) => kind);

describe.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))(
  'a payment over %s',
  (name, protocol) => {
    it.each<[WireMood, NodeMood, string, readonly string[]]>([
      ['approve', 'ok', 'CONFIRMED', ['charge']],
      ['decline', 'ok', 'CANCELLED', []],
      ['lost-charged', 'ok', 'CONFIRMED', ['charge']],
      ['lost-not-charged', 'ok', 'CANCELLED', []],
      ['approve', 'late', 'CONFIRMING', ['charge']],
    ])('with the card to %s and the node %s ends %s', async (card, node, end, ledger) => {
      await pay(protocol, card, node);
      expect(state()).toBe(end);
      expect(moved()).toEqual(ledger);
      expect(violations(world.evidence())).toEqual([]);
    });

    it('that the node will not have goes back, on the card where that is possible, else by the office', async () => {
      await pay(protocol, 'approve', 'duplicate');
      const byOffice = name === 'gateway';
      expect(state()).toBe(byOffice ? 'MANUAL' : 'REFUNDED');
      expect(moved()).toEqual(byOffice ? ['charge'] : ['charge', 'reversal']);
      expect(world.fleet.items.some(({ reason }) => reason === 'reversal-failed')).toBe(byOffice);
      expect(violations(world.evidence())).toEqual([]);
    });

    it('is in the day that is sent', async () => {
      await pay(protocol, 'approve', 'ok');
      const day = new Date(world.clock.now()).toISOString().slice(0, 10);
      let closed: string | undefined;
      void world.desk?.closeDay(day, { askPos: true, insist: false }).then((how) => {
        closed = how;
      });
      await world.pass(30_000, () => closed !== undefined);
      expect(closed).toBe('closed');
      await world.pass(10_000, drained);
      expect(world.fleet.days).toMatchObject([
        name === 'gateway'
          ? { failure: 'driven-by-gateway', charges: [{ kind: 'charge' }] }
          : { posTotalCents: 12_345, charges: [{ kind: 'charge' }] },
      ]);
    });
  },
);
