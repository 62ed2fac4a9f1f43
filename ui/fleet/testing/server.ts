import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleEvent, Role } from '@jolly/contracts/fleet-api';
import { answerTo, type StubState, stubState } from './answers.ts';

/** What the fleet server sends with the console's files, but stricter: no inline style at all. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

export interface StubServer {
  readonly origin: string;
  readonly state: StubState;
  /** Tells every console that something changed. */
  changed(...topics: ConsoleEvent['topics']): void;
  /** Ends every stream and takes no new one, as a server that goes away; `false`: it is back. */
  cutStreams(cut: boolean): void;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Builds the console as it is shipped. */
export function buildConsole(): void {
  const vite = join(root, '../../node_modules/vite/bin/vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    // a test's own environment would build React for developers
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 2, 'inherit'],
  });
  if (built.status !== 0) throw new Error(`the console does not build: ${built.status}`);
}

/** The built console over the fixture's answers, on a port that the system chooses. */
export async function startStub(role: Role = 'municipality-admin'): Promise<StubServer> {
  const streams = new Set<ServerResponse>();
  let cut = false;
  const changed = (...topics: ConsoleEvent['topics']) => {
    const event: ConsoleEvent = { at: state.now(), topics };
    for (const stream of streams) stream.write(`event: changed\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const state = stubState(role, changed);
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stub');
    if (url.pathname === '/console/api/events') {
      if (cut) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': watching\n\n');
      streams.add(response);
      response.once('close', () => streams.delete(response));
      return;
    }
    if (
      url.pathname.startsWith('/console/api/') ||
      /^\/console\/(sign-in|session|password)/.test(url.pathname)
    ) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const answer = answerTo(
        state,
        request.method ?? 'GET',
        url,
        text === '' ? undefined : JSON.parse(text),
      );
      const type = answer.type ?? (answer.status >= 400 ? 'application/problem+json' : 'application/json');
      response.writeHead(answer.status, { 'content-type': type });
      response.end(
        answer.body === undefined
          ? undefined
          : typeof answer.body === 'string'
            ? answer.body
            : JSON.stringify(answer.body),
      );
      return;
    }
    const path = url.pathname.replace(/^\/console\/?/, '') || 'index.html';
    const file = join(dist, normalize(path));
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    createReadStream(file).pipe(response);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    state,
    changed,
    cutStreams(wanted) {
      cut = wanted;
      if (wanted) for (const stream of streams) stream.end();
    },
    async close() {
      state.stop();
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
