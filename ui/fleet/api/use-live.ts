import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { ApiError, read } from './client.ts';

export interface Live<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly at: number | undefined;
  reload(): void;
}

/** Asked again this often even when the server pushes nothing. */
const POLL_MS = 5_000;

/** One event stream for the whole console: tells that something changed, the data is then read. */
const listeners = new Set<() => void>();
let stream: EventSource | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!stream) {
    stream = new EventSource('/console/api/events');
    const changed = () => {
      for (const each of listeners) each();
    };
    stream.onmessage = changed;
    stream.addEventListener('changed', changed);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stream?.close();
      stream = undefined;
    }
  };
}

/** Reads `path` now, when the server says that something changed, and every few seconds. */
export function useLive<Schema extends z.ZodType>(path: string, schema: Schema): Live<z.output<Schema>> {
  const [state, setState] = useState<Omit<Live<z.output<Schema>>, 'reload'>>({
    data: undefined,
    error: undefined,
    at: undefined,
  });
  const latest = useRef(0);
  const reload = useCallback(() => {
    const turn = ++latest.current;
    read(path, schema).then(
      (data) => {
        if (turn === latest.current) setState({ data, error: undefined, at: Date.now() });
      },
      (error: unknown) => {
        if (turn !== latest.current) return;
        const told = error instanceof ApiError ? error : new ApiError('UNEXPECTED', 0, String(error));
        setState((before) => ({ ...before, error: told }));
      },
    );
  }, [path, schema]);
  useEffect(() => {
    reload();
    const timer = setInterval(reload, POLL_MS);
    const unsubscribe = subscribe(reload);
    return () => {
      latest.current++;
      clearInterval(timer);
      unsubscribe();
    };
  }, [reload]);
  return { ...state, reload };
}
