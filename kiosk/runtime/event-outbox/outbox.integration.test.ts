import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ENTRY_WORTH, type EntryData, type EntryKind } from '@jolly/contracts/fleet-link';
import { ManualClock, systemRandom, uuidv7 } from '@jolly/contracts/values';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventOutbox, type EventOutboxOptions, OUTBOX_FILE } from './index.ts';

let dataDir: string;
let clock: ManualClock;
const logs: string[] = [];
const open = (more: Partial<EventOutboxOptions> = {}) =>
  new EventOutbox({
    dataDir,
    clock,
    random: systemRandom,
    log: (name) => void logs.push(name),
    makeKiB: 16,
    ...more,
  });

/** One of each worth, told apart by their number. */
const entry = (kind: EntryKind, number: number): EntryData => {
  const all: Record<EntryKind, EntryData> = {
    telemetry: { kind: 'telemetry', metrics: { number } },
    device: { kind: 'device', role: 'printer', state: `s-${number}`, reasons: [] },
    event: { kind: 'event', event: `e-${number}`, detail: {} },
    command: { kind: 'command', commandId: uuidv7(number), state: 'done' },
  };
  return all[kind];
};
const all = { entries: 100_000, bytes: 100_000_000 };

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-outbox-'));
  clock = new ManualClock();
  logs.length = 0;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('an entry', () => {
  it('waits until it is settled, over restarts, in order and under its id', () => {
    const first = open();
    first.add(entry('event', 1), entry('telemetry', 2));
    const taken = first.take(all);
    expect(taken.map(({ data }) => data)).toEqual([entry('event', 1), entry('telemetry', 2)]);
    expect([first.take(all), first.entries]).toEqual([[], 2]);
    first.close();
    const second = open();
    expect(second.take(all)).toEqual(taken);
    second.settle(taken.map(({ id }) => id));
    expect(second.entries).toBe(0);
    second.close();
    expect(open().entries).toBe(0);
  });

  it('that fits no schema of ours is not taken in', () => {
    const outbox = open();
    outbox.add({ kind: 'event', event: 'Mario Rossi', detail: {} });
    expect([outbox.entries, logs]).toEqual([0, ['entry-unfit']]);
  });

  it('makes batches no larger than asked', () => {
    const outbox = open();
    for (let number = 0; number < 20; number++) outbox.add(entry('event', number));
    expect(outbox.take({ entries: 5, bytes: 1e6 })).toHaveLength(5);
    const size = JSON.stringify(outbox.take({ entries: 1, bytes: 1e6 })[0]).length;
    expect(outbox.take({ entries: 99, bytes: size * 3 + 3 }).length).toBeLessThanOrEqual(3);
  });
});

/** What the outbox promises, in a few lines. */
class Model {
  waiting: { number: number; worth: number; sent: boolean }[] = [];
  dropped = 0;
  readonly most: number;
  constructor(most: number) {
    this.most = most;
  }
  add(number: number, worth: number): void {
    this.waiting.push({ number, worth, sent: false });
    while (this.waiting.length > this.most) {
      const [least] = this.waiting
        .filter(({ sent }) => !sent)
        .toSorted((one, other) => one.worth - other.worth || one.number - other.number);
      if (!least) return;
      this.waiting = this.waiting.filter((each) => each !== least);
      this.dropped++;
    }
  }
}

it('keeps what the model keeps, whatever happens in whatever order, crashes too', () => {
  const kinds = Object.keys(ENTRY_WORTH) as EntryKind[];
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('add'), kind: fc.constantFrom(...kinds) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('take'), count: fc.integer({ min: 1, max: 6 }) }) },
    fc.record({ do: fc.constant('settle') }),
    fc.record({ do: fc.constant('give-back') }),
    fc.record({ do: fc.constantFrom('close', 'crash') }),
  ) as fc.Arbitrary<{ do: string; kind?: EntryKind; count?: number }>;
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: 3, max: 12 }), (acts, most) => {
      rmSync(join(dataDir, OUTBOX_FILE), { force: true });
      for (const suffix of ['-wal', '-shm']) rmSync(join(dataDir, OUTBOX_FILE + suffix), { force: true });
      const model = new Model(most);
      let outbox = open({ mostEntries: most, makeKiB: 0 });
      const left: EventOutbox[] = [];
      let sent: string[] = [];
      let number = 0;
      for (const { do: what, kind, count } of acts) {
        if (what === 'add' && kind) {
          outbox.add(entry(kind, ++number));
          model.add(number, ENTRY_WORTH[kind]);
        } else if (what === 'take') {
          const taken = outbox.take({ entries: count ?? 1, bytes: 1e6 });
          const expected = model.waiting.filter(({ sent: gone }) => !gone).slice(0, count);
          expect(taken).toHaveLength(expected.length);
          for (const each of expected) each.sent = true;
          sent.push(...taken.map(({ id }) => id));
        } else if (what === 'settle') {
          outbox.settle(sent);
          model.waiting = model.waiting.filter(({ sent: gone }) => !gone);
          sent = [];
        } else {
          for (const each of model.waiting) each.sent = false;
          if (what === 'give-back') outbox.giveBack(sent);
          else {
            if (what === 'close') outbox.close();
            else left.push(outbox);
            outbox = open({ mostEntries: most, makeKiB: 0 });
          }
          sent = [];
        }
        expect([outbox.entries, outbox.dropped]).toEqual([model.waiting.length, model.dropped]);
      }
      outbox.giveBack(sent);
      const numbers = outbox.take(all).map(({ data }) => numberOf(data));
      expect(numbers).toEqual(model.waiting.map((each) => each.number));
      for (const each of [outbox, ...left]) each.close();
    }),
    { numRuns: 60 },
  );
});

