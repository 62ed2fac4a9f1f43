import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandReport, CommandState } from '@jolly/contracts/fleet-link';
import { Uuid } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Log } from '../devices/index.ts';
import { writeDurably } from '../durable-file/index.ts';

export const COMMANDS_FILE = 'commands.json';

/** A copy of a command can come until it has expired; a clock that is set back is forgiven so much. */
const MARGIN_MS = 24 * 3_600_000;
/** More are refused: what was done must not be forgotten before its time. */
const MOST = 1000;

const Remembered = z.strictObject({
  id: Uuid,
  kind: z.string().max(60),
  // whatever a clock makes of it: a line that cannot be read would be an order done twice
  until: z.number(),
  /** `running`: begun, and its end not yet known. */
  state: CommandState.exclude(['queued', 'waiting']),
  reason: CommandReport.shape.reason,
  /** The run of the computer in which it was begun. */
  boot: z.string().max(80).optional(),
});
export type Remembered = z.infer<typeof Remembered>;

/** Every command that was begun or ended here, on the disk before it is begun: each id is done once, also over a power cut. */
export class CommandMemory {
  readonly #file: string;
  readonly #log: Log;
  readonly #known = new Map<string, Remembered>();

  constructor(dataDir: string, log: Log) {
    this.#file = join(dataDir, COMMANDS_FILE);
    this.#log = log;
    for (const each of this.#read()) this.#known.set(each.id, each);
  }

  get(id: string): Remembered | undefined {
    return this.#known.get(id);
  }

  /** Begun, without an end. */
  get begun(): readonly Remembered[] {
    return [...this.#known.values()].filter(({ state }) => state === 'running');
  }

  get full(): boolean {
    return this.#known.size >= MOST;
  }

  /** On the disk when it returns. False: it is not, and only in memory. */
  keep(entry: Remembered, now: number): boolean {
    for (const { id, until, state } of this.#known.values()) {
      if (state !== 'running' && until + MARGIN_MS < now) this.#known.delete(id);
    }
    this.#known.set(entry.id, entry);
    try {
      writeDurably(this.#file, JSON.stringify([...this.#known.values()]));
      return true;
    } catch (error) {
      this.#log('commands-not-kept', { why: error instanceof Error ? error.name : 'unknown' });
      return false;
    }
  }

  #read(): readonly Remembered[] {
    if (!existsSync(this.#file)) return [];
    try {
      return z.array(Remembered).parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      this.#log('commands-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
      return [];
    }
  }
}
