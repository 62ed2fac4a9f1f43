import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from './stage.ts';

const root = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** `jolly <command> …` on the running terminal, as a technician types it; gives what it printed. */
export async function jolly(stage: Stage, command: string, ...args: readonly string[]): Promise<string> {
  const line = [join(root, 'cli/main.ts'), command, ...args, '--config', stage.demo.kioskConfig];
  const { stdout } = await run(process.execPath, line);
  return stdout;
}
