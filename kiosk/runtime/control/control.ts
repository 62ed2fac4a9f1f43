import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomBytes } from '@jolly/contracts/values';
import { z } from 'zod';
import { writeDurably } from '../durable-file/index.ts';

/** Kept beside the journal, readable by the terminal's own user only: how a technician's tool finds the running terminal. */
export const CONTROL_FILE = 'control.json';

const Control = z.object({ origin: z.url(), token: z.string(), pid: z.int() });
export type Control = z.infer<typeof Control>;

export const newControlToken = (random: RandomBytes): string => Buffer.from(random(32)).toString('base64url');

export function writeControl(dataDir: string, control: Control): void {
  writeDurably(join(dataDir, CONTROL_FILE), JSON.stringify(control), 0o600);
}

/** The terminal that runs (or ran last) on this data folder; undefined when none ever did. */
export function readControl(dataDir: string): Control | undefined {
  try {
    return Control.parse(JSON.parse(readFileSync(join(dataDir, CONTROL_FILE), 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
