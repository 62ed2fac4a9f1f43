import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '../problems/index.ts';

export const MANIFEST = 'manifest.json';

/** What a backup says of itself. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  software: z.string(),
  store: z.enum(['sqlite', 'postgres']),
  /** The steps of the schema that were taken, in order. */
  schema: z.array(z.string()).min(1),
  /** Names of the master keys that were in the key file, the one in force first. The keys themselves are not in a backup. */
  keys: z.array(z.string()).min(1),
  file: z.strictObject({ name: z.string().regex(/^[a-z.]+$/), bytes: z.int(), sha256: z.string() }),
});
export type Manifest = z.infer<typeof Manifest>;

export async function describeFile(folder: string, name: string): Promise<Manifest['file']> {
  const path = join(folder, name);
  return { name, bytes: statSync(path).size, sha256: await hashOf(path) };
}

/** Reads a backup's manifest and holds its file against it. Throws BACKUP_INVALID and BACKUP_NEWER. */
export async function readBackup(folder: string, known: ReadonlySet<string>): Promise<Manifest> {
  const manifest = readManifest(folder);
  const found = await describeFile(folder, manifest.file.name).catch((cause: unknown) => {
    throw fail('BACKUP_INVALID', { why: 'its file is not there' }, { cause });
  });
  if (found.bytes !== manifest.file.bytes || found.sha256 !== manifest.file.sha256) {
    throw fail('BACKUP_INVALID', { why: 'its file is not the one that was written' });
  }
  const unknown = manifest.schema.filter((step) => !known.has(step));
  if (unknown.length > 0)
    throw fail('BACKUP_NEWER', { software: manifest.software, step: unknown.join(' ') });
  return manifest;
}

function readManifest(folder: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')));
  } catch (cause) {
    throw fail('BACKUP_INVALID', { why: 'its manifest is not readable' }, { cause });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}
