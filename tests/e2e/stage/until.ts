import { sleep, systemClock } from '@jolly/contracts/values';

const LOOK_MS = 40;

/**
 * Asks again and again until `look` gives something. Rejects with `what`, and with what was seen last, when `withinMs`
 * are over.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 12_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  let seen: unknown;
  while (performance.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      seen = found;
    } catch (error) {
      seen = error;
    }
    await sleep(systemClock, LOOK_MS);
  }
  throw new Error(`not in ${withinMs} ms: ${what} (${seen instanceof Error ? seen.message : String(seen)})`);
}
