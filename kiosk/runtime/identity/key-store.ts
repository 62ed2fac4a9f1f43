import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder, writeDurably } from '../durable-file/index.ts';

/** Where private keys lie between two starts. Every act is durable when it returns; each throws the system's error. */
export interface KeyStore {
  readonly kind: 'file' | 'systemd-creds';
  /** PEM; undefined when there is none. */
  read(name: KeyName): string | undefined;
  write(name: KeyName, pem: string): void;
  /** The key `from` becomes `to`, in one step. */
  rename(from: KeyName, to: KeyName): void;
  remove(name: KeyName): void;
}

export type KeyName = 'device-key' | 'device-key-next';

/** Readable for the terminal's user only. Who copies the disk has the key. */
export function fileKeyStore(dataDir: string): KeyStore {
  const pathOf = (name: KeyName) => join(dataDir, `${name}.pem`);
  return {
    kind: 'file',
    read(name) {
      const file = pathOf(name);
      if (!existsSync(file)) return undefined;
      // a copy or a restore may have opened it to others
      if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
      return readFileSync(file, 'utf8');
    },
    write: (name, pem) => writeDurably(pathOf(name), pem, 0o600),
    rename: (from, to) => move(pathOf(from), pathOf(to)),
    remove: (name) => drop(pathOf(name)),
  };
}

/** One name for both: a file is renamed when the next key takes the place of the present one. */
const CREDENTIAL = 'jolly-device-key';
const COMMAND_MS = 30_000;

/**
 * Encrypted under the host's TPM (`systemd-creds`, systemd 250 and later): a disk that is copied or taken out has no key. Software
 * that runs here as the terminal still gets it, as the terminal itself does: a TPM has no Ed25519 to sign with.
 */
export function systemdKeyStore(dataDir: string, command = 'systemd-creds', withKey = 'tpm2'): KeyStore {
  const pathOf = (name: KeyName) => join(dataDir, `${name}.cred`);
  const run = (args: readonly string[], input?: string) =>
    execFileSync(command, args, {
      encoding: 'utf8',
      timeout: COMMAND_MS,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    });
  return {
    kind: 'systemd-creds',
    read: (name) =>
      existsSync(pathOf(name)) ? run(['decrypt', `--name=${CREDENTIAL}`, pathOf(name), '-']) : undefined,
    write: (name, pem) =>
      writeDurably(
        pathOf(name),
        run(['encrypt', `--name=${CREDENTIAL}`, `--with-key=${withKey}`, '-', '-'], pem),
        0o600,
      ),
    rename: (from, to) => move(pathOf(from), pathOf(to)),
    remove: (name) => drop(pathOf(name)),
  };
}

export interface KeyStoreChoice {
  readonly store: 'auto' | 'file' | 'systemd-creds';
  readonly command: string;
}

/**
 * The strongest store that this host has, or the one that was chosen. A key that lay open before is taken along: encrypted, read
 * back, and only then removed. A store that fails to encrypt is as good as none, unless it was chosen.
 */
export function openKeyStore(
  dataDir: string,
  { store, command }: KeyStoreChoice,
  log: (event: string, detail: Record<string, string>) => void = () => undefined,
): KeyStore {
  const file = fileKeyStore(dataDir);
  const sealed = systemdKeyStore(dataDir, command, store === 'systemd-creds' ? 'auto' : 'tpm2');
  const already = existsSync(join(dataDir, 'device-key.cred'));
  if (!already && (store === 'file' || (store === 'auto' && !hasTpm(command)))) return file;
  try {
    for (const name of ['device-key', 'device-key-next'] as const) takeAlong(file, sealed, name);
    return sealed;
  } catch (error) {
    if (already || store === 'systemd-creds') throw error;
    log('key-store-weak', { why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
    return file;
  }
}

function takeAlong(from: KeyStore, to: KeyStore, name: KeyName): void {
  const pem = from.read(name);
  if (pem === undefined) return;
  if (to.read(name) === undefined) to.write(name, pem);
  if (to.read(name) !== pem) throw new Error('the key does not come back as it went');
  from.remove(name);
}

function hasTpm(command: string): boolean {
  try {
    execFileSync(command, ['has-tpm2', '--quiet'], { stdio: 'ignore', timeout: COMMAND_MS });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function move(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

function drop(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}
