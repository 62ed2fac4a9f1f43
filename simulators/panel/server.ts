import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { DEVICE_NAMES, type PanelDevices, targetOf } from './devices.ts';
import { withDrawings } from './drawings.ts';

const SIMULATOR_TIMEOUT_MS = 10_000;

/** The house's typefaces, from the installed packages. */
const FONTS = [
  ['titillium-web', 'titillium-web-latin-400-normal.woff2'],
  ['titillium-web', 'titillium-web-latin-600-normal.woff2'],
  ['titillium-web', 'titillium-web-latin-700-normal.woff2'],
  ['lora', 'lora-latin-600-normal.woff2'],
  ['roboto-mono', 'roboto-mono-latin-400-normal.woff2'],
] as const;

function problem(reply: FastifyReply, status: number, code: string, title: string) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, code });
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(SIMULATOR_TIMEOUT_MS) });
  } catch (error) {
    // Refused, reset, too slow: the page is told the same of all, this simulator does not answer.
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}

/** The panel's page and its way to the simulators. Listens on loopback only; see `devices.ts` for what it passes on. */
export function panelServer(devices: PanelDevices): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 256 * 1024 });

  app.addHook('onRequest', async (request, reply) => {
    // A page from elsewhere must not press our buttons, whatever name it found for this address.
    const host = request.headers.host?.replace(/:\d+$/, '');
    const foreign = request.headers['sec-fetch-site'] === 'cross-site';
    if ((host !== '127.0.0.1' && host !== 'localhost') || (foreign && request.method !== 'GET')) {
      return problem(reply, 403, 'PANEL_FOREIGN', 'The panel answers its own page only');
    }
    reply.header(
      'content-security-policy',
      "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'",
    );
    reply.header('x-content-type-options', 'nosniff');
    return undefined;
  });

  app.get('/api/devices', () => ({
    devices: DEVICE_NAMES.filter((name) => devices[name] !== undefined),
  }));

  app.get('/api/notices', async (_request, reply) => {
    const target = targetOf(devices, { method: 'GET', device: 'node', path: 'control/notices', query: '' });
    const answer = target === undefined ? undefined : await ask(target);
    if (!answer?.ok) return problem(reply, 502, 'PANEL_DEVICE_SILENT', 'The node does not answer');
    return withDrawings(await answer.json());
  });

  app.route<{ Params: { device: string; '*': string } }>({
    method: ['GET', 'POST'],
    url: '/api/:device/*',
    handler: async (request, reply) => {
      const { device, '*': path } = request.params;
      const query = new URL(request.url, 'http://panel').search;
      const target = targetOf(devices, { method: request.method, device, path, query });
      if (!target) return problem(reply, 404, 'PANEL_NO_SUCH_CALL', 'The panel has no such call');
      const answer = await ask(
        target,
        request.method === 'POST'
          ? {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(request.body ?? {}),
            }
          : {},
      );
      if (!answer) return problem(reply, 502, 'PANEL_DEVICE_SILENT', 'The simulator does not answer');
      reply.code(answer.status).header('cache-control', 'no-store');
      reply.type(answer.headers.get('content-type') ?? 'application/octet-stream');
      return reply.send(Buffer.from(await answer.arrayBuffer()));
    },
  });

  const font = (name: string, file: string) =>
    fileURLToPath(import.meta.resolve(`@fontsource/${name}/files/${file}`));
  for (const [name, file] of FONTS) {
    app.get(`/fonts/${file}`, (_request, reply) => {
      const path = font(name, file);
      return reply.sendFile(file, path.slice(0, -file.length), { maxAge: '1d' });
    });
  }
  app.register(fastifyStatic, { root: join(import.meta.dirname, 'web'), cacheControl: false });
  return app;
}
