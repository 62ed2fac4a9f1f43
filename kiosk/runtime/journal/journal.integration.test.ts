import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, openJournal, readJournal, runJournalCommand, type Step } from './index.ts';
import { migrate, migrations } from './schema.ts';

const DAY = 86_400_000;
let dir: string;
let clock: ManualClock;
let journal: Journal;

const step = (paymentId: string, more: Partial<Step> = {}): Step => ({
  paymentId,
  step: 'NEW',
  event: 'opened',
  data: { notice: { noticeNumber: '300715700000000032' } },
  closed: false,
  letters: [],
  ...more,
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jolly-journal-'));
  clock = new ManualClock();
  journal = openJournal(dir, { clock, preallocateKiB: 0 });
});
afterEach(() => {
  journal.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Another hand at the file, as a thief with a screwdriver would have. */
function tamper(sql: string): void {
  const db = new Database(join(dir, 'journal.db'));
  db.exec('DROP TRIGGER steps_never_change');
  db.exec(sql);
  db.close();
}

describe('the journal', () => {
  it('gives back after reopening what was appended', () => {
    const id = uuidv7(clock.now());
    journal.append(step(id));
    journal.append(
      step(id, { step: 'CHARGED', letters: [{ subject: id, kind: 'outcome', body: { outcome: 'OK' } }] }),
    );
    journal.close();
    journal = openJournal(dir, { clock, preallocateKiB: 0 });
    expect(journal.steps(id).map(({ seq, step }) => [seq, step])).toEqual([
      [0, 'NEW'],
      [1, 'CHARGED'],
    ]);
    expect(journal.payments({ openOnly: true })).toHaveLength(1);
    expect(journal.waiting()).toMatchObject([{ subject: id, kind: 'outcome', body: { outcome: 'OK' } }]);
    expect(journal.append(step(id)).seq).toBe(2);
    expect(journal.verifyChain()).toMatchObject({ whole: true, steps: 3 });
  });

  it('refuses to change a step', () => {
    journal.append(step(uuidv7(clock.now())));
    const db = new Database(join(dir, 'journal.db'));
    expect(() => db.exec("UPDATE steps SET step = 'CONFIRMED'")).toThrow(/never changes/);
    db.close();
  });

  it.each([
    ["UPDATE steps SET step = 'CONFIRMED' WHERE n = 2", { brokenAt: 2, reason: 'hash' }],
    ["UPDATE steps SET data = '{}' WHERE n = 1", { brokenAt: 1, reason: 'data' }],
    ['DELETE FROM steps WHERE n = 2', { brokenAt: 2, reason: 'gap' }],
  ])('shows tampering: %s', (sql, where) => {
    const id = uuidv7(clock.now());
    for (let n = 0; n < 3; n++) journal.append(step(id));
    tamper(sql);
    expect(journal.verifyChain()).toEqual({ whole: false, ...where });
    const lines: string[] = [];
    expect(
      runJournalCommand(['verify', '--data', dir], { out: (line) => lines.push(line), err: () => undefined }),
    ).toBe(1);
    expect(lines[0]).toMatch(/BROKEN/);
  });

  it('keeps one fsync a commit, in WAL with synchronous FULL', () => {
    const db = new Database(join(dir, 'journal.db'), { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  it('says that it cannot be written, writes nothing, and recovers', () => {
    const id = uuidv7(clock.now());
    journal.append(step(id));
    const thief = new Database(join(dir, 'journal.db'), { timeout: 0 });
    const heard: boolean[] = [];
    journal.onWritable((writable) => heard.push(writable));
    thief.exec('BEGIN IMMEDIATE');
    expect(() => journal.append(step(id, { step: 'CHARGED' }))).toThrow(/JOURNAL_UNWRITABLE/);
    expect(journal.writable).toBe(false);
    expect(journal.probe()).toBe(false);
    thief.exec('ROLLBACK');
    thief.close();
    expect(journal.probe()).toBe(true);
    expect(journal.append(step(id, { step: 'CHARGED' })).seq).toBe(1);
    expect(heard).toEqual([false, true]);
    expect(journal.verifyChain()).toMatchObject({ whole: true, steps: 2 });
  }, 10_000);

  it('prunes detail first, whole payments later, and the chain stays whole', () => {
    const old = uuidv7(clock.now());
    journal.append(step(old));
    journal.append(step(old, { step: 'CONFIRMED', closed: true, data: { card: { stan: '000001' } } }));
    const open = uuidv7(clock.now() + 1);
    journal.append(step(open));
    clock.advance(40 * DAY);
    expect(journal.prune()).toEqual({ emptied: 1, dropped: 0 });
    expect(journal.steps(old).map(({ data }) => data !== undefined)).toEqual([false, true]);
    expect(journal.payment(old)?.data).toEqual({ card: { stan: '000001' } });
    expect(journal.verifyChain().whole).toBe(true);
    clock.advance(400 * DAY);
    expect(journal.prune().dropped).toBe(2);
    expect(journal.payment(old)).toBeUndefined();
    expect(journal.payment(open)).toBeDefined();
    expect(journal.verifyChain()).toMatchObject({ whole: true, steps: 1 });
    expect(journal.append(step(open)).n).toBe(4);
    expect(journal.verifyChain().whole).toBe(true);
  });

  it('migrates up and down', () => {
    const db = new Database(':memory:');
    migrate(db);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    migrate(db, 0);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get()).toEqual({
      n: 0,
    });
    db.pragma('user_version = 99');
    expect(() => migrate(db)).toThrow(/JOURNAL_VERSION/);
    db.close();
  });

  it('says so when the folder cannot be written', () => {
    if (process.getuid?.() === 0) return;
    const closed = mkdtempSync(join(tmpdir(), 'jolly-closed-'));
    chmodSync(closed, 0o500);
    expect(() => openJournal(join(closed, 'in'), { clock })).toThrow();
    rmSync(closed, { recursive: true, force: true });
  });
});

describe('jolly journal', () => {
  const run = (...args: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const status = runJournalCommand([...args, '--data', dir], {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    return { status, out, err };
  };

  it('lists payments and steps beside the running writer', () => {
    const id = uuidv7(clock.now());
    journal.append(step(id));
    journal.append(step(id, { step: 'VERIFIED', event: 'verified' }));
    expect(run().out[1]).toContain('VERIFIED');
    expect(JSON.parse(run('payments', '--json').out[0] ?? '')).toMatchObject({
      paymentId: id,
      state: 'VERIFIED',
    });
    expect(run('steps', '--payment', id.slice(-4)).out).toHaveLength(3);
    expect(JSON.parse(run('open', '--json').out[0] ?? '').payments).toHaveLength(1);
    expect(run('verify').out[0]).toMatch(/^whole: 2 steps/);
  });

  it('says what it lacks', () => {
    expect(run('steps', '--payment', 'ffff').status).toBe(1);
    expect(run('dance').status).toBe(2);
    const err: string[] = [];
    const io = { out: () => undefined, err: (line: string) => err.push(line) };
    expect(runJournalCommand(['--data', join(dir, 'absent')], io)).toBe(1);
    expect(err[0]).toMatch(/JOURNAL_ABSENT/);
    expect(() => readJournal(join(dir, 'absent'))).toThrow(/JOURNAL_ABSENT/);
  });
});
