import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, process.env.JOLLY_SHARED ?? '../shared/data');

/** Path of a published data file, or undefined where the shared data is absent (then tests skip, with a notice). */
export function sharedData(...path: string[]): string | undefined {
  const file = join(folder, ...path);
  return existsSync(file) ? file : undefined;
}

/**
 * `describe` for tests that need a published file: skipped with a notice where it is absent. CI sets
 * `JOLLY_REQUIRE_SHARED=1`, and then absence is a failure.
 */
export function describeWithShared(
  name: string,
  path: readonly string[],
  body: (file: string) => void,
): void {
  const file = sharedData(...path);
  if (file) {
    describe(name, () => body(file));
    return;
  }
  if (process.env.JOLLY_REQUIRE_SHARED === '1') {
    throw new Error(`${name}: ${join(...path)} is absent, and CI may not skip it (JOLLY_SHARED=${folder})`);
  }
  console.warn(`SKIPPED ${name}: no ${join(...path)} under ${folder} (set JOLLY_SHARED)`);
  describe.skip(name, () => undefined);
}
