import { type Clock, sleep } from '@jolly/contracts/values';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PagopaNode } from './node.ts';
import { operationOfAction } from './requests.ts';

/** Path of the service on the platform (pagopa.md 3.1). */
export const SERVICE_PATH = '/nodo-auth/node-for-psp/v1';

export const FaultOrder = z.object({
  /**
   * `drop-before`: not processed, connection closed without an answer. `drop-after`: processed, answer lost.
   * `delay`: processed, answered `delayMs` later. `reset`: not processed, connection reset. `duplicate`: processed
   * twice, as a network may deliver twice; the second answer goes out. `http-…`: not processed. `malformed`:
   * processed, the answer is cut in the middle.
   */
  mode: z.enum([
    'none',
    'drop-before',
    'drop-after',
    'delay',
    'reset',
    'duplicate',
    'http-429',
    'http-500',
    'http-503',
    'malformed',
  ]),
  /** Only for these calls; all when absent. */
  operation: z
    .enum([
      'verify',
      'activate',
      'outcome',
      // MIL
      'token',
      'fee',
      'pre-close',
      'abort',
      'status',
      // the POS gateway, and the creditor's payment options
      'session',
      'terminals',
      'auth-request',
      'session-state',
      'options',
    ])
    .optional(),
  /** For so many calls; until the next order when absent. */
  count: z.int().min(1).optional(),
  /** Wait before the drop or the answer. */
  delayMs: z.int().min(0).max(600_000).optional(),
});
export type FaultOrder = z.infer<typeof FaultOrder>;

/** The fault in force on the wire, and how often it still strikes. */
export class WireFaults {
  #order: FaultOrder = { mode: 'none' };
  #left = Number.POSITIVE_INFINITY;

  set(order: FaultOrder): void {
    this.#order = order;
    this.#left = order.count ?? Number.POSITIVE_INFINITY;
  }

  get order(): FaultOrder {
    return this.#left > 0 ? this.#order : { mode: 'none' };
  }

  /** The fault for this call, counted. */
  strike(operation: string | undefined): FaultOrder {
    const order = this.order;
    if (order.mode === 'none' || (order.operation && order.operation !== operation)) return { mode: 'none' };
    this.#left -= 1;
    return order;
  }
}

const KEPT_CALLS = 200;

/** How long the node itself took over its last answers: what a measurement of the callers subtracts. */
export class CallLog {
  #calls: { readonly operation: string; readonly at: number; readonly tookMs: number }[] = [];

  /** `at`: when the call came in, epoch ms. `tookMs`: from its first byte read to its answer handed to the socket. */
  note(operation: string | undefined, at: number, tookMs: number): void {
    this.#calls = [...this.#calls, { operation: operation ?? 'unknown', at, tookMs }].slice(-KEPT_CALLS);
  }

  /** Newest last. */
  get calls(): readonly { readonly operation: string; readonly at: number; readonly tookMs: number }[] {
    return this.#calls;
  }
}

/** Operation of a call: its SOAPAction, else the name found in the text. */
function operationOf(action: string | undefined, body: Uint8Array): string | undefined {
  const named = operationOfAction(action);
  if (named) return named;
  const text = Buffer.from(body).toString('latin1');
  if (text.includes('verifyPaymentNoticeReq')) return 'verify';
  if (text.includes('activatePaymentNoticeV2Request')) return 'activate';
  return text.includes('sendPaymentOutcomeV2Request') ? 'outcome' : undefined;
}

const html = (title: string) =>
  `<html><head><title>${title}</title></head><body><h1>${title}</h1><br></body></html>`;
const titles: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export interface NodeAppOptions {
  readonly node: PagopaNode;
  readonly faults: WireFaults;
  readonly calls: CallLog;
  readonly clock: Clock;
  /** Believable wait before every answer, ms. */
  readonly delayMs: number;
  /** Called after every call that may have changed the books, before its answer leaves. */
  readonly changed: () => void;
}

/** The SOAP face of the node, as an HTTP server not yet listening. */
export function nodeApp(options: NodeAppOptions): FastifyInstance {
  const { node, faults, calls, clock } = options;
  const app = Fastify({ logger: false, bodyLimit: 262_144, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const started = new WeakMap<object, number>();
  app.addHook('onRequest', async (request) => void started.set(request, clock.monotonic()));
  app.addHook('onSend', async (request) => {
    const tookMs = clock.monotonic() - (started.get(request) ?? clock.monotonic());
    const header = request.headers.soapaction;
    calls.note(operationOfAction(Array.isArray(header) ? header[0] : header), clock.now() - tookMs, tookMs);
  });

  const answer = (reply: FastifyReply, status: number, xml: string) =>
    reply.code(status).type('text/xml; charset=utf-8').send(xml);
  const cut = (reply: FastifyReply, reset: boolean) => {
    reply.hijack();
    const socket = reply.raw.socket;
    if (reset) socket?.resetAndDestroy();
    else socket?.destroy();
  };

  app.post(SERVICE_PATH, async (request, reply) => {
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const header = request.headers.soapaction;
    const action = Array.isArray(header) ? header[0] : header;
    const strike = faults.strike(operationOf(action, body));
    const process = async () => {
      const done = await node.handle(body, action);
      options.changed();
      return done;
    };
    if (options.delayMs > 0) await sleep(clock, options.delayMs);
    const wait = async () => {
      if (strike.delayMs) await sleep(clock, strike.delayMs);
    };
    switch (strike.mode) {
      case 'drop-before':
      case 'reset':
        await wait();
        return cut(reply, strike.mode === 'reset');
      case 'http-429':
      case 'http-500':
      case 'http-503': {
        const status = Number(strike.mode.slice(5));
        await wait();
        return reply
          .code(status)
          .type('text/html')
          .send(html(titles[status] ?? 'Error'));
      }
      case 'drop-after':
        await process();
        await wait();
        return cut(reply, false);
      case 'duplicate':
        await process();
        break;
      case 'delay':
      case 'malformed':
      case 'none':
        break;
    }
    const { status, xml } = await process();
    await wait();
    if (strike.mode === 'malformed') return answer(reply, 200, xml.slice(0, Math.floor(xml.length / 2)));
    return answer(reply, status, xml);
  });
  return app;
}
