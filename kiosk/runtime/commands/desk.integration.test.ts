import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CommandReport, CommandState, EntryData } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import type { PaperDocument, PrintResult } from '@jolly/drivers/printer';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogRing } from '../log-ring/index.ts';
import { CommandDesk, CommandMemory, commandActs, type Picture } from './index.ts';

const SOON = 60_000;

/** A terminal whose commands have everything but a link: what it would have told the server is kept. */
class Bench {
  readonly clock = new ManualClock();
  readonly folder = mkdtempSync(join(tmpdir(), 'jolly-commands-'));
  readonly said: Extract<EntryData, { kind: 'command' }>[] = [];
  readonly printed: PaperDocument[] = [];
  readonly uploads = new Map<string, { type: string; content: Uint8Array }>();
  readonly ring = new LogRing(this.folder, this.clock);
  log = this.ring.beside(() => undefined);
  serving = false;
  moneyDue = false;
  boot = 'first';
  restarts = 0;
  wiped = 0;
  level = 0;
  hostStatus = 0;
  paper: PrintResult = { result: 'printed' };
  picture: Picture | string = { type: 'image/webp', content: Buffer.from('picture') };
  mode: 'in-service' | 'out-of-service' | 'locked' = 'in-service';
  message: string | undefined;
  /** Ends a self-test; while it is absent they end at once. */
  gate: Promise<void> | undefined;
  desk = this.start();

  start(): CommandDesk {
    const bench = this;
    this.desk?.close();
    this.desk = new CommandDesk({
      memory: new CommandMemory(this.folder, this.log),
      acts: commandActs({
        serving: () => this.serving,
        mode: {
          get state() {
            return { mode: bench.mode };
          },
          setMode: (mode, message) => {
            this.mode = mode;
            this.message = message;
          },
        },
        selfTest: async () => {
          await this.gate;
          return [{ name: 'printer', ok: false, detail: 'paper-out' }];
        },
        logs: (minutes) => this.ring.since(minutes),
        upload: async (id, type, content) => void this.uploads.set(id, { type, content }),
        screenshot: async () => this.picture,
        printer: {
          print: async (document) => {
            this.printed.push(document);
            return this.paper;
          },
        },
        place: { city: 'Comune', site: 'Atrio', terminalId: 'T1', timeZone: 'Europe/Rome' },
        software: '1.2.3',
        now: () => this.clock.now(),
        setLevel: async (level) => {
          this.level = level;
        },
        restartHost: async () => this.hostStatus,
        rotateKey: undefined,
      }),
      serving: () => this.serving,
      moneyDue: () => this.moneyDue,
      add: (entry) => {
        if (entry.kind === 'command') this.said.push(entry);
      },
      boot: this.boot,
      restart: () => {
        this.restarts += 1;
      },
      wipe: async () => {
        this.wiped += 1;
      },
      clock: this.clock,
      log: this.log,
    });
    return this.desk;
  }

  order(act: { kind: string; [more: string]: unknown }, more: { id?: string; ms?: number } = {}): string {
    const { id = uuidv7(this.clock.now()), ms = SOON } = more;
    this.desk.receive({ commandId: id, act }, this.clock.now() + ms);
    return id;
  }

  serve(serving: boolean): void {
    this.serving = serving;
    this.desk.changed();
  }

  states(id: string): CommandState[] {
    return this.said.filter(({ commandId }) => commandId === id).map(({ state }) => state);
  }

  last(id: string): Partial<CommandReport> | undefined {
    return this.said.findLast(({ commandId }) => commandId === id);
  }
}

