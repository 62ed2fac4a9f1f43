import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Secret, systemClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudit } from '../audit/index.ts';
import type { EnrolmentTables } from '../enrolment/index.ts';
import { allMigrations } from '../schema.ts';
import { openKeyring, openVault } from '../sealing/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import type { TwinTables } from '../twin/index.ts';
import { backupCommand, restoreCommand, restoreTestCommand } from './index.ts';

const onPostgres = process.env.JOLLY_TEST_STORE === 'postgres';

describe('a backup', () => {
  let folder: string;
  let place: TestStore;
  let store: Store | undefined;
  const said: string[] = [];
  const file = (...path: string[]) => join(folder, ...path);
  const io = {
    input: Readable.from([]),
    out: async (line: string) => void said.push(line),
    err: async (line: string) => void said.push(line),
  };
  const configure = (over: object = {}) =>
    writeFileSync(
      file('server.json'),
      JSON.stringify({
        mode: 'production',
        listen: { host: '0.0.0.0', port: 443 },
        dataDir: file('data'),
        store: place.settings,
        masterKeyFile: file('keys', 'master.key'),
        tenants: [{ id: 'prova', name: 'Prova', creditorTaxCode: '77777777777' }],
        gateway: {
          kind: 'node-soap',
          url: 'https://node.example',
          pspName: 'P',
          pspTaxCode: '02654890025',
          idPsp: 'P',
          idBrokerPsp: 'P',
          idChannel: 'P_01',
        },
        ...over,
      }),
    );
  const config = () => ['--config', file('server.json')];
  const opened = async () => {
    store = await openStore({ dataDir: file('data'), store: place.settings }, allMigrations);
    return store;
  };
  const close = async () => {
    await store?.close();
    store = undefined;
  };
  const keyring = () => openKeyring(file('keys', 'master.key'));
  /** The server at work: a credential, a line in the log. */
  const work = async (name: string) => {
    const db = store ?? (await opened());
    await openVault(db, keyring(), systemClock).set('prova', 'gateway-password', new Secret(name));
    const audit = openAudit(db, systemClock, keyring());
    await db.transaction((tx) =>
      audit.record(tx, { tenantId: 'prova', actor: 'mario', act: 'secret-set', subject: name, detail: {} }),
    );
  };
  const password = async () =>
    (
      await openVault(store ?? (await opened()), keyring(), systemClock).get('prova', 'gateway-password')
    ).reveal();
  const backup = async (...more: string[]) => {
    expect(
      await backupCommand.run([...config(), '--out', file('backups'), ...more], io),
      said.join('\n'),
    ).toBe(0);
    return file('backups', readdirSync(file('backups')).sort().at(-1) ?? '');
  };

  beforeEach(async () => {
    said.length = 0;
    folder = mkdtempSync(join(tmpdir(), 'jolly-backup-test-'));
    place = await testStore();
    configure();
    mkdirSync(file('data'));
  });
  afterEach(async () => {
    await close();
    await place.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made while the server works, is for its owner only, and does not hold the master key', async () => {
    await work('uno');
    const made = await backup();
    const manifest = JSON.parse(readFileSync(join(made, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ store: onPostgres ? 'postgres' : 'sqlite', keys: keyring().ids() });
    expect(statSync(made).mode & 0o777).toBe(0o700);
    const key = readFileSync(file('keys', 'master.key'), 'utf8').trim().split(':')[1] ?? '';
    for (const name of readdirSync(made)) {
      expect(readFileSync(join(made, name), 'latin1')).not.toContain(key);
    }
    expect(said.join('\n')).toContain('which is not in it');
  });

  it('proves that it can be used', async () => {
    await work('uno');
    expect(await restoreTestCommand.run([await backup(), ...config()], io), said.join('\n')).toBe(0);
    expect(said.join('\n')).toMatch(/ok {4}secrets: 1 open/);
    expect(said.join('\n')).toMatch(/ok {4}audit log: 1 lines of 1 chains hold/);
    expect(await password()).toBe('uno');
  });

  it('shows a log that somebody changed', async () => {
    await work('uno');
    await (store as Store)
      .of<{ audit_line: { actor: string } }>()
      .updateTable('audit_line')
      .set({ actor: 'luigi' })
      .execute();
    expect(await restoreTestCommand.run([await backup(), ...config()], io)).toBe(1);
    expect(said.join('\n')).toMatch(/WRONG audit log: broken: prova 1 line-changed/);
  });

  it('is put back, over what is there only when that is said and nobody uses it', async () => {
    await work('uno');
    const made = await backup();
    await work('due');
    expect(await restoreCommand.run([made, ...config(), '--replace'], io)).toBe(1);
    expect(said.join('\n')).toContain('STORE_IN_USE');
    await close();
    expect(await restoreCommand.run([made, ...config()], io)).toBe(1);
    expect(said.join('\n')).toContain('STORE_NOT_EMPTY');
    expect(await restoreCommand.run([made, ...config(), '--replace'], io), said.join('\n')).toBe(0);
    expect(await password()).toBe('uno');
  });

  it('forgets leases, and numbers settings from where no terminal was, once it is put back', async () => {
    const db = await opened();
    const who = { tenant_id: 'prova', terminal_id: 'T1' };
    await db
      .of<EnrolmentTables>()
      .insertInto('link_lease')
      .values({ ...who, held: null, offers: '[]', machine: 'm', boot: 'b', said_at: 1, greeted_at: 1 })
      .execute();
    const settings = { hash: 'h', document: '{}', changed_at: 1, reported_version: 0, refused_version: null };
    await db
      .of<TwinTables>()
      .insertInto('terminal_settings')
      .values([
        { ...who, ...settings, version: 7, send_at: null, faults: null },
        { ...who, ...settings, terminal_id: 'T2', version: 0, send_at: null, faults: null },
      ])
      .execute();
    const made = await backup();
    await close();
    expect(await restoreCommand.run([made, ...config(), '--replace'], io), said.join('\n')).toBe(0);
    const back = await opened();
    expect(await back.of<EnrolmentTables>().selectFrom('link_lease').selectAll().execute()).toEqual([]);
    const [one, other] = await back
      .of<TwinTables>()
      .selectFrom('terminal_settings')
      .select(['version', 'send_at'])
      .orderBy('terminal_id')
      .execute();
    expect(one?.version).toBeGreaterThan(7 + 500);
    expect(one?.send_at).toBeGreaterThan(0);
    expect(other).toEqual({ version: 0, send_at: null });
  });

  it('is refused when it was changed, cut, or made by a newer version', async () => {
    await work('uno');
    const made = await backup();
    const manifest = readFileSync(join(made, 'manifest.json'), 'utf8');
    const name = JSON.parse(manifest).file.name as string;
    copyFileSync(join(made, name), file('whole'));
    const refused = async (code: string) => {
      said.length = 0;
      expect(await restoreTestCommand.run([made, ...config()], io)).toBe(1);
      expect(said.join('\n')).toContain(code);
    };
    writeFileSync(
      join(made, 'manifest.json'),
      manifest.replace('"022-storage"', '"022-storage", "999-later"'),
    );
    await refused('BACKUP_NEWER');
    writeFileSync(join(made, 'manifest.json'), '{');
    await refused('BACKUP_INVALID');
    writeFileSync(join(made, 'manifest.json'), manifest);
    writeFileSync(join(made, name), readFileSync(file('whole')).subarray(0, -1));
    await refused('BACKUP_INVALID');
    rmSync(join(made, name));
    await refused('BACKUP_INVALID');
  });

  it('asks for the master key of its time', async () => {
    await work('uno');
    const made = await backup();
    await close();
    rmSync(file('keys'), { recursive: true });
    expect(await restoreCommand.run([made, ...config(), '--replace'], io)).toBe(1);
    expect(said.join('\n')).toContain('BACKUP_KEY_MISSING');
    expect(await restoreCommand.run([made, ...config(), '--replace', '--without-key'], io)).toBe(0);
  });

  it('leaves only as many as are to be kept', async () => {
    await work('uno');
    await backup();
    await backup();
    const last = await backup('--keep', '2');
    expect(readdirSync(file('backups'))).toHaveLength(2);
    expect(file('backups', readdirSync(file('backups')).sort().at(-1) ?? '')).toBe(last);
  });

  it.runIf(!onPostgres)('is taken by itself before a new version changes the schema', async () => {
    const before = allMigrations.slice(0, -1);
    await (await openStore({ dataDir: file('data'), store: place.settings }, before)).close();
    expect(readdirSync(file('data'))).toEqual(['fleet.sqlite']);
    await (await opened()).check();
    expect(readdirSync(file('data'))).toContain(`fleet.sqlite.before-upgrade-from-${before.at(-1)?.name}`);
    await expect(openStore({ dataDir: file('data'), store: place.settings }, before)).rejects.toMatchObject({
      code: 'STORE_NEWER',
    });
  });
});
