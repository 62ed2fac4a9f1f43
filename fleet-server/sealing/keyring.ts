import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../problems/index.ts';

interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Seals short texts with AES-256-GCM under the master key file. The file holds one line a key, `id:base64url`, the one
 * in force first and the one before it second, so that what a running server sealed during a rotation still opens.
 * `context` says what the text is and is bound to it: a sealed value moved to another place does not open.
 */
export interface Keyring {
  seal(text: string, context: string): string;
  /** Throws SECRET_UNREADABLE when the key is gone, or the value or its context was changed. */
  open(sealed: string, context: string): string;
  /** Names of the keys in the file, the one in force first. */
  ids(): readonly string[];
  /** Puts a new key in force and keeps the one before it. */
  rotate(): void;
}

/** Opens the key file, or makes it (0600). Throws KEY_FILE_INVALID when it is malformed or readable by others. */
export function openKeyring(file: string): Keyring {
  if (!existsSync(file)) writeKeys(file, [newKey()]);
  let keys: readonly MasterKey[] = [];
  let readAt = '';
  const current = (): readonly MasterKey[] => {
    const { mtimeMs, ino } = statSync(file);
    const stamp = `${ino}:${mtimeMs}`;
    if (stamp !== readAt) {
      keys = readKeys(file);
      readAt = stamp;
    }
    return keys;
  };
  current();
  return {
    seal(text, context) {
      const [{ id, key }] = current() as [MasterKey];
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${id}.${iv.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    open(sealed, context) {
      const [version, id, iv, body] = sealed.split('.');
      const key = current().find((candidate) => candidate.id === id)?.key;
      if (version !== 'v1' || !key || !iv || !body) throw fail('SECRET_UNREADABLE', { context });
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(-16));
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw fail('SECRET_UNREADABLE', { context }, { cause });
      }
    },
    ids: () => current().map(({ id }) => id),
    rotate: () => writeKeys(file, [newKey(), ...current().slice(0, 1)]),
  };
}

function newKey(): MasterKey {
  return { id: randomBytes(4).toString('hex'), key: randomBytes(32) };
}

function readKeys(file: string): readonly MasterKey[] {
  if ((statSync(file).mode & 0o077) !== 0) throw fail('KEY_FILE_INVALID', { why: 'open to others' });
  const keys = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', key = ''] = line.split(':');
      return { id, key: Buffer.from(key, 'base64url') };
    });
  if (keys.length === 0 || keys.some(({ id, key }) => !/^[0-9a-f]{8}$/.test(id) || key.length !== 32)) {
    throw fail('KEY_FILE_INVALID', { why: 'malformed' });
  }
  return keys;
}

/** Beside, synced, renamed, folder synced: a power cut leaves the old file or the new one. */
function writeKeys(file: string, keys: readonly MasterKey[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = keys.map(({ id, key }) => `${id}:${key.toString('base64url')}\n`).join('');
  const beside = `${file}.new`;
  const handle = openSync(beside, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
