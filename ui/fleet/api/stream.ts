import { CONSOLE_API, ConsoleEvent } from '@jolly/contracts/fleet-api';

export type Topic = ConsoleEvent['topics'][number];

/**
 * One event stream for the whole console: it tells that something changed, the data is then read. While it is gone the console says so
 * and asks by itself.
 */
interface Watcher {
  readonly topics: ReadonlySet<Topic> | undefined;
  changed(): void;
}
const watchers = new Set<Watcher>();
const standers = new Set<() => void>();
let source: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;
let connected = true;

/** A browser gives up a stream that was refused; a restarted server refuses for a moment. */
const REOPEN_MS = 3_000;

function stand(now: boolean): void {
  if (connected === now) return;
  connected = now;
  for (const told of standers) told();
}

function open(): void {
  const opened = new EventSource(`${CONSOLE_API}/events`);
  source = opened;
  let lost = false;
  opened.onopen = () => {
    stand(true);
    // what changed while nobody listened
    if (lost) for (const watcher of watchers) watcher.changed();
    lost = false;
  };
  opened.onerror = () => {
    lost = true;
    stand(false);
    if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
    again ??= setTimeout(() => {
      again = undefined;
      if (source === opened) {
        open();
        for (const watcher of watchers) watcher.changed();
      }
    }, REOPEN_MS);
  };
  opened.addEventListener('changed', (event) => {
    const topics = topicsOf(String(event.data));
    for (const watcher of watchers) {
      if (!topics || !watcher.topics || topics.some((topic) => watcher.topics?.has(topic))) watcher.changed();
    }
  });
}

/** Undefined: an event of a newer server, so everything may have changed. */
function topicsOf(data: string): readonly Topic[] | undefined {
  try {
    const event = ConsoleEvent.safeParse(JSON.parse(data));
    return event.success ? event.data.topics : undefined;
  } catch {
    return undefined;
  }
}

export function watchTopics(topics: readonly Topic[] | undefined, changed: () => void): () => void {
  const watcher: Watcher = { topics: topics && new Set(topics), changed };
  watchers.add(watcher);
  if (!source) open();
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearTimeout(again);
    again = undefined;
    source?.close();
    source = undefined;
  };
}

export const isConnected = (): boolean => connected;
export function watchConnection(told: () => void): () => void {
  standers.add(told);
  return () => {
    standers.delete(told);
  };
}

/** Everything shown is read again. */
export function changedAll(): void {
  for (const watcher of watchers) watcher.changed();
}
