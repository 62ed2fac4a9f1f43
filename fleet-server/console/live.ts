import type { ServerResponse } from 'node:http';
import type { ConsoleEvent } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { Changes, Topic } from '../changes/index.ts';

/** What changes together is told together. */
const TOGETHER_MS = 250;
/** What a large fleet changes all the time; each of it makes a console read the fleet again. */
const FREQUENT: ReadonlySet<Topic> = new Set(['terminals', 'payments', 'alerts', 'settings']);
/** So it is told at most this often, all of it together. What a person does, or waits for, is not held up by it. */
const FREQUENT_MS = 1_000;
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
  /** The flush that will come, and when. */
  let planned: { readonly at: number; readonly cancel: () => void } | undefined;
  let frequentFrom = Number.NEGATIVE_INFINITY;
  /** The reader has not taken what it got: what changes is only gathered, with no timer and no second listener. */
  let behind = false;
  let ended = false;

  const plan = (at: number) => {
    if (behind || (planned && planned.at <= at)) return;
    planned?.cancel();
    planned = { at, cancel: clock.after(at - clock.monotonic(), flush) };
  };
  const flush = () => {
    planned = undefined;
    if (ended || waiting.size === 0) return;
    if (sink.writableNeedDrain) {
      behind = true;
      sink.once('drain', () => {
        behind = false;
        flush();
      });
      return;
    }
    const now = clock.monotonic();
    const topics = [...waiting].filter((topic) => !FREQUENT.has(topic) || now >= frequentFrom);
    if (topics.some((topic) => FREQUENT.has(topic))) frequentFrom = now + FREQUENT_MS;
    for (const topic of topics) waiting.delete(topic);
    if (waiting.size > 0) plan(frequentFrom);
    if (topics.length === 0) return;
    const event: ConsoleEvent = { at: clock.now(), topics };
    sink.write(`event: changed\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const unwatch = options.changes.watch(options.tenantId, (topic) => {
    waiting.add(topic);
    const soon = clock.monotonic() + TOGETHER_MS;
    plan(FREQUENT.has(topic) ? Math.max(soon, frequentFrom) : soon);
  });
  const end = () => {
    if (ended) return;
    ended = true;
    unwatch();
    planned?.cancel();
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
