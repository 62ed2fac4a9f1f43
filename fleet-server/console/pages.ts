import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type Http, sendProblem } from '../http/index.ts';

/** The console's own needs: its files and its API. Nothing inline: what a chart needs is an attribute of its drawing. */
const CONSOLE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the built console: files without data, open to all; what they show is behind the session. */
export async function consolePages(app: Http, dir: string | undefined): Promise<void> {
  const root = dir === undefined ? undefined : resolve(dir);
  if (root === undefined || !existsSync(root)) {
    app.get('/console/', { schema: { hide: true } }, (_request, reply) => sendProblem(reply, 'NOT_FOUND'));
    return;
  }
  app.get('/console', { schema: { hide: true } }, (_request, reply) => reply.redirect('/console/'));
  await app.register(fastifyStatic, {
    root,
    prefix: '/console/',
    redirect: false,
    wildcard: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.header('content-security-policy', CONSOLE_CSP);
      // Built files carry their hash in their name; the page that names them is asked for each time.
      const lasting = /\/assets\//.test(path);
      response.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
