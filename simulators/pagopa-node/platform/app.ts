import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PagopaNode } from '../node.ts';
import { CHECKOUT_PATH, Checkout } from './checkout.ts';
import { GPD_PATH, GpdArchive } from './gpd.ts';

export const PlatformFault = z.object({
  /** `drop-before`: not done, no answer. `drop-after`: done, answer lost. `http-…`: not done. */
  mode: z.enum(['none', 'drop-before', 'drop-after', 'http-401', 'http-429', 'http-500']),
  /** For so many calls; until the next order when absent. */
  count: z.int().min(1).optional(),
});
export type PlatformFault = z.infer<typeof PlatformFault>;

/** The platform's REST faces beside the node: archive of debt positions and checkout, over the node's own books. */
export interface Platform {
  readonly app: FastifyInstance;
  readonly archive: GpdArchive;
  setFault(order: PlatformFault): PlatformFault;
}

export function platformFace(node: PagopaNode, changed: () => void, origin: () => string): Platform {
  let fault: PlatformFault = { mode: 'none' };
  let left = Number.POSITIVE_INFINITY;
  const archive = new GpdArchive(node);
  const app = Fastify({ logger: false, bodyLimit: 262_144, forceCloseConnections: true });
  const strikes = (mode: PlatformFault['mode']): boolean => fault.mode === mode && left > 0;
  const isService = (url: string) => url.startsWith(GPD_PATH) || url.startsWith(CHECKOUT_PATH);

  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => done(null, {}));
  app.addHook('onRequest', async (request, reply) => {
    const id = request.headers['x-request-id'];
    if (typeof id === 'string') reply.header('x-request-id', id);
    if (!isService(request.url)) return;
    const key = request.headers['ocp-apim-subscription-key'];
    if (key === undefined || key === '') return reply.code(401).send();
    if (strikes('drop-before')) {
      left -= 1;
      reply.hijack();
      reply.raw.socket?.destroy();
      return;
    }
    const status = /^http-(\d+)$/.exec(fault.mode)?.[1];
    if (status !== undefined && left > 0) {
      left -= 1;
      return reply
        .code(Number(status))
        .send({ title: 'Fault', status: Number(status), detail: 'as ordered' });
    }
  });
  app.addHook('onSend', async (request, reply) => {
    changed();
    if (!isService(request.url) || !strikes('drop-after')) return;
    left -= 1;
    reply.raw.socket?.destroy();
  });
  archive.serve(app);
  new Checkout(node, changed).serve(app, origin);
  return {
    app,
    archive,
    setFault(order) {
      fault = order;
      left = order.count ?? Number.POSITIVE_INFINITY;
      return fault;
    },
  };
}

/** Orders for the platform's faces, on the node's control. */
export function platformControl(control: FastifyInstance, platform: Platform): void {
  control.get('/control/debt-positions', () =>
    platform.archive.records().map(({ creditorTaxCode, position, published }) => ({
      creditorTaxCode,
      published,
      iupd: position.iupd,
      noticeNumber: position.paymentOption[0]?.nav,
      amountCents: position.paymentOption[0]?.amount,
      description: position.paymentOption[0]?.description,
    })),
  );
  control.post('/control/platform-faults', async (request, reply) => {
    const parsed = PlatformFault.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ title: 'Order not understood', status: 400 });
    return platform.setFault(parsed.data);
  });
}
