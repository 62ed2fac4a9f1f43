import { DownFrame, type Intent, type SecretKey, type Snapshot } from '@jolly/contracts/terminal-channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { converse, newTally, readUpFrame } from './conversation.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

function bench() {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const intents: Intent[] = [];
  const keys: SecretKey[] = [];
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let seq = 0;
  const snapshot = () => ({ v: 1, seq, screen: { name: 'home' } }) as unknown as Snapshot;
  const tally = newTally();
  const talk = converse(
    {
      send: (text, done) => {
        sent.push(text);
        waiting.push(done);
      },
    },
    {
      snapshot,
      onSnapshot: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      intent: (intent) => intents.push(intent),
    },
    { key: (frame) => keys.push(frame) },
    tally,
  );
  const change = () => {
    seq += 1;
    for (const listener of listeners) listener(snapshot());
  };
  const seqs = () => sent.map((text) => JSON.parse(text).snapshot?.seq);
  return { sent, waiting, intents, keys, talk, change, seqs, tally, listeners };
}

describe('the talk with a screen', () => {
  it('begins with the whole snapshot', async () => {
    const { seqs } = bench();
    await tick();
    expect(seqs()).toEqual([0]);
  });

  it('joins the changes of one turn into one snapshot', async () => {
    const { change, seqs, waiting } = bench();
    await tick();
    waiting.shift()?.();
    for (let time = 0; time < 5; time++) change();
    await tick();
    expect(seqs()).toEqual([0, 5]);
  });

  it('gives a slow screen the latest only', async () => {
    const { change, seqs, waiting, tally } = bench();
    await tick();
    for (let time = 0; time < 100; time++) {
      change();
      await tick();
    }
    expect(seqs()).toEqual([0]);
    waiting.shift()?.();
    expect(seqs()).toEqual([0, 100]);
    expect(tally.snapshotsSkipped).toBe(99);
  });

  it('passes intents on and lists the faults of what is none', async () => {
    const { talk, intents, sent } = bench();
    talk.receive('{"type":"intent","intent":{"type":"digit","digit":"12"}}');
    talk.receive('nonsense');
    talk.receive('{"type":"intent","intent":{"type":"help"}}');
    expect(intents).toEqual([{ type: 'help' }]);
    const refusals = sent.map((text) => DownFrame.parse(JSON.parse(text)));
    expect(refusals).toEqual([
      { type: 'refused', faults: [{ path: 'intent.digit', message: 'invalid_format' }] },
      { type: 'refused', faults: [{ path: '', message: 'not JSON' }] },
    ]);
  });

  it('gives secret keys to the collector and to nothing else', async () => {
    const { talk, intents, keys, sent } = bench();
    await tick();
    const before = sent.length;
    talk.receive('{"type":"secret","field":"cie-pin","key":"7"}');
    talk.receive('{"type":"secret","field":"cie-pin","key":"73915"}');
    expect(keys).toEqual([{ type: 'secret', field: 'cie-pin', key: '7' }]);
    expect(intents).toEqual([]);
    expect(sent.slice(before).join()).not.toMatch(/73915|"7"/);
  });

  it('says nothing after its end', async () => {
    const { talk, change, sent, listeners, intents } = bench();
    talk.end();
    change();
    talk.receive('{"type":"intent","intent":{"type":"help"}}');
    await tick();
    expect([sent, intents, listeners.size]).toEqual([[], [], 0]);
  });
});

it('any text is a frame or a list of faults', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ minLength: 4000, maxLength: 9000 })), (text) => {
      const read = readUpFrame(text);
      expect(read.ok || read.faults.length > 0).toBe(true);
    }),
  );
});
