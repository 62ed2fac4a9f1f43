import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkClientId, linkProof, linkUser } from '@jolly/contracts/fleet-link';
import { ManualClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityTables, TerminalStatus } from '../identity/index.ts';
import type { LinkGate } from '../link/index.ts';
import { allMigrations } from '../schema.ts';
import { openKeyring, openVault } from '../sealing/index.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import { linkGate, openLinkKeys, openTenantCa, type TenantCa } from './index.ts';

const who = { tenantId: 'prato', terminalId: 'PO-001' };
const user = linkUser(who);
const clientId = linkClientId(who);
const DAY_MS = 86_400_000;

let folder: string;
let store: Store;
let clock: ManualClock;
let gate: LinkGate;
let ca: TenantCa;
let key: KeyObject;
let publicKey: string;

const newKey = () => {
  const pair = generateKeyPairSync('ed25519');
  return {
    key: pair.privateKey,
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  };
};
const vault = () => openVault(store, openKeyring(join(folder, 'master.key')), clock);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-gate-'));
  clock = new ManualClock();
  store = await openSqliteStore(':memory:', allMigrations);
  ca = openTenantCa({ store, vault: vault(), clock });
  gate = linkGate(store, clock);
  ({ key, publicKey } = newKey());
  await enrol(who, publicKey);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function enrol(address: typeof who, itsKey: string): Promise<void> {
  await store
    .of<IdentityTables>()
    .insertInto('terminal')
    .values({
      tenant_id: address.tenantId,
      terminal_id: address.terminalId,
      public_key: itsKey,
      site: 'Municipio',
      enrolled_at: clock.now(),
      status: 'enrolled',
      suspect_why: null,
      site_id: null,
      serial: null,
      key_since: clock.now(),
      previous_key: null,
      previous_until: null,
    })
    .execute();
}

const put = (status: TerminalStatus) =>
  store.of<IdentityTables>().updateTable('terminal').set({ status }).execute();

function password(over: Partial<{ user: string; timestamp: number; by: KeyObject }> = {}): Buffer {
  const timestamp = over.timestamp ?? clock.now();
  const nonce = randomBytes(16).toString('base64url');
  const text = linkProof({ user: over.user ?? user, clientId, timestamp, nonce });
  const signature = sign(null, Buffer.from(text), over.by ?? key).toString('base64url');
  return Buffer.from(JSON.stringify({ timestamp, nonce, signature }));
}

const leaf = (pem: string) => new X509Certificate(pem).raw;

describe('the door by password', () => {
  it('opens once for each proof', async () => {
    const proof = password();
    expect(await gate.byPassword(user, clientId, proof)).toEqual(who);
    await expect(gate.byPassword(user, clientId, proof)).rejects.toThrow('REPLAYED');
    // another process on the same store
    await expect(linkGate(store, clock).byPassword(user, clientId, proof)).rejects.toThrow('REPLAYED');
    expect(await gate.byPassword(user, clientId, password())).toEqual(who);
  });

  it('opens for one of two that come at once with the same proof', async () => {
    const proof = password();
    const came = await Promise.allSettled([1, 2, 3].map(() => gate.byPassword(user, clientId, proof)));
    expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['another key', () => password({ by: newKey().key }), 'LINK_REFUSED'],
    ['another user', () => password({ user: 'prato/PO-002' }), 'LINK_REFUSED'],
    ['a clock that is late', () => password({ timestamp: clock.now() - 300_001 }), 'CLOCK_SKEW'],
    ['no JSON', () => Buffer.from('password'), 'LINK_REFUSED'],
    ['too much', () => Buffer.alloc(100_000, 32), 'LINK_REFUSED'],
  ])('stays shut for %s', async (_, make, code) => {
    await expect(gate.byPassword(user, clientId, make())).rejects.toThrow(code);
  });

  it.each([
    ['prato/PO-002', 'jolly-prato-PO-002'],
    ['prato/PO-001', 'jolly-prato-PO-002'],
    ['prato', clientId],
    ['prato/+', clientId],
    ['prato/PO-001/x', clientId],
  ])('stays shut for %s as %s', async (otherUser, otherClient) => {
    await expect(gate.byPassword(otherUser, otherClient, password())).rejects.toThrow('LINK_REFUSED');
  });

  it.each([
    ['suspect', 'TERMINAL_SUSPECT'],
    ['revoked', 'TERMINAL_REVOKED'],
    ['decommissioned', 'TERMINAL_REVOKED'],
  ] as const)('stays shut for a %s one', async (status, code) => {
    await put(status);
    await expect(gate.byPassword(user, clientId, password())).rejects.toThrow(code);
  });
});

