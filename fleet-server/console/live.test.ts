import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { createChanges } from '../changes/index.ts';
import { type EventSink, streamChanges } from './live.ts';

class SlowReader {
  readonly lines: string[] = [];
  writableNeedDrain = false;
  ended = false;
  #drained: (() => void) | undefined;
  write = (line: string) => this.lines.push(line) > 0;
  once = (_event: string, listener: () => void) => {
    this.#drained = listener;
    return this;
  };
  end = () => {
    this.ended = true;
    return this;
  };
  drain(): void {
    this.writableNeedDrain = false;
    this.#drained?.();
  }
}

describe('the stream of changes', () => {
  const watch = (alive = true) => {
    const clock = new ManualClock();
    const changes = createChanges();
    const reader = new SlowReader();
    const end = streamChanges({
      sink: reader as unknown as EventSink,
      changes,
      clock,
      tenantId: 'prova',
      alive: async () => alive,
    });
    const events = () => reader.lines.filter((line) => line.startsWith('event: changed'));
    return { clock, changes, reader, end, events };
  };

  it('gathers what changes together, for its tenant only', () => {
    const { clock, changes, events } = watch();
    changes.notify('prova', 'payments');
    changes.notify('prova', 'payments');
    changes.notify('prova', 'terminals');
    changes.notify('altrove', 'match');
    clock.advance(250);
    expect(events()).toHaveLength(1);
    expect(events()[0]).toContain('"topics":["payments","terminals"]');
  });

  it('keeps one event for a reader that is behind, however much changes', () => {
    const { clock, changes, reader, events } = watch();
    reader.writableNeedDrain = true;
    for (let times = 0; times < 1_000; times++) {
      changes.notify('prova', 'payments');
      clock.advance(300);
    }
    expect(events()).toHaveLength(0);
    reader.drain();
    expect(events()).toHaveLength(1);
  });

  it('tells what a large fleet changes all the time once a second', () => {
    const { clock, changes, events } = watch();
    for (let times = 0; times < 1_000; times++) {
      changes.notify('prova', times % 2 === 0 ? 'terminals' : 'payments');
      clock.advance(10);
    }
    expect(events()).toHaveLength(10);
    clock.advance(1_000);
    expect(events()).toHaveLength(11);
    clock.advance(60_000);
    expect(events()).toHaveLength(11);
  });

  it('never holds up a call for help because of it', () => {
    const { clock, changes, events } = watch();
    changes.notify('prova', 'terminals');
    clock.advance(250);
    changes.notify('prova', 'terminals');
    changes.notify('prova', 'assistance');
    clock.advance(250);
    expect(events().map((line) => /"topics":(.*)}/.exec(line)?.[1])).toEqual([
      '["terminals"]',
      '["assistance"]',
    ]);
    clock.advance(750);
    expect(events()).toHaveLength(3);
    expect(events()[2]).toContain('["terminals"]');
  });

  it('ends with the session', async () => {
    const { clock, changes, reader, events } = watch(false);
    clock.advance(15_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(reader.ended).toBe(true);
    changes.notify('prova', 'payments');
    clock.advance(1_000);
    expect(events()).toHaveLength(0);
  });
});
