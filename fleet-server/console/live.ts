import type { ServerResponse } from 'node:http';
import type { ConsoleEvent } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { Changes, Topic } from '../changes/index.ts';

/** At most this many events a second go to one watcher, however much changes. */
const TOGETHER_MS = 250;
const HEARTBEAT_MS = 15_000;

/** The part of a response that a stream of events needs. */
export type EventSink = Pick<ServerResponse, 'write' | 'once' | 'writableNeedDrain' | 'end'>;

/**
 * Streams what changed, as server-sent events. A slow reader never queues more than one event: what changes while it is
 * behind is gathered, and it gets one event with all the topics when it has caught up. Ends by the returned function,
 * or when `alive` says that the session is over.
 */
export function streamChanges(options: {
  readonly sink: EventSink;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly alive: () => Promise<boolean>;
}): () => void {
  const { sink, clock } = options;
  const waiting = new Set<Topic>();
  let cancelFlush: (() => void) | undefined;
  let ended = false;

  const flush = () => {
    cancelFlush = undefined;
    if (ended || waiting.size === 0) return;
    if (sink.writableNeedDrain) {
      // While this stands, what changes is only gathered: no timer, no second listener.
      cancelFlush = () => undefined;
      sink.once('drain', flush);
      return;
    }
    const event: ConsoleEvent = { at: clock.now(), topics: [...waiting] };
    waiting.clear();
    sink.write(`event: changed\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const unwatch = options.changes.watch(options.tenantId, (topic) => {
    waiting.add(topic);
    cancelFlush ??= clock.after(TOGETHER_MS, flush);
  });
  const end = () => {
    if (ended) return;
    ended = true;
    unwatch();
    cancelFlush?.();
    cancelHeartbeat();
    sink.end();
  };
  const beat = () => {
    void options.alive().then((alive) => {
      if (ended) return;
      if (!alive) return end();
      if (!sink.writableNeedDrain) sink.write(': alive\n\n');
      cancelHeartbeat = clock.after(HEARTBEAT_MS, beat);
    }, end);
  };
  let cancelHeartbeat = clock.after(HEARTBEAT_MS, beat);
  sink.write(': watching\n\n');
  return end;
}