describe('the door by certificate', () => {
  it('opens for the terminal the certificate names', async () => {
    const pem = await ca.certificateOf(who, publicKey);
    expect(await gate.byCertificate(user, clientId, leaf(pem))).toEqual(who);
    await expect(gate.byCertificate('prato/PO-002', 'jolly-prato-PO-002', leaf(pem))).rejects.toThrow(
      'LINK_REFUSED',
    );
  });

  it('stays shut for another authority, an old key, and after its time', async () => {
    const other = { tenantId: 'lucca', terminalId: 'PO-001' };
    await enrol(other, newKey().publicKey);
    await ca.certificateOf(other, publicKey);
    const pem = await ca.certificateOf(who, publicKey);
    const self = execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ed25519',
        '-nodes',
        '-keyout',
        '/dev/null',
        '-subj',
        `/CN=${user.replace('/', '\\/')}`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await expect(gate.byCertificate(user, clientId, leaf(self.toString()))).rejects.toThrow('LINK_REFUSED');
    await expect(gate.byCertificate('lucca/PO-001', 'jolly-lucca-PO-001', leaf(pem))).rejects.toThrow(
      'LINK_REFUSED',
    );
    await expect(gate.byCertificate(user, clientId, Buffer.from('no DER'))).rejects.toThrow('LINK_REFUSED');
    const changed = newKey().publicKey;
    await store.of<IdentityTables>().updateTable('terminal').set({ public_key: changed }).execute();
    await expect(gate.byCertificate(user, clientId, leaf(pem))).rejects.toThrow('LINK_REFUSED');
    const fresh = await ca.certificateOf(who, changed);
    expect(await gate.byCertificate(user, clientId, leaf(fresh))).toEqual(who);
    clock.advance(91 * DAY_MS);
    await expect(gate.byCertificate(user, clientId, leaf(fresh))).rejects.toThrow('LINK_REFUSED');
  });

  it('is renewed in its second half', async () => {
    const first = await ca.certificateOf(who, publicKey);
    clock.advance(44 * DAY_MS);
    expect(await ca.certificateOf(who, publicKey)).toBe(first);
    clock.advance(2 * DAY_MS);
    expect(await ca.certificateOf(who, publicKey)).not.toBe(first);
  });
});

describe('openssl', () => {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('agrees with the certificates, their purpose and the list of those revoked', async () => {
    clock.advance(Date.now() - clock.now());
    const chain = await ca.certificateOf(who, publicKey);
    writeFileSync(join(folder, 'leaf.pem'), chain);
    writeFileSync(join(folder, 'ca.pem'), await ca.authority('prato'));
    writeFileSync(join(folder, 'other.pem'), await ca.authority('lucca'));
    const strict = ['verify', '-x509_strict', '-purpose', 'sslclient'];
    expect(openssl(...strict, '-CAfile', 'ca.pem', 'leaf.pem')).toContain('OK');
    expect(() => openssl(...strict, '-CAfile', 'other.pem', 'leaf.pem')).toThrow();
    expect(() => openssl('verify', '-purpose', 'sslserver', '-CAfile', 'ca.pem', 'leaf.pem')).toThrow();
    expect(openssl('x509', '-in', 'leaf.pem', '-noout', '-subject', '-nameopt', 'multiline')).toContain(
      'commonName                = prato/PO-001',
    );
    const withList = async () => {
      writeFileSync(join(folder, 'crl.pem'), await ca.revocationList('prato'));
      return openssl('verify', '-crl_check', '-CRLfile', 'crl.pem', '-CAfile', 'ca.pem', 'leaf.pem');
    };
    expect(await withList()).toContain('OK');
    await put('revoked');
    await expect(withList()).rejects.toThrow('revoked');
  });
});

describe('the keys that sign what goes down', () => {
  it('are changed in two steps, the same for every process', async () => {
    const one = openLinkKeys(vault(), clock);
    const two = openLinkKeys(vault(), clock);
    const [present] = await one.publicKeys();
    expect(await two.publicKeys()).toEqual([present]);
    expect(await one.change()).toBe(false);
    await one.announce();
    const [, next] = await two.publicKeys();
    expect(await one.publicKeys()).toEqual([present, next]);
    expect(await one.change()).toBe(true);
    expect(await two.publicKeys()).toEqual([next]);
    expect(await one.sign('x')).toBe(await two.sign('x'));
  });
});
