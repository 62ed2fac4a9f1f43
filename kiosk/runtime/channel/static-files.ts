import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.wasm': 'application/wasm',
};

export interface StaticFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** Named by its content: it never changes. */
  readonly immutable: boolean;
}

/** A file of the built screen, or undefined. Only known kinds are served, and nothing outside the folder. */
export async function staticFile(folder: string, path: string): Promise<StaticFile | undefined> {
  const relative = path === '/' ? '/index.html' : path;
  const clean = normalize(relative);
  const type = TYPES[extname(clean)];
  if (!type || clean.includes('..') || clean.includes('\0') || /(^|\/)\./.test(clean)) return undefined;
  try {
    const bytes = await readFile(join(folder, clean));
    return { bytes, type, immutable: clean.startsWith('/assets/') };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR');
