import { createHash, createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalRequest, SignedHead } from '@jolly/contracts/fleet-api';
import { ManualClock, systemRandom } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY_FILE, keepEnrolling, openIdentity } from './index.ts';

let dataDir: string;
const clock = new ManualClock();
const open = () => openIdentity({ tenantId: 'prato', terminalId: 'PO-001', dataDir }, clock, systemRandom);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-identity-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the device key', () => {
  it('is made once, for its owner only, and found again', () => {
    const first = open();
    expect(statSync(join(dataDir, KEY_FILE)).mode & 0o777).toBe(0o600);
    expect(open().publicKey).toBe(first.publicKey);
  });

  it('is closed again when somebody opened it', () => {
    open();
    chmodSync(join(dataDir, KEY_FILE), 0o644);
    open();
    expect(statSync(join(dataDir, KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it('that is broken is never replaced in silence', () => {
    writeFileSync(join(dataDir, KEY_FILE), 'half a key');
    expect(open).toThrow('DEVICE_KEY_UNREADABLE');
  });

  it('cannot be made where nothing can be written', () => {
    dataDir = join(dataDir, 'absent');
    expect(open).toThrow('DATA_DIR_UNWRITABLE');
  });
});

it('signs exactly the request, a new one each time', () => {
  const identity = open();
  const request = { method: 'POST', target: '/api/v1/usage?x=1', body: '{"a":"è"}' };
  const headers = identity.sign(request);
  const head = SignedHead.parse({
    tenantId: headers['jolly-tenant'],
    terminalId: headers['jolly-terminal'],
    timestamp: headers['jolly-timestamp'],
    nonce: headers['jolly-nonce'],
    signature: headers['jolly-signature'],
  });
  const text = canonicalRequest({
    ...head,
    method: request.method,
    target: request.target,
    bodySha256Hex: createHash('sha256').update(request.body).digest('hex'),
  });
  const key = createPublicKey({
    key: Buffer.from(identity.publicKey, 'base64url'),
    format: 'der',
    type: 'spki',
  });
  expect(verify(null, Buffer.from(text), key, Buffer.from(head.signature, 'base64url'))).toBe(true);
  expect(identity.sign(request)['jolly-nonce']).not.toBe(head.nonce);
});

describe('enrolment', () => {
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  it('is tried again, later each time, until the server accepts', async () => {
    const waits: number[] = [];
    let attempts = 0;
    let enrolled = 0;
    const time = new ManualClock();
    const enrolment = keepEnrolling(
      async () => {
        attempts += 1;
        if (attempts < 9) throw new Error('no');
        return undefined;
      },
      time,
      { enrolled: () => enrolled++, failed: (_, nextMs) => waits.push(nextMs) },
    );
    for (let step = 0; step < 12; step++) {
      await settle();
      time.advance(60_000);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect([attempts, enrolled, enrolment.enrolled]).toEqual([9, 1, true]);
  });

  it('stops when told', async () => {
    const time = new ManualClock();
    let attempts = 0;
    const enrolment = keepEnrolling(
      async () => {
        attempts += 1;
        throw new Error('no');
      },
      time,
      { enrolled: () => undefined, failed: () => undefined },
    );
    await settle();
    enrolment.stop();
    time.advance(600_000);
    expect(attempts).toBe(1);
  });
});
