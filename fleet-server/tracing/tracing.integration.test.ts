import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rig } from '../testing/index.ts';

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
}
interface Sent {
  readonly resourceSpans: { readonly scopeSpans: { readonly spans: Span[] }[] }[];
}

describe('traces', () => {
  let collector: Server;
  const spans: Span[] = [];
  beforeAll(async () => {
    collector = createServer(async (request, response) => {
      const sent = (await json(request)) as Sent;
      spans.push(...sent.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => new Promise((closed) => collector.close(closed)));

  it('show a call and the transactions in it, by route, to the collector of the settings', async () => {
    const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
    const rig = await new Rig({ otel: { url, ratio: 1 } }).start();
    const terminal = await rig.terminal();
    await terminal.activated();
    await rig.close();
    const call = spans.find(({ name }) => name === 'POST /api/v1/payments/:id/activate');
    const inside = spans.filter(({ parentSpanId }) => parentSpanId === call?.spanId);
    expect(inside.map(({ name }) => name)).toContain('store transaction');
    expect(new Set(inside.map(({ traceId }) => traceId))).toEqual(new Set([call?.traceId]));
    expect(JSON.stringify(spans)).not.toContain(terminal.terminalId);
  });

  it('cost a server nothing whose collector is away', async () => {
    const rig = await new Rig({ otel: { url: 'http://127.0.0.1:9/v1/traces', ratio: 1 } }).start();
    expect(await (await rig.terminal()).activated()).toBeTruthy();
    await rig.close();
  });
});
