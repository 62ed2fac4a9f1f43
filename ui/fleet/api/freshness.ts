import { useSyncExternalStore } from 'react';
import { isConnected, watchConnection } from './stream.ts';

/** When anything was last read, and the server's clock: ages are counted with it, wherever the browser's clock is. */
let readAt: number | undefined;
let skew = 0;
const readers = new Set<() => void>();

export function wasRead(data: unknown): void {
  readAt = Date.now();
  if (typeof data === 'object' && data !== null && 'at' in data && typeof data.at === 'number') {
    skew = data.at - readAt;
  }
  for (const told of readers) told();
}

export const serverNow = (): number => Date.now() + skew;

/** Server's time of the last answer. */
export function useReadAt(): number | undefined {
  return useSyncExternalStore(
    (told) => {
      readers.add(told);
      return () => readers.delete(told);
    },
    () => readAt,
  );
}

export function useConnected(): boolean {
  return useSyncExternalStore(watchConnection, isConnected);
}

/** One tick for every age on the page. */
const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(Date.now() / 1000);

function tick(told: () => void): () => void {
  tickers.add(told);
  timer ??= setInterval(() => {
    second = Math.floor(Date.now() / 1000);
    for (const each of tickers) each();
  }, 1000);
  return () => {
    tickers.delete(told);
    if (tickers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time, once a second. */
export function useNow(): number {
  useSyncExternalStore(tick, () => second);
  return serverNow();
}
