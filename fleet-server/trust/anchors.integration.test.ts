import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pemOf, Rig, rsaPair, TestAuthority } from '../testing/index.ts';
import { openTrust } from './index.ts';

const now = Date.UTC(2026, 10, 21);

describe('the anchors in the settings', () => {
  let folder: string;
  const root = new TestAuthority('Root', { now });
  const save = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jolly-trust-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are as many as their files hold', () => {
    const more = new TestAuthority('Second generation', { now });
    const { trust, faults } = openTrust(
      { csca: [save('csca.pem', root.pem + more.pem)], citizenCa: [save('ca.pem', root.pem)], cnsCa: [] },
      false,
    );
    expect(faults).toEqual([]);
    expect([trust.csca.length, trust.citizenCa.length, trust.cnsCa.length]).toEqual([2, 1, 0]);
  });

  it('are refused with every fault at once', () => {
    const leaf = root.issue({ subject: [['CN', 'x']], publicKey: rsaPair('leaf').publicKey });
    const files = {
      csca: [join(folder, 'missing.pem'), save('empty.pem', '')],
      citizenCa: [save('leaf.pem', pemOf(leaf)), save('good.pem', root.pem)],
      cnsCa: [save('broken.pem', pemOf(leaf.subarray(0, 100)))],
    };
    expect(openTrust(files, false).faults).toEqual([
      { path: 'trust.csca.0', message: 'cannot be read (ENOENT)' },
      { path: 'trust.csca.1', message: expect.stringContaining('not a PEM file') },
      {
        path: 'trust.citizenCa.0',
        message: expect.stringContaining('not that of a certification authority'),
      },
      { path: 'trust.cnsCa.0', message: expect.stringContaining('cannot be read') },
    ]);
  });

  it('of the test authority are not taken in production, and no method is offered without any', async () => {
    const citizens = {
      methods: ['cie-card-local' as const, 'cns-card-local' as const],
      withoutPin: false,
      sessionMinutes: 15,
      challengeSeconds: 60,
      revocation: { policy: 'strict' as const, staleHours: 24 },
    };
    const rig = new Rig({
      mode: 'production',
      demo: undefined,
      tenants: [
        { id: 'prova', name: 'P', timeZone: 'Europe/Rome', creditorTaxCode: '77777777777', citizens },
      ],
      trust: { csca: [], citizenCa: [save('ca.pem', root.pem)], cnsCa: [] },
    });
    await expect(rig.start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      faults: [
        { path: 'trust.citizenCa.0', message: 'production takes no anchor of the test authority' },
        { path: 'tenants.0.citizens.methods', message: 'cie-card-local needs anchors in trust.csca' },
        { path: 'tenants.0.citizens.methods', message: 'cns-card-local needs anchors in trust.cnsCa' },
      ],
    });
    rmSync(rig.folder, { recursive: true, force: true });
  });
});
