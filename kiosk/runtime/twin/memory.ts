import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerminalSettings } from '@jolly/contracts/twin';
import { z } from 'zod';
import type { Log } from '../devices/index.ts';
import { writeDurably } from '../durable-file/index.ts';

export const TWIN_FILE = 'twin.json';

const Version = z.int().min(1);
const Versioned = z.object({ version: Version, settings: TerminalSettings });
const Stored = z.object({
  /** What holds; absent: the terminal's own file alone. */
  holds: Versioned.optional(),
  /** Checked, and waits until nobody is there. */
  staged: Versioned.optional(),
  /** Put in force by a start, and not yet known to work: how often it was begun. */
  trying: Versioned.extend({
    /** Starts that were begun and have neither come up nor been stopped in order. */
    starts: z.int().min(0),
    /** Those that ended with the computer: they say little of the settings. */
    cuts: z.int().min(0).optional(),
    /** The run of the computer in which the last one was begun. */
    boot: z.string().max(80).optional(),
  }).optional(),
  refused: z
    .object({
      version: Version,
      faults: z.array(z.object({ path: z.string(), message: z.string() })).min(1),
      /** It did not come up: it is not tried again, whoever sends it. */
      final: z.boolean(),
    })
    .optional(),
});
export type Stored = z.infer<typeof Stored>;

/** The settings on the disk. */
export class TwinMemory {
  readonly #file: string;
  #stored: Stored;

  constructor(dataDir: string, log: Log) {
    this.#file = join(dataDir, TWIN_FILE);
    this.#stored = {};
    if (!existsSync(this.#file)) return;
    try {
      this.#stored = Stored.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      // the terminal's own file holds until the server sends the settings again
      log('twin-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
    }
  }

  get stored(): Stored {
    return this.#stored;
  }

  /** Throws the system's error; then nothing has changed. */
  write(stored: Stored): void {
    writeDurably(this.#file, JSON.stringify(stored));
    this.#stored = stored;
  }
}
