import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { FaultOrder, type WireFaults } from './app.ts';
import { problem } from './control.ts';
import type { Mil } from './mil/mil.ts';
import type { Tokens } from './mil/tokens.ts';
import type { PosLayer } from './pos-gateway/pos-gateway.ts';

const MilOrder = z
  .object({
    clientSecret: z.string(),
    tokenSeconds: z.int().min(1),
    fees: z.record(z.string(), z.int().min(1)),
    settleMs: z.int().min(0),
    stuck: z.boolean(),
  })
  .partial();
const StatusOrder = z.object({
  transactionId: z.string(),
  status: z.enum([
    'PRE_CLOSE',
    'PENDING',
    'ERROR_ON_CLOSE',
    'CLOSED',
    'ERROR_ON_RESULT',
    'ERROR_ON_PAYMENT',
    'ABORTED',
  ]),
});
const cards = ['AUTHORIZED', 'DECLINED', 'REFUSED', 'CANCELED_BY_USER', 'TIMEOUT'] as const;
const PosGatewayOrder = z
  .object({
    card: z.enum([...cards, 'wait']),
    afterMs: z.int().min(0),
    callback: z.enum(['deliver', 'never', 'claimed']),
    callbackDelayMs: z.int().min(0),
    callbackUrl: z.string(),
    terminals: z.array(
      z.object({ id: z.string().length(8), status: z.enum(['AVAILABLE', 'UNAVAILABLE', 'MAINTENANCE']) }),
    ),
  })
  .partial();
const Decision = z.object({ sessionId: z.uuid(), card: z.enum(cards) });

/** The control of the REST faces, beside that of the node. */
export function faceControl(
  app: FastifyInstance,
  parts: {
    readonly mil: Mil;
    readonly tokens: Tokens;
    readonly milFaults: WireFaults;
    readonly layer: PosLayer;
    readonly layerFaults: WireFaults;
    readonly changed: () => void;
  },
): void {
  const { mil, tokens, milFaults, layer, layerFaults, changed } = parts;
  const order = <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    act: (wanted: z.output<Schema>, reply: FastifyReply) => unknown,
  ) =>
    app.post(path, async (request, reply) => {
      const parsed = schema.safeParse(request.body ?? {});
      if (!parsed.success) return problem(reply, 400, 'ORDER_INVALID', 'Order not understood', parsed.error);
      const result = await act(parsed.data, reply);
      changed();
      return result;
    });

  app.get('/control/mil', () => ({ settings: mil.settings, transactions: mil.transactions }));
  order('/control/mil', MilOrder, (wanted) => Object.assign(mil.settings, wanted));
  order('/control/mil/faults', FaultOrder, (wanted) => {
    milFaults.set(wanted);
    return milFaults.order;
  });
  order('/control/mil/end-tokens', z.object({}), () => {
    tokens.endAll();
    return { ended: true };
  });
  order('/control/mil/status', StatusOrder, ({ transactionId, status }, reply) =>
    mil.setStatus(transactionId, status)
      ? { transactionId, status }
      : problem(reply, 404, 'TRANSACTION_UNKNOWN', 'No such transaction'),
  );

  app.get('/control/pos-gateway', () => ({
    settings: layer.settings,
    sessions: layer.sessions,
    asked: layer.asked,
  }));
  order('/control/pos-gateway', PosGatewayOrder, (wanted) => Object.assign(layer.settings, wanted));
  order('/control/pos-gateway/faults', FaultOrder, (wanted) => {
    layerFaults.set(wanted);
    return layerFaults.order;
  });
  order('/control/pos-gateway/decide', Decision, async ({ sessionId, card }, reply) =>
    (await layer.decide(sessionId, card, sessionId))
      ? { sessionId, card }
      : problem(reply, 404, 'NOTHING_TO_DECIDE', 'No card is asked for there'),
  );
}
