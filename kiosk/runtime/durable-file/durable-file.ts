import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a file in place so that after a power cut it is there whole or not at all: written beside, synced, renamed, and the
 * folder synced (updates.md 6). Throws the system's error.
 */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', mode);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** After this, what was renamed or removed in the folder stays so. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
