import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Clock } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Log } from '../devices/index.ts';
import { writeDurably } from '../durable-file/index.ts';
import { redacted } from '../redaction.ts';

export const LOG_RING_FILE = 'log-ring.gz';

const MOST_LINES = 4000;
const MOST_CHARS = 1_000_000;
const LONGEST_LINE = 2000;

const Line = z.tuple([z.number(), z.string()]);

/**
 * Keeps the last log lines in memory, without what the log hides. An orderly stop leaves them on the disk for the next start, so that
 * the lines before a restart can be fetched after it; a power cut loses them, the system's own log has them.
 */
export class LogRing {
  readonly #file: string;
  readonly #clock: Pick<Clock, 'now'>;
  #lines: [at: number, text: string][] = [];
  #chars = 0;

  constructor(dataDir: string, clock: Pick<Clock, 'now'>) {
    this.#file = join(dataDir, LOG_RING_FILE);
    this.#clock = clock;
    for (const [at, text] of this.#read()) this.#push(at, text);
  }

  /** A log that also goes on as before. */
  beside(log: Log): Log {
    return (event, detail) => {
      const at = this.#clock.now();
      const line = { time: at, event, ...redacted(detail ?? {}) };
      this.#push(at, JSON.stringify(line).slice(0, LONGEST_LINE));
      log(event, detail);
    };
  }

  /** Of the last minutes, newest last. */
  since(minutes: number): readonly string[] {
    const from = this.#clock.now() - minutes * 60_000;
    return this.#lines.filter(([at]) => at >= from).map(([, text]) => text);
  }

  /** Throws the system's error. */
  save(): void {
    writeDurably(this.#file, gzipSync(JSON.stringify(this.#lines)));
  }

  #push(at: number, text: string): void {
    this.#lines.push([at, text]);
    this.#chars += text.length;
    // dropped in runs: moving thousands of lines for each new one is dear
    if (this.#lines.length <= MOST_LINES && this.#chars <= MOST_CHARS) return;
    const gone = this.#lines.splice(0, Math.ceil(this.#lines.length / 10));
    for (const [, line] of gone) this.#chars -= line.length;
  }

  #read(): readonly [number, string][] {
    if (!existsSync(this.#file)) return [];
    try {
      const text = gunzipSync(readFileSync(this.#file), { maxOutputLength: 4 * MOST_CHARS }).toString('utf8');
      return z.array(Line).parse(JSON.parse(text));
    } catch (error) {
      if (error instanceof Error) return [];
      throw error;
    }
  }
}
