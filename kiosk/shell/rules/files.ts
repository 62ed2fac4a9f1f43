import { extname, join, normalize } from 'node:path';
import { isOurs, ORIGIN } from './origin.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.wasm': 'application/wasm',
};

/** The file of the built app behind an address, with its type; undefined for anything else. */
export function fileBehind(address: string, screenDir: string): { path: string; type: string } | undefined {
  if (!isOurs(address)) return undefined;
  const { pathname } = new URL(address);
  if (/%(?![0-9a-f]{2})/i.test(pathname)) return undefined;
  // an encoded slash or dot is no way the app writes: it is somebody trying
  if (/%2[ef]|%5c|%00|\\/i.test(pathname)) return undefined;
  const clean = normalize(pathname === '/' ? '/index.html' : pathname);
  const type = TYPES[extname(clean)];
  if (!type || clean.includes('..') || /(^|\/)\./.test(clean)) return undefined;
  return { path: join(screenDir, clean), type };
}

/** The worker that decodes the camera's picture: the only file whose code may run WebAssembly. A worker has its own file's policy. */
const DECODER = /\/assets\/code-decoder-[\w-]+\.js$/;

/** Nothing from elsewhere: the app speaks with the terminal through its port and with nobody else. */
export const contentPolicy = (path = ''): string =>
  [
    "default-src 'none'",
    `script-src ${ORIGIN}${DECODER.test(path) ? " 'wasm-unsafe-eval'" : ''}`,
    `worker-src ${ORIGIN}`,
    `style-src ${ORIGIN}`,
    `img-src ${ORIGIN} data: blob:`,
    `font-src ${ORIGIN}`,
    `media-src ${ORIGIN} blob:`,
    `connect-src ${ORIGIN}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