function numberOf(data: EntryData): number {
  switch (data.kind) {
    case 'telemetry':
      return data.metrics.number ?? -1;
    case 'device':
      return Number(data.state.slice(2));
    case 'event':
      return Number(data.event.slice(2));
    case 'command':
      return Number.parseInt(data.commandId.replaceAll('-', '').slice(0, 12), 16);
  }
}

describe('a damaged file', () => {
  it.each([
    ['no database at all', () => Buffer.from('x'.repeat(9000))],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2 / 4096) * 4096)],
    ['written over in the middle', (bytes: Buffer) => bytes.fill(0xa5, 4096, bytes.length - 4096)],
  ])('that is %s goes beside, is counted, and a new one works', (_, damage) => {
    const before = open();
    for (let number = 0; number < 200; number++) before.add(entry('event', number));
    before.close();
    const file = join(dataDir, OUTBOX_FILE);
    writeFileSync(file, damage(readFileSync(file)));
    const outbox = open();
    outbox.add(entry('event', 900));
    expect([outbox.damaged, outbox.durable]).toEqual([1, true]);
    expect(outbox.take(all).map(({ data }) => numberOf(data))).toContain(900);
    expect(existsSync(`${file}.damaged`)).toBe(true);
    expect(logs).toContain('event-outbox-damaged');
    outbox.close();
    expect(open().damaged).toBe(1);
  });

  it('gives what can still be read of it', () => {
    const before = open({ mostEntries: 3 });
    for (let number = 0; number < 5; number++) before.add(entry('event', number));
    before.close();
    const file = join(dataDir, OUTBOX_FILE);
    const bytes = readFileSync(file);
    // an index page only: rows and counts are whole
    const page = [...Array(bytes.length / 4096).keys()].find(
      (at) => at > 0 && bytes[at * 4096] === 0x0a && bytes.readUInt16BE(at * 4096 + 3) === 3,
    );
    if (page === undefined) throw new Error('no index page');
    bytes.fill(0xff, page * 4096 + 8, (page + 1) * 4096);
    writeFileSync(file, bytes);
    const outbox = open({ mostEntries: 3 });
    outbox.add();
    expect([outbox.damaged, outbox.dropped]).toEqual([1, 2]);
    expect(outbox.take(all).map(({ data }) => numberOf(data))).toEqual([2, 3, 4]);
  });
});

const here = JSON.stringify(join(import.meta.dirname, 'index.ts'));
const preamble = (dir: string) => `
  import { EventOutbox } from ${here};
  import { systemClock, systemRandom } from '@jolly/contracts/values';
  const events = [];
  const open = (more = {}) => new EventOutbox({
    dataDir: ${JSON.stringify(dir)}, clock: systemClock, random: systemRandom, makeKiB: 64,
    log: (name, detail) => events.push(name + ' ' + JSON.stringify(detail ?? {})), ...more });
  const all = { entries: 1e6, bytes: 1e9 };
  const event = (number, kind = 'event') => kind === 'event'
    ? { kind, event: 'e-' + number, detail: {} } : { kind: 'telemetry', metrics: { number, filler: 0.123456789 } };
`;

