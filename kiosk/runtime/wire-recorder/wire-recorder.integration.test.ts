import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@jolly/contracts/values';
import { decodeRecording } from '@jolly/drivers/transport';
import { afterEach, describe, expect, it } from 'vitest';
import { WireRecordings } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function bench() {
  const dataDir = await mkdtemp(join(tmpdir(), 'jolly-wire-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const clock = new ManualClock();
  const logs: string[] = [];
  const recordings = new WireRecordings({
    ...{ dataDir, clock, largestBytes: 20_000 },
    log: (event) => logs.push(event),
  });
  return { clock, recordings, logs };
}

describe('the recordings of a terminal', () => {
  it('lie in a file of their own, for its own user only, and end when told to', async () => {
    const { recordings, clock } = await bench();
    const uri = 'ecr17+tcp://h:1';
    recordings.take(uri, { direction: 'in', dropped: 1 });
    expect(recordings.session).toBe(0);
    const { file } = recordings.start();
    expect(recordings.session).toBe(1);
    clock.advance(1_500);
    recordings.take(uri, { direction: 'out', kept: Uint8Array.of(6, 3) });
    expect(recordings.stop()).toEqual({ file, lines: 1 });
    recordings.take(uri, { direction: 'out', kept: Uint8Array.of(9) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(decodeRecording(readFileSync(file, 'utf8')).lines).toEqual([
      { t: 1_500, uri, event: { direction: 'out', kept: Uint8Array.of(6, 3) } },
    ]);
    clock.advance(1);
    recordings.start();
    expect(recordings.session).toBe(2);
    recordings.stop();
  });

  it('end by themselves when they are forgotten or grow too large', async () => {
    const { recordings, clock } = await bench();
    recordings.start();
    clock.advance(15 * 60_000);
    expect(recordings.session).toBe(0);
    recordings.start();
    const large = new Uint8Array(1024);
    for (let count = 0; count < 20 && recordings.session !== 0; count++)
      recordings.take('x+tcp://h:1', { direction: 'out', kept: large });
    expect(recordings.session).toBe(0);
  });
});
