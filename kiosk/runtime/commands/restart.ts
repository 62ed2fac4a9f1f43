import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Runs the program that restarts the computer; resolves with its exit status, -1 when there is no such program. */
export function restartHost([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
}

/** Tells one run of the computer from the next; undefined where it cannot be known. */
export function bootOf(file = '/proc/sys/kernel/random/boot_id'): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
