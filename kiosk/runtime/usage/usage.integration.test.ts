import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageBatch } from '@jolly/contracts/usage';
import { JollyError, ManualClock, systemRandom } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { durationBucket, floored, UsageStore } from './index.ts';

let dataDir: string;
let sent: UsageBatch[];
let failing: Error | undefined;
const clock = new ManualClock();
const use = { service: 'pagopa', step: 'open', durationMs: 0, lang: 'it', a11y: false } as const;

const open = () =>
  new UsageStore({
    dataDir,
    place: { terminalId: 'PO-001' },
    clock,
    random: systemRandom,
    send: async (batch) => {
      if (failing) throw failing;
      sent.push(structuredClone(batch));
    },
    log: () => undefined,
  });
const refusal = (status: number) =>
  new JollyError('SERVER_REFUSED', { cause: 'no', retry: 'no' }, { status, code: 'NO' });

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-usage-'));
  sent = [];
  failing = undefined;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('usage', () => {
  it('counts like events of five minutes together, to nobody in particular', async () => {
    const store = open();
    for (let time = 0; time < 3; time++) store.use(use);
    store.use({ ...use, step: 'done', durationMs: 45_000, a11y: true });
    store.rate({ service: 'pagopa', stars: 4, reason: 'clarity', lang: 'it' });
    await store.flush();
    const [batch] = sent.map((each) => UsageBatch.parse(each));
    expect(batch?.events.map(({ step, n, dur_bucket }) => [step, n, dur_bucket])).toEqual([
      ['open', 3, 'lt10s'],
      ['done', 1, 'lt1m'],
    ]);
    expect(batch?.events[0]?.ts).toMatch(/:[0-5][05]:00Z$/);
    expect(batch?.ratings).toMatchObject([{ stars: 4, reason: 'clarity' }]);
    store.close();
  });

  it('waits on disk while the server is away, and keeps id and order', async () => {
    const before = open();
    before.use(use);
    failing = new JollyError('SERVER_UNREACHABLE', { cause: 'away', retry: 'later' });
    await before.flush();
    before.use(use);
    before.close();
    const after = open();
    expect(after.waiting).toBe(1);
    failing = undefined;
    await after.flush();
    expect(sent.map(({ seq }) => seq)).toEqual([0, 1]);
    expect(JSON.parse(readFileSync(join(dataDir, 'usage.json'), 'utf8')).waiting).toEqual([]);
    after.close();
  });

  it('lets go of a batch that will never be taken, and of no other', async () => {
    const store = open();
    store.use(use);
    failing = refusal(401);
    await store.flush();
    expect(store.waiting).toBe(1);
    failing = refusal(422);
    await store.flush();
    expect(store.waiting).toBe(0);
    store.close();
  });

  it('begins anew on a file that nobody can read', async () => {
    writeFileSync(join(dataDir, 'usage.json'), '{"half":');
    const store = open();
    store.use(use);
    await store.flush();
    expect(sent).toHaveLength(1);
    store.close();
  });
});

it('floors instants and durations', () => {
  expect(floored(Date.UTC(2026, 10, 21, 9, 24, 59, 999))).toBe('2026-11-21T09:20:00Z');
  expect([0, 9999, 10_000, 299_999, 300_000].map(durationBucket)).toEqual([
    'lt10s',
    'lt10s',
    'lt30s',
    'lt5m',
    'ge5m',
  ]);
});
