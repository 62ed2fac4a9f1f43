#!/usr/bin/env node
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { run } from './run.ts';

/** Waits for a slow reader in place of filling the memory. */
async function print(stream: Writable, line: string): Promise<void> {
  if (!stream.write(`${line}\n`)) await once(stream, 'drain');
}

// The reader of a pipe may have seen enough (`jolly decode … | head`): that is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), {
  input: process.stdin,
  out: (line) => print(process.stdout, line),
  err: (line) => print(process.stderr, line),
});
