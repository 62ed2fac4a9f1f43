import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemRandom } from '@jolly/contracts/values';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../errors.ts';
import { openIdentity, openKeyStore, type RotationClient, rotateKey, takeIn } from './index.ts';

let dataDir: string;
const clock = new ManualClock();
const owner = () => ({ tenantId: 'prato', terminalId: 'PO-001', dataDir });
const open = () => openIdentity(owner(), clock, systemRandom);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-keeping-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the key store of the host', () => {
  /** Does what systemd-creds does, with another cipher: the name is part of what it seals. */
  function fakeCreds(tpm: boolean): string {
    const file = join(dataDir, 'fake-creds');
    const script = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const [verb, ...rest] = process.argv.slice(2);
const name = rest.find((arg) => arg.startsWith('--name='));
if (verb === 'has-tpm2') process.exit(${tpm ? 0 : 1});
if (verb === 'encrypt') {
  if (${!tpm} && rest.includes('--with-key=tpm2')) process.exit(1);
  process.stdout.write(Buffer.from(name + readFileSync(0, 'utf8')).toString('base64'));
} else {
  const text = Buffer.from(readFileSync(rest[1], 'utf8'), 'base64').toString();
  if (!text.startsWith(name)) process.exit(1);
  process.stdout.write(text.slice(name.length));
}
`;
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    return file;
  }
  const through = (store: 'auto' | 'file' | 'systemd-creds', command: string) =>
    openIdentity(owner(), clock, systemRandom, openKeyStore(dataDir, { store, command }));
  const keyFiles = () =>
    readdirSync(dataDir)
      .filter((name) => name.startsWith('device-key'))
      .sort();

  it('is the TPM where there is one, and takes the key along that lay open', () => {
    const before = open();
    const command = fakeCreds(true);
    expect(through('auto', command).publicKey).toBe(before.publicKey);
    expect(keyFiles()).toEqual(['device-key.cred']);
    expect(readFileSync(join(dataDir, 'device-key.cred'), 'utf8')).not.toContain('PRIVATE KEY');
    expect(through('auto', command).publicKey).toBe(before.publicKey);
    // what was sealed is never passed over for a new key
    expect(through('file', command).publicKey).toBe(before.publicKey);
    expect(() => through('auto', join(dataDir, 'absent'))).toThrow('DEVICE_KEY_UNREADABLE');
  });

  it('is a file of its own where there is none, or the tool is not there', () => {
    const first = through('auto', fakeCreds(false));
    expect(keyFiles()).toEqual(['device-key.pem']);
    expect(through('auto', join(dataDir, 'absent')).publicKey).toBe(first.publicKey);
  });

  it('changes its key there too', async () => {
    const command = fakeCreds(true);
    const identity = through('auto', command);
    const before = identity.publicKey;
    await rotateKey(identity, { rotateKey: async () => undefined, proveNextKey: async () => undefined });
    expect(identity.publicKey).not.toBe(before);
    expect(keyFiles()).toEqual(['device-key.cred']);
    expect(through('auto', command).publicKey).toBe(identity.publicKey);
  });
});

describe('a change of the key', () => {
  /** The server's end: the key it has, and what becomes of a call. */
  type Fate = 'lost' | 'answer-lost' | 'done';
  type Caller = () => { publicKey: string; next: string | undefined };
  class Server implements RotationClient {
    key: string;
    readonly #fates: Fate[];
    readonly #caller: Caller;
    constructor(key: string, fates: Fate[], caller: Caller) {
      this.key = key;
      this.#fates = fates;
      this.#caller = caller;
    }
    #call(signedBy: string | undefined, act: () => void): void {
      const fate = this.#fates.shift() ?? 'done';
      if (fate === 'lost') throw fail('SERVER_UNREACHABLE');
      if (signedBy !== this.key) throw fail('SERVER_REFUSED', { code: 'SIGNATURE_REFUSED' });
      act();
      if (fate === 'answer-lost') throw fail('SERVER_UNREACHABLE');
    }
    async rotateKey({ publicKey }: { publicKey: string }): Promise<void> {
      this.#call(this.#caller().publicKey, () => {
        this.key = publicKey;
      });
    }
    async proveNextKey(): Promise<void> {
      this.#call(this.#caller().next, () => undefined);
    }
  }

  it('never loses the key that the server has, wherever answers and power go', async () => {
    const Fate = fc.constantFrom<Fate>('lost', 'answer-lost', 'done');
    await fc.assert(
      fc.asyncProperty(fc.array(Fate, { maxLength: 6 }), fc.boolean(), async (fates, cutAfterNext) => {
        rmSync(dataDir, { recursive: true, force: true });
        dataDir = mkdtempSync(join(tmpdir(), 'jolly-keeping-'));
        let identity = open();
        const first = identity.publicKey;
        const server = new Server(first, [...fates], () => ({
          publicKey: identity.publicKey,
          next: identity.changing ? identity.nextKey().publicKey : undefined,
        }));
        if (cutAfterNext) identity.nextKey();
        for (let tries = 0; tries < 8; tries++) {
          // each try is a new start of the terminal: only the disk is left of the one before
          identity = open();
          if (identity.publicKey !== first && !identity.changing) break;
          await rotateKey(identity, server).catch(() => undefined);
          const held = open();
          const keys = [held.publicKey, ...(held.changing ? [held.nextKey().publicKey] : [])];
          expect(keys).toContain(server.key);
        }
        expect(open().publicKey).toBe(server.key);
        expect(server.key).not.toBe(first);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the name', () => {
  it('that the server gave holds over that of the file, and is kept', () => {
    const nobody = () => openIdentity({ dataDir }, clock, systemRandom);
    expect(nobody()).toMatchObject({ namedBy: 'nobody', tenantId: 'unknown', terminalId: 'unknown' });
    expect(open()).toMatchObject({ namedBy: 'file', tenantId: 'prato' });
    const identity = nobody();
    identity.accept({ tenantId: 'lucca', terminalId: 'LU-01', site: 'Anagrafe' });
    expect(identity.linkCredentials().user).toBe('lucca/LU-01');
    expect(open()).toMatchObject({ namedBy: 'server', terminalId: 'LU-01', site: 'Anagrafe' });
  });

  it('goes with the key when the terminal is wiped', () => {
    const identity = open();
    identity.accept({ tenantId: 'lucca', terminalId: 'LU-01', site: '' });
    identity.nextKey();
    identity.wipe();
    expect(existsSync(join(dataDir, 'device-key.pem'))).toBe(false);
    expect(readdirSync(dataDir)).toEqual([]);
    expect(open().publicKey).not.toBe(identity.publicKey);
  });
});

it('a change of the key that was cut is finished before anything else is asked, with a code for the demo too', async () => {
  const identity = open();
  const { publicKey } = identity.nextKey();
  const asked: string[] = [];
  const call = (name: string) => async () => void asked.push(`${name} ${identity.publicKey === publicKey}`);
  await takeIn({
    config: { tenantId: 'prato', site: 'Piazza', enrolmentCode: 'prova-2026' },
    identity,
    software: '0.1.0',
    show: () => undefined,
    client: {
      rotateKey: call('rotate'),
      proveNextKey: call('prove'),
      enrol: call('enrol'),
      time: async () => 0,
      ask: async () => ({ state: 'refused' }),
    },
  });
  expect(asked).toEqual(['rotate false', 'enrol true']);
});
