import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entries } from '@jolly/contracts/fleet-link';
import { ManualClock, systemRandom } from '@jolly/contracts/values';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BatchSender, EventOutbox } from './index.ts';

const MINUTE_MS = 60_000;
let dataDir: string;
let clock: ManualClock;
let outbox: EventOutbox;
let batches: BatchSender;
let sent: { id: string; words: string[] }[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-batches-'));
  clock = new ManualClock();
  sent = [];
  let number = 0;
  const log = () => undefined;
  outbox = new EventOutbox({ dataDir, clock, random: systemRandom, log, makeKiB: 64 });
  batches = new BatchSender({
    outbox,
    clock,
    newId: () => `batch-${number++}`,
    send: (id, { entries }: Entries) => {
      sent.push({ id, words: entries.map(({ data }) => (data.kind === 'event' ? data.event : '')) });
      return true;
    },
    log,
  });
  batches.open();
});
afterEach(() => {
  batches.close();
  outbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const add = (event: string) => outbox.add({ kind: 'event', event, detail: {} });
const last = () => sent.at(-1);
const acknowledge = () => batches.acknowledged(last()?.id ?? '', { refused: [] });

it('sends what is under way again at once when the server says that it was not listening', () => {
  add('one');
  batches.again();
  expect(sent).toEqual([
    { id: 'batch-0', words: ['one'] },
    { id: 'batch-0', words: ['one'] },
  ]);
  acknowledge();
  expect(outbox.entries).toBe(0);
  batches.again();
  expect(sent).toHaveLength(2);
});

it('lets one that was never answered have its turn, however steadily others come', () => {
  add('lost');
  clock.advance(MINUTE_MS);
  for (const word of ['first', 'second', 'third', 'fourth']) {
    add(word);
    acknowledge();
    clock.advance(MINUTE_MS);
  }
  const words = sent.flatMap((batch) => batch.words);
  expect(words.slice(words.indexOf('second'))).toContain('lost');
});

it('tries a parked one again when the server was not listening', () => {
  add('lost');
  clock.advance(MINUTE_MS);
  const before = sent.length;
  batches.again();
  expect(sent).toHaveLength(before + 1);
  acknowledge();
  expect(outbox.entries).toBe(0);
});
