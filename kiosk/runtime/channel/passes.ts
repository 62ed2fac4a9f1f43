import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../durable-file/index.ts';
import type { KeptPasses } from './tickets.ts';

export const PASSES_FILE = 'screen-passes.json';

const Digests = z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(16);

/** Digests of the passes in a file of the terminal's own user. One that cannot be kept or read costs a screen its way back, no more. */
export function passesIn(
  dataDir: string,
  log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void,
): KeptPasses {
  const file = join(dataDir, PASSES_FILE);
  return {
    read: () => {
      if (!existsSync(file)) return [];
      try {
        return Digests.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch (error) {
        log('passes-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
        return [];
      }
    },
    write: (digests) => {
      try {
        writeDurably(file, JSON.stringify(digests), 0o600);
      } catch (error) {
        log('passes-not-kept', { why: error instanceof Error ? error.name : 'unknown' });
      }
    },
  };
}
