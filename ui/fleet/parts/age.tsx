import { useNow } from '../api/freshness.ts';
import { ago, dayTime, lasting } from '../format.ts';

/** `3 s fa`, counted on by itself. */
export function Age({ at }: { at: number | undefined }) {
  const now = useNow();
  return at === undefined ? (
    ago(at, now)
  ) : (
    <time dateTime={new Date(at).toISOString()} title={dayTime(at)}>
      {ago(at, now)}
    </time>
  );
}

/** `38 min`: how long it has lasted. */
export function Lasting({ since }: { since: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(since).toISOString()} title={dayTime(since)}>
      {lasting(now - since)}
    </time>
  );
}