it('keeps every entry that it took, when it is killed at any moment', async () => {
  for (let round = 0; round < 4; round++) {
    const script = `${preamble(dataDir)}
      const outbox = open();
      for (let number = ${round * 100_000}; ; number++) {
        outbox.add(event(number));
        process.stdout.write('+' + number + '\\n');
        if (number % 7 === 6) {
          const ids = outbox.take({ entries: 3, bytes: 1e6 });
          process.stdout.write('-' + ids.map(({ data }) => data.event.slice(2)).join(',') + '\\n');
          outbox.settle(ids.map(({ id }) => id));
        }
      }`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: import.meta.dirname,
    });
    const added = new Set<number>();
    const settled = new Set<number>();
    await new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const numbers = line.slice(1).split(',').map(Number);
        if (line.startsWith('+')) for (const number of numbers) added.add(number);
        else for (const number of numbers) settled.add(number);
        if (added.size === 40 + round * 17) child.kill('SIGKILL');
      });
      child.once('close', () => resolve());
    });
    const outbox = open();
    const found = outbox.take(all).map(({ data }) => numberOf(data));
    expect(new Set(found).size).toBe(found.length);
    for (const number of added) if (!settled.has(number)) expect(found).toContain(number);
    expect(outbox.damaged).toBe(0);
    outbox.settle([]);
    outbox.close();
  }
});

describe('a full disk', () => {
  const able =
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;
  if (!able && process.env.JOLLY_REQUIRE_TOOLS === '1') {
    it('can be made here', () => expect(able, 'unshare -m and mount').toBe(true));
  }

  /** Runs a script on a small disk of its own; what it prints last is the answer. */
  function onSmallDisk(script: string): unknown {
    const file = join(dataDir, 'script.ts');
    const disk = join(dataDir, 'disk');
    writeFileSync(
      file,
      `${preamble(disk)}
      import { writeFileSync, rmSync, appendFileSync, existsSync } from 'node:fs';
      const filler = ${JSON.stringify(join(disk, 'filler'))};
      const fill = () => { for (const size of [65536, 4096, 1]) for (;;) {
        try { appendFileSync(filler, Buffer.alloc(size)); } catch { break; } } };
      const free = () => rmSync(filler, { force: true });
      ${script}
      process.exit(0);`,
    );
    const command = `mkdir ${disk} && mount -t tmpfs -o size=3m tmpfs ${disk} && cd ${import.meta.dirname} && exec ${process.execPath} --input-type=module-typescript -e "$(cat ${file})"`;
    const run = spawnSync('unshare', ['-m', 'sh', '-c', command], { encoding: 'utf8', timeout: 20_000 });
    if (run.status !== 0) throw new Error(`${run.signal} ${run.stderr}`);
    return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
  }

  it.runIf(able)('stops nothing where the file was made before: it has its own room', () => {
    const answer = onSmallDisk(`
      let outbox = open({ mostBytes: 64 * 1024 });
      fill();
      for (let number = 0; number < 600; number++) {
        outbox.add(event(number));
        if (number % 50 === 49) outbox.settle(outbox.take({ entries: 30, bytes: 1e6 }).map(({ id }) => id));
      }
      const { entries, dropped, durable } = outbox;
      outbox = open({ mostBytes: 64 * 1024 });
      console.log(JSON.stringify({ durable, events, sum: entries + dropped, again: outbox.entries === entries }));
    `) as { events: string[] };
    // 12 × 30 of 600 were settled
    expect(answer).toMatchObject({ durable: true, sum: 240, again: true });
    expect(answer.events.filter((name) => name.includes('refuses'))).toEqual([]);
  });

  it.runIf(able)('makes the least worthy go where there is no room of its own', () => {
    const answer = onSmallDisk(`
      const outbox = open({ makeKiB: 0, mostInMemory: 10 });
      for (let number = 0; number < 200; number++) outbox.add(event(number, 'telemetry'));
      fill();
      for (let number = 0; number < 400; number++) outbox.add(event(number));
      const kept = outbox.take(all).map(({ data }) => data.kind === 'event' ? Number(data.event.slice(2)) : -1);
      console.log(JSON.stringify({ kept, dropped: outbox.dropped, entries: outbox.entries, newest: kept.includes(399) }));
    `) as { kept: number[]; dropped: number; entries: number };
    expect(answer).toMatchObject({ newest: true });
    expect(answer.dropped).toBeGreaterThan(0);
    expect(answer.entries + answer.dropped).toBe(600);
  });

  it.runIf(able)('that was full before keeps a few in memory, and takes them when there is room', () => {
    const answer = onSmallDisk(`
      fill();
      const outbox = open({ mostInMemory: 50 });
      for (let number = 0; number < 100; number++) outbox.add(event(number));
      for (let number = 0; number < 100; number++) outbox.add(event(number, 'telemetry'));
      const full = { durable: outbox.durable, entries: outbox.entries, dropped: outbox.dropped };
      free();
      outbox.add(event(900));
      const after = { durable: outbox.durable, entries: outbox.entries, dropped: open().dropped };
      console.log(JSON.stringify({ full, after, said: events.filter((name) => name.includes('not-opened')).length }));
    `);
    expect(answer).toEqual({
      full: { durable: false, entries: 50, dropped: 150 },
      after: { durable: true, entries: 51, dropped: 150 },
      said: 1,
    });
  });
});
