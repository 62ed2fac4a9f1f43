import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Chance } from './chance.ts';
import { SkewedClock } from './clocks.ts';
import type { CrowdAnswer, CrowdOrder, CrowdWord } from './crowd.ts';
import { Totem, type TotemWorld } from './totem.ts';

/**
 * Some terminals in one process, to be killed. What they recorded is in a ledger of the test's own, written after the terminal said that
 * it has it: what stands there must arrive.
 */
const order = JSON.parse(process.env.JOLLY_CROWD ?? 'null') as CrowdOrder;
const chance = new Chance(order.seed);
const ledger = openSync(join(order.folder, `ledger-${order.first}`), 'a', 0o600);
const logs = openSync(join(order.folder, `log-${order.first}`), 'a', 0o600);
const totems = new Map<string, Totem>();
let recording = true;
let number = 0;

const world: TotemWorld = {
  printed: (terminalId) => void writeSync(ledger, `printed ${terminalId}\n`),
  restart: (terminalId) => {
    const totem = totems.get(terminalId);
    if (!totem) return;
    totems.delete(terminalId);
    totem.close().then(() => begin(terminalId, totem.clock), fall);
  },
  log: (terminalId, event, detail) =>
    void writeSync(logs, `${JSON.stringify({ at: Date.now(), terminalId, event, ...detail })}\n`),
};

function fall(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

function begin(terminalId: string, clock = new SkewedClock()): void {
  const at = Number(terminalId.slice(-3));
  const site = order.sites[at % order.sites.length] ?? '';
  totems.set(terminalId, new Totem({ ...order, terminalId, site }, clock, world));
}

function record(): void {
  for (const totem of totems.values()) {
    if (!recording || chance.next() >= order.eventsEverySecond / 5) continue;
    number += 1;
    const word = `e-${order.run}-${order.first}-${number}`;
    totem.record(word);
    writeSync(ledger, `recorded ${totem.terminalId} ${word}\n`);
  }
}

process.on('message', ({ word }: { word: CrowdWord }) => {
  const answer = (text: CrowdAnswer) => void process.send?.(text);
  if (word.do === 'state') answer({ states: [...totems.values()].map(({ state }) => state) });
  else if (word.do === 'skew') {
    for (const totem of totems.values()) {
      if (word.share === 1 || chance.next() < word.share)
        totem.clock.skewMs = word.mostMs === 0 ? 0 : Math.round(chance.between(-word.mostMs, word.mostMs));
    }
  } else if (word.do === 'quiet') recording = false;
  else {
    Promise.all([...totems.values()].map((totem) => totem.close())).then(() => {
      closeSync(ledger);
      process.exit(0);
    }, fall);
  }
});
// whoever started it is gone: nothing more is to be proved
process.on('disconnect', () => process.exit(0));

for (let at = 0; at < order.count; at++)
  begin(`T-${String(order.first + at).padStart(3, '0')}`, new SkewedClock(order.skewMs));
setInterval(record, 200);
process.send?.({ ready: true } satisfies CrowdAnswer);
