import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from '../sealing/index.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import { type AuditLog, openAudit, resealAuditHeads } from './log.ts';
import { type AuditTables, auditMigrations } from './tables.ts';

describe('the audit log', () => {
  const clock = new ManualClock();
  let folder: string;
  let store: Store;
  let audit: AuditLog;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jolly-audit-'));
    store = await openSqliteStore(join(folder, 'a.sqlite'), auditMigrations);
    audit = openAudit(store, clock, openKeyring(join(folder, 'key')));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (subject: string, tenantId = 'prova') =>
    store.transaction((tx) =>
      audit.record(tx, {
        tenantId,
        actor: 'rossi',
        act: 'settings-written',
        subject,
        detail: { version: 2 },
      }),
    );
  const lines = () => store.of<AuditTables>();
  const faults = async () => (await audit.verify('prova')).faults;

  it('keeps one chain a municipality, numbered without gaps, newest first', async () => {
    for (const subject of ['a', 'b', 'c']) await write(subject);
    await write('x', 'altrove');
    expect((await audit.page('prova', { limit: 2 })).map(({ seq, subject }) => [seq, subject])).toEqual([
      [3, 'c'],
      [2, 'b'],
    ]);
    expect((await audit.page('prova', { limit: 2, before: 2 })).map((line) => line.subject)).toEqual(['a']);
    expect(await faults()).toEqual([]);
    expect(await audit.verify('altrove')).toMatchObject({ head: { count: 1 }, faults: [] });
  });

  it('has no line of an act that was undone', async () => {
    const undone = store.transaction(async (tx) => {
      await audit.record(tx, { tenantId: 'prova', actor: 'a', act: 'b', subject: 'c', detail: {} });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await write('a');
    expect(await audit.verify('prova')).toMatchObject({ head: { count: 1 }, faults: [] });
  });

  it('notices a changed line, a missing one, a cut tail, a forged line, a head that is gone', async () => {
    const tries: readonly [string, () => Promise<unknown>, string][] = [
      [
        'changed',
        () => lines().updateTable('audit_line').set({ actor: 'verdi' }).where('seq', '=', 2).execute(),
        'line-changed',
      ],
      ['missing', () => lines().deleteFrom('audit_line').where('seq', '=', 2).execute(), 'line-missing'],
      ['cut', () => lines().deleteFrom('audit_line').where('seq', '=', 4).execute(), 'tail-cut'],
      ['emptied', () => lines().deleteFrom('audit_line').execute(), 'tail-cut'],
      ['headless', () => lines().deleteFrom('audit_head').execute(), 'head-broken'],
      [
        'foreign head',
        () => lines().updateTable('audit_head').set({ sealed: 'v1.x.y.z' }).execute(),
        'head-broken',
      ],
      [
        'unreadable',
        () => lines().updateTable('audit_line').set({ detail: '{' }).where('seq', '=', 1).execute(),
        'line-changed',
      ],
    ];
    for (const [name, act, expected] of tries) {
      await lines().deleteFrom('audit_line').execute();
      await lines().deleteFrom('audit_head').execute();
      for (const subject of ['a', 'b', 'c', 'd']) await write(subject);
      expect(await faults(), name).toEqual([]);
      await act();
      expect(
        (await faults()).map((fault) => fault.what),
        name,
      ).toContain(expected);
    }
  });

  it('goes on after a break, and says for ever that there was one', async () => {
    for (const subject of ['a', 'b', 'c']) await write(subject);
    await lines().deleteFrom('audit_line').where('seq', '=', 3).execute();
    await write('d');
    expect((await audit.page('prova', { limit: 9 })).map((line) => line.act)).toEqual([
      'settings-written',
      'audit-chain-broken',
      'settings-written',
      'settings-written',
    ]);
    expect(await faults()).toEqual([{ seq: 3, what: 'broken-before' }]);
  });

  it('holds through changes of the master key', async () => {
    await write('a');
    const keyring = openKeyring(join(folder, 'key'));
    for (let times = 0; times < 3; times++) {
      keyring.rotate();
      expect(await store.transaction((tx) => resealAuditHeads(tx, keyring))).toBe(1);
    }
    await write('b');
    expect(await faults()).toEqual([]);
  });
});
