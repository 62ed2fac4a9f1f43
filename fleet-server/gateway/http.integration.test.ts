import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { nodeHttpPost } from './http.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(listener: RequestListener) {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  return nodeHttpPost()({
    url: `http://127.0.0.1:${port}/`,
    headers: { 'content-type': 'text/xml' },
    body: 'è',
    connectMs: 2_000,
    answerMs: 400,
    maxBytes: 1_000,
  });
}

it('gives status and bytes', async () => {
  const answer = await serving((request, response) => {
    request.on('data', (chunk: Buffer) => response.writeHead(207).end(chunk));
  });
  expect(answer.status).toBe(207);
  expect(Buffer.from(answer.body).toString()).toBe('è');
});

it('refuses an answer larger than it may be', async () => {
  await expect(serving((_request, response) => response.end('x'.repeat(2_000)))).rejects.toMatchObject({
    code: 'SOAP_TOO_LARGE',
  });
});

it('knows an answer that breaks off in the middle', async () => {
  const broken = serving((_request, response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write('half', () => response.destroy());
  });
  await expect(broken).rejects.toMatchObject({ code: 'NODE_CONNECTION_LOST' });
});

it('gives up on an answer that never ends', async () => {
  const endless = serving((_request, response) => {
    response.writeHead(200);
    response.write('…');
  });
  await expect(endless).rejects.toMatchObject({ code: 'NODE_ANSWER_TIMEOUT' });
});
