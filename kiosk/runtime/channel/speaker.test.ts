import type { DownFrame, PadKey, Snapshot, UpFrame } from '@jolly/contracts/terminal-channel';
import { describe, expect, it } from 'vitest';
import { converse, newTally } from './conversation.ts';
import type { VoicePiece } from './port.ts';

type Say = Extract<UpFrame, { type: 'say' }>;
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const say = (id: number, more: Partial<Say> = {}): string =>
  JSON.stringify({
    ...{ type: 'say', id, text: 'Ciao', language: 'it', speed: 1, private: false },
    ...more,
  });

function bench() {
  const sent: DownFrame[] = [];
  const waiting: (() => void)[] = [];
  const said: { readonly frame: Say; readonly signal: AbortSignal; give: (piece?: VoicePiece) => void }[] =
    [];
  const keys = new Set<(key: PadKey) => void>();
  const changes = new Set<() => void>();
  const tally = newTally();
  const talk = converse(
    {
      send: (text, done) => {
        sent.push(JSON.parse(text) as DownFrame);
        waiting.push(done);
      },
    },
    {
      snapshot: () => ({ v: 1 }) as unknown as Snapshot,
      onSnapshot: (listener) => {
        const change = () => listener({} as Snapshot);
        changes.add(change);
        return () => changes.delete(change);
      },
      intent: () => undefined,
    },
    { key: () => undefined },
    tally,
    {
      async *speak(frame, signal) {
        if (frame.text === 'no') throw new Error('private');
        for (;;) {
          const piece = await new Promise<VoicePiece | undefined>((give) =>
            said.push({ frame, signal, give }),
          );
          if (!piece || signal.aborted) return;
          yield piece;
        }
      },
      onKey: (listener) => {
        keys.add(listener);
        return () => keys.delete(listener);
      },
    },
  );
  const piece = { hz: 22_050, samples: Uint8Array.of(1, 2, 3, 4) };
  const voices = () => sent.filter(({ type }) => type !== 'snapshot');
  return { sent, waiting, said, keys, talk, tally, piece, voices, changes };
}

describe('speech on the way to a screen', () => {
  it('goes piece by piece, and tells its end', async () => {
    const { talk, said, piece, voices, waiting } = bench();
    talk.receive(say(7));
    await tick();
    said[0]?.give(piece);
    await tick();
    expect(voices()).toEqual([{ type: 'voice', id: 7, hz: 22_050, samples: 'AQIDBA==' }]);
    // the next is not even asked of the engine before the wire has taken this one
    expect(said).toHaveLength(1);
    for (const done of waiting.splice(0)) done();
    await tick();
    said[1]?.give();
    await tick();
    expect(voices().at(-1)).toEqual({ type: 'voice-end', id: 7, failed: false });
  });

  it('never holds a snapshot back', async () => {
    const { talk, said, piece, sent, waiting, changes } = bench();
    await tick();
    waiting.shift()?.();
    talk.receive(say(1));
    await tick();
    said[0]?.give(piece);
    await tick();
    for (const change of changes) change();
    await tick();
    expect(sent.map(({ type }) => type)).toEqual(['snapshot', 'voice', 'snapshot']);
  });

  it('gives way to what is said next, silently', async () => {
    const { talk, said, piece, voices } = bench();
    talk.receive(say(1));
    await tick();
    talk.receive(say(2));
    expect(said[0]?.signal.aborted).toBe(true);
    said[0]?.give(piece);
    await tick();
    expect(voices()).toEqual([]);
    said[1]?.give();
    await tick();
    expect(voices()).toEqual([{ type: 'voice-end', id: 2, failed: false }]);
  });

  it('stops when it is hushed and when the screen is gone', async () => {
    const { talk, said, keys } = bench();
    talk.receive(say(1));
    await tick();
    talk.receive('{"type":"hush"}');
    expect(said[0]?.signal.aborted).toBe(true);
    talk.receive(say(2));
    await tick();
    talk.end();
    expect(said[1]?.signal.aborted).toBe(true);
    expect(keys.size).toBe(0);
  });

  it('tells what could not be spoken', async () => {
    const { talk, voices, tally } = bench();
    talk.receive(say(3, { text: 'no' }));
    await tick();
    expect(voices()).toEqual([{ type: 'voice-end', id: 3, failed: true }]);
    expect(tally).toMatchObject({ voices: 1, voicesFailed: 1 });
  });

  it('a key of the keypad goes down at once', () => {
    const { keys, voices } = bench();
    for (const listener of keys) listener('down');
    expect(voices()).toEqual([{ type: 'pad', key: 'down' }]);
  });
});
