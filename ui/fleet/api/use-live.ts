import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { type ApiError, asApiError, read } from './client.ts';
import { useConnected, wasRead } from './freshness.ts';
import { type Topic, watchTopics } from './stream.ts';
import { throttled } from './throttle.ts';

export interface Live<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly at: number | undefined;
  reload(): void;
}

export interface LiveOptions {
  /** What of the stream concerns it; absent: everything. */
  readonly topics?: readonly Topic[];
  /** Read again at most once in so long (ms). */
  readonly every?: number;
  /** False: not read at all, because this person may not or there is nothing to ask for. */
  readonly on?: boolean;
}

/** However much changes, it is read at most once a second. */
const LEAST_MS = 1_000;
/** Asked again this often even when the server pushes nothing: a stream can be stuck in a proxy. */
const POLL_MS = 30_000;
/** And this often while the stream is gone. */
const POLL_ALONE_MS = 5_000;

interface State<T> {
  readonly path: string;
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly at: number | undefined;
}

/** Reads `path` now, when the server says that something changed, and every so often. Data of another path are never shown as this one's. */
export function useLive<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: LiveOptions = {},
): Live<z.output<Schema>> {
  const { topics, every = LEAST_MS, on = true } = options;
  const topicNames = topics?.join(' ');
  const connected = useConnected();
  const [state, setState] = useState<State<z.output<Schema>>>({
    path,
    data: undefined,
    error: undefined,
    at: undefined,
  });
  const latest = useRef(0);
  const ask = useCallback(
    (background: boolean) => {
      if (!on) return;
      const turn = ++latest.current;
      read(path, schema, background).then(
        (data) => {
          if (turn !== latest.current) return;
          wasRead(data);
          setState({ path, data, error: undefined, at: Date.now() });
        },
        (error: unknown) => {
          if (turn !== latest.current) return;
          setState((before) => ({
            path,
            data: before.path === path ? before.data : undefined,
            error: asApiError(error),
            at: before.at,
          }));
        },
      );
    },
    [path, schema, on],
  );
  const reload = useCallback(() => ask(false), [ask]);
  useEffect(() => {
    if (!on) return;
    let first = true;
    const asking = throttled(every, () => {
      ask(!first);
      first = false;
    });
    asking.ask();
    const timer = setInterval(asking.ask, connected ? POLL_MS : POLL_ALONE_MS);
    const unwatch = watchTopics(
      topicNames === undefined ? undefined : (topicNames.split(' ') as Topic[]),
      asking.ask,
    );
    return () => {
      latest.current++;
      asking.cancel();
      clearInterval(timer);
      unwatch();
    };
  }, [ask, every, on, topicNames, connected]);
  // a page of the same list stays while the next one comes; anything else would lie
  const shown = state.path === path || samePlace(state.path, path) ? state : undefined;
  return { data: shown?.data, error: shown?.error, at: shown?.at, reload };
}

/** Only the query differs. */
const samePlace = (one: string, other: string): boolean => one.split('?')[0] === other.split('?')[0];
