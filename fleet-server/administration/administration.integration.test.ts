import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditTables } from '../audit/index.ts';
import { allMigrations } from '../schema.ts';
import { openSqliteStore } from '../store/index.ts';
import { runAuditCommand, runPeopleCommand } from './index.ts';

describe('looking after a server from its own machine', () => {
  let folder: string;
  let lines: string[];
  const io = { print: (line: string) => void lines.push(line) };
  const config = () => ['--config', join(folder, 'fleet.json')];
  const people = (...args: string[]) => runPeopleCommand([...args, ...config()], io);
  const audit = (...args: string[]) => runAuditCommand([...args, ...config()], io);
  const giulia = ['--user', 'giulia', '--name', 'Giulia Verdi', '--role', 'centre-admin'];

  beforeEach(() => {
    lines = [];
    folder = mkdtempSync(join(tmpdir(), 'jolly-administration-'));
    writeFileSync(
      join(folder, 'fleet.json'),
      JSON.stringify({
        mode: 'production',
        publicUrl: 'https://jolly.example',
        listen: { port: 0 },
        dataDir: folder,
        masterKeyFile: join(folder, 'key'),
        tenants: [{ id: 'prova', name: 'Comune di Prova', creditorTaxCode: '77777777777' }],
        gateway: {
          kind: 'node-soap',
          url: 'https://127.0.0.1:1',
          pspName: 'Banca',
          pspTaxCode: '02654890025',
          idPsp: 'BDIMITMM',
          idBrokerPsp: '02654890025',
          idChannel: '02654890025_01',
        },
      }),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the first person and prints the link with which they set their password', async () => {
    expect(await people('add', ...giulia)).toBe(0);
    expect(lines.join('\n')).toMatch(/https:\/\/jolly\.example\/console\/#\/password\/[\w-]{43}\n/);
    expect(await people('add', ...giulia)).toBe(1);
    expect(lines.join('\n')).toContain('PERSON_EXISTS');
    expect(await people('add', ...giulia.with(1, 'mario').with(5, 'office'), '--tenant', 'prova')).toBe(0);
    lines = [];
    await people('list');
    expect(lines).toEqual([
      'giulia (Giulia Verdi) local centre-admin',
      'mario (Giulia Verdi) local prova:office',
    ]);
  });

  it('opens the way back in, and leaves a line of it', async () => {
    await people('add', ...giulia);
    for (const verb of ['link', 'reset-totp', 'disable', 'enable']) {
      expect(await people(verb, '--user', 'giulia'), verb).toBe(0);
    }
    expect(await people('link', '--user', 'nessuno')).toBe(1);
    lines = [];
    expect(await audit('export', '--tenant', 'centre')).toBe(0);
    expect(lines.map((line) => (JSON.parse(line) as { act: string }).act)).toEqual([
      'person-added',
      'password-link-made',
      'second-factor-taken-away',
      'person-disabled',
      'person-enabled',
    ]);
  });

  it('says whether the logs are whole, and finds one that was put back from before', async () => {
    await people('add', ...giulia);
    lines = [];
    expect(await audit('verify')).toBe(0);
    const head = /centre: 1 lines, whole, head (1:[0-9a-f]{64})/.exec(lines.join('\n'))?.[1] ?? '';
    expect(await audit('verify', '--tenant', 'centre', '--expect', head)).toBe(0);
    expect(await audit('verify', '--tenant', 'centre', '--expect', head.replace('1:', '7:'))).toBe(1);
    const store = await openSqliteStore(join(folder, 'fleet.sqlite'), allMigrations);
    await store.of<AuditTables>().updateTable('audit_line').set({ actor: 'nessuno' }).execute();
    await store.close();
    expect(await audit('verify')).toBe(1);
    expect(lines).toContain('centre: line 1: line-changed');
  });

  it('asks for what it needs', async () => {
    expect(await people('add', '--user', 'x')).toBe(2);
    expect(await people('add', ...giulia.with(5, 'office'), '--tenant', 'altrove')).toBe(2);
    expect(await people('away')).toBe(2);
    expect(await audit('verify', '--expect', 'x')).toBe(2);
    expect(await audit('verify', '--tenant', 'altrove')).toBe(2);
  });
});