/** Lets what is under way go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => {
  bench.desk.close();
  rmSync(bench.folder, { recursive: true, force: true });
});

describe('a command', () => {
  it('is done once, however often it comes, and says its end each time', async () => {
    const id = bench.order({ kind: 'print-test-page' });
    await settle();
    expect(bench.states(id)).toEqual(['running', 'done']);
    bench.order({ kind: 'print-test-page' }, { id });
    bench.start();
    bench.order({ kind: 'print-test-page' }, { id });
    await settle();
    expect(bench.printed).toHaveLength(1);
    expect(bench.states(id)).toEqual(['running', 'done', 'done', 'done']);
    expect(JSON.stringify(bench.printed[0])).toContain('1.2.3');
  });

  it('waits while somebody is served, is done when they leave, and in order', async () => {
    bench.serve(true);
    const one = bench.order({ kind: 'out-of-service', message: 'Torniamo alle 14' });
    const two = bench.order({ kind: 'set-volume', level: 0.4 });
    await settle();
    expect([bench.states(one), bench.states(two)]).toEqual([['waiting'], ['waiting']]);
    bench.serve(false);
    await settle();
    await settle();
    expect(bench.said.map(({ commandId, state }) => [commandId, state]).slice(2)).toEqual([
      [one, 'running'],
      [one, 'done'],
      [two, 'running'],
      [two, 'done'],
    ]);
    expect([bench.mode, bench.message, bench.level]).toEqual(['out-of-service', 'Torniamo alle 14', 0.4]);
  });

  it('that cannot wait longer ends as expired', async () => {
    bench.serve(true);
    const id = bench.order({ kind: 'restart-app' });
    bench.clock.advance(SOON);
    expect(bench.last(id)).toMatchObject({ state: 'expired', reason: 'citizen-in-session' });
    bench.serve(false);
    await settle();
    expect(bench.restarts).toBe(0);
    expect(bench.last(bench.order({ kind: 'restart-app' }, { ms: 0 }))).toMatchObject({ reason: 'too-late' });
  });

  it('of a newer server is refused, not dropped', () => {
    expect(bench.last(bench.order({ kind: 'dance' }))).toMatchObject({
      state: 'refused',
      reason: 'unknown-command',
    });
    expect(bench.last(bench.order({ kind: 'lock', hard: true }))).toMatchObject({ state: 'refused' });
  });

  it('that undoes overtakes what waits, and what it undoes is not done after it', async () => {
    bench.serve(true);
    const lock = bench.order({ kind: 'lock' });
    const page = bench.order({ kind: 'print-test-page' });
    const unlock = bench.order({ kind: 'unlock' });
    const logs = bench.order({ kind: 'fetch-logs', minutes: 5 });
    await settle();
    await settle();
    expect(bench.last(lock)).toMatchObject({ state: 'refused', reason: 'superseded' });
    expect(bench.last(unlock)).toMatchObject({ state: 'done' });
    expect(bench.last(logs)).toMatchObject({ state: 'done' });
    expect(bench.states(page)).toEqual(['waiting']);
    expect(bench.mode).toBe('in-service');
  });

  it('says why it could not be done', async () => {
    bench.paper = { result: 'failed', reason: 'paper-out' };
    const page = bench.order({ kind: 'print-test-page' });
    await settle();
    expect(bench.last(page)).toMatchObject({ state: 'failed', reason: 'printer-paper-out' });
    bench.picture = 'no-screen';
    const picture = bench.order({ kind: 'screenshot' });
    await settle();
    expect(bench.last(picture)).toMatchObject({ state: 'failed', reason: 'no-screen' });
    const key = bench.order({ kind: 'rotate-key' });
    await settle();
    expect(bench.last(key)).toMatchObject({ state: 'refused', reason: 'not-supported' });
    bench.mode = 'locked';
    const back = bench.order({ kind: 'back-in-service' });
    await settle();
    expect(bench.last(back)).toMatchObject({ state: 'refused', reason: 'locked' });
    const test = bench.order({ kind: 'self-test' });
    await settle();
    expect(bench.last(test)).toMatchObject({
      state: 'done',
      steps: [{ name: 'printer', ok: false, detail: 'paper-out' }],
    });
  });

  it('each ends once, whatever comes in whatever order', async () => {
    const kinds = ['lock', 'unlock', 'out-of-service', 'back-in-service', 'self-test', 'print-test-page'];
    const step = fc.oneof(
      fc.record({ do: fc.constant('order' as const), kind: fc.constantFrom(...kinds), ms: fc.nat(90_000) }),
      fc.record({ do: fc.constant('again' as const), which: fc.nat(5) }),
      fc.record({ do: fc.constant('serve' as const), on: fc.boolean() }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30_000) }),
      fc.record({ do: fc.constant('cut' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const town = new Bench();
        const ids: { id: string; kind: string; until: number }[] = [];
        for (const each of steps) {
          if (each.do === 'order') {
            const id = town.order({ kind: each.kind }, { ms: each.ms });
            ids.push({ id, kind: each.kind, until: town.clock.now() + each.ms });
          } else if (each.do === 'serve') town.serve(each.on);
          else if (each.do === 'pass') town.clock.advance(each.ms);
          else if (each.do === 'cut') town.start();
          else {
            const known = ids[each.which];
            if (known) town.desk.receive({ commandId: known.id, act: { kind: known.kind } }, known.until);
          }
          if (each.do !== 'cut') await settle();
        }
        // as at a hello: what has no end comes again, then everybody goes and time passes
        for (const { id, kind, until } of ids) town.desk.receive({ commandId: id, act: { kind } }, until);
        town.serve(false);
        for (let turn = 0; turn < 20; turn++) await settle();
        town.clock.advance(120_000);
        const ends = new Set(['done', 'refused', 'expired', 'failed']);
        for (const { id } of ids) {
          const reached = new Set(town.states(id).filter((state) => ends.has(state)));
          expect(reached.size).toBe(1);
        }
        town.desk.close();
        rmSync(town.folder, { recursive: true, force: true });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a wipe', () => {
  it('waits while something of a payment is not with the server, though nobody is served', async () => {
    bench.moneyDue = true;
    const id = bench.order({ kind: 'wipe' });
    await settle();
    expect([bench.wiped, bench.states(id)]).toEqual([0, ['waiting']]);
    bench.moneyDue = false;
    bench.desk.changed();
    await settle();
    expect([bench.wiped, bench.last(id)?.state]).toEqual([1, 'done']);
  });

  it('expires, with the reason, when the money is still due at its time', async () => {
    bench.moneyDue = true;
    const id = bench.order({ kind: 'wipe' });
    bench.clock.advance(SOON);
    await settle();
    expect(bench.last(id)).toMatchObject({ state: 'expired', reason: 'payments-open' });
    bench.moneyDue = false;
    bench.desk.changed();
    await settle();
    expect(bench.wiped).toBe(0);
  });
});

describe('a power cut or a restart', () => {
  it('in a restart of the application is its end', async () => {
    const id = bench.order({ kind: 'restart-app' });
    const next = bench.order({ kind: 'print-test-page' });
    await settle();
    expect([bench.restarts, bench.states(id), bench.states(next)]).toEqual([1, ['running'], []]);
    bench.start();
    expect(bench.states(id)).toEqual(['running', 'done']);
    bench.order({ kind: 'restart-app' }, { id });
    await settle();
    expect(bench.restarts).toBe(1);
  });

  it('is not done again where its time was worked out to a fraction of a millisecond', async () => {
    const id = bench.order({ kind: 'restart-app' }, { ms: SOON + 0.25 });
    await settle();
    expect(bench.restarts).toBe(1);
    bench.start();
    bench.order({ kind: 'restart-app' }, { id, ms: SOON + 0.25 });
    await settle();
    expect(bench.restarts).toBe(1);
  });

  it('tells a computer that has restarted from one that has not', async () => {
    const one = bench.order({ kind: 'restart-host' });
    await settle();
    bench.start();
    expect(bench.last(one)).toMatchObject({ state: 'failed', reason: 'not-restarted' });
    const two = bench.order({ kind: 'restart-host' });
    await settle();
    bench.boot = 'second';
    bench.start();
    expect(bench.last(two)).toMatchObject({ state: 'done' });
    bench.hostStatus = 1;
    const three = bench.order({ kind: 'restart-host' });
    await settle();
    expect(bench.last(three)).toMatchObject({ state: 'failed', reason: 'host-refused' });
  });

  it('a restart that does not come is said', async () => {
    const id = bench.order({ kind: 'restart-app' });
    await settle();
    bench.clock.advance(10 * 60_000);
    expect(bench.last(id)).toMatchObject({ state: 'failed', reason: 'not-restarted' });
  });

  it('in anything else is its end, and it is not done again', async () => {
    bench.gate = new Promise(() => undefined);
    const id = bench.order({ kind: 'self-test' });
    await settle();
    bench.start();
    expect(bench.last(id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
  });

  it('in a wipe only puts it off; its end was said before', async () => {
    const id = bench.order({ kind: 'wipe' });
    await settle();
    expect([bench.wiped, bench.last(id)?.state]).toEqual([1, 'done']);
    bench.start();
    await settle();
    expect(bench.wiped).toBe(2);
  });
});

describe('the memory of commands', () => {
  it('forgets an id only after it can no longer come', async () => {
    const first = bench.order({ kind: 'unlock' });
    await settle();
    bench.clock.advance(12 * 3_600_000);
    bench.order({ kind: 'unlock' });
    await settle();
    expect(new CommandMemory(bench.folder, bench.log).get(first)).toBeDefined();
    bench.clock.advance(48 * 3_600_000);
    bench.order({ kind: 'unlock' });
    await settle();
    expect(new CommandMemory(bench.folder, bench.log).get(first)).toBeUndefined();
  });

  it('that cannot be written lets nothing begin that must not be done twice', async () => {
    rmSync(bench.folder, { recursive: true });
    const page = bench.order({ kind: 'print-test-page' });
    await settle();
    const out = bench.order({ kind: 'out-of-service' });
    await settle();
    expect(bench.last(page)).toMatchObject({ state: 'failed', reason: 'memory-unwritable' });
    expect(bench.last(out)).toMatchObject({ state: 'done' });
    expect(bench.printed).toEqual([]);
  });
});

describe('a picture of the screen', () => {
  it('goes nowhere when somebody came while it was drawn', async () => {
    const drawn = Promise.withResolvers<Picture>();
    Object.defineProperty(bench, 'picture', { get: () => drawn.promise });
    const id = bench.order({ kind: 'screenshot' });
    await settle();
    bench.serving = true;
    drawn.resolve({ type: 'image/webp', content: Buffer.from('picture') });
    await settle();
    expect(bench.last(id)).toMatchObject({ state: 'refused', reason: 'citizen-in-session' });
    expect(bench.uploads.size).toBe(0);
  });
});

describe('the logs', () => {
  it('are those asked for, across an orderly restart, and hold nothing of a citizen', async () => {
    const citizen = {
      fiscalCode: 'RSSMRA80A01F205X',
      givenName: 'Mario',
      familyName: 'Rossi',
      noticeNumber: '302000000000123456',
      pin: '12345678',
      url: 'https://pagopa.example/cart/abc',
      token: 'secret-token',
      text: '302000000000123456|77777777777',
    };
    bench.log('started');
    bench.clock.advance(3_600_000);
    bench.log('login', citizen);
    bench.log('scanned', { aim: ']Q1', text: citizen.text });
    bench.ring.save();
    const next = new LogRing(bench.folder, bench.clock);
    Object.assign(bench, { ring: next, log: next.beside(() => undefined) });
    bench.start();
    const id = bench.order({ kind: 'fetch-logs', minutes: 30 });
    await settle();
    const { type, content } = bench.uploads.get(id) ?? {};
    expect(type).toBe('application/x-ndjson+gzip');
    const text = gunzipSync(content ?? '').toString();
    const events = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['login', 'scanned', 'command-begun']);
    for (const value of Object.values(citizen)) expect(text).not.toContain(value);
  });
});
