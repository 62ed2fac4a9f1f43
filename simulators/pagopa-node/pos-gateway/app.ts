import { type Clock, sleep } from '@jolly/contracts/values';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WireFaults } from '../app.ts';
import { asNodeRequest } from '../mil/mil.ts';
import type { PagopaNode } from '../node.ts';
import { iuv } from '../numbers.ts';
import { answerWithFault, type Exchange, type RestAnswer } from '../wire.ts';
import type { PosLayer, SendCallback } from './pos-gateway.ts';

const Code = z.string().min(1).max(35);
const SessionRequest = z.object({
  psp: z.object({ id: Code, broker: Code, channel: Code }),
  creditorInstitution: z.object({
    fiscalCode: z.string().length(11),
    logicalOffice: z.string().min(1).max(20).optional(),
    workstation: z.string().min(1).max(20).optional(),
  }),
});
const CardRequest = z.object({
  terminalId: z.string().length(8),
  debtPositions: z
    .array(
      z.object({
        // Positions to be created on the spot are not played here.
        type: z.literal('CI_PROVIDED'),
        details: z.object({ noticeNumber: z.string().length(18) }),
      }),
    )
    .length(1),
});

export interface PosGatewayAppOptions {
  readonly layer: PosLayer;
  readonly node: PagopaNode;
  readonly faults: WireFaults;
  readonly clock: Clock;
  readonly delayMs: number;
  readonly changed: () => void;
  readonly heard?: ((exchange: Exchange) => void) | undefined;
}

const problem = (status: number, detail: string): RestAnswer => ({ status, json: { status, detail } });

/** Status and ODP code of the creditor's own faults in its payment options service. */
const optionErrors: Readonly<Record<string, readonly [status: number, code: string]>> = {
  PAA_PAGAMENTO_SCONOSCIUTO: [404, 'ODP-107'],
  PAA_PAGAMENTO_SCADUTO: [422, 'ODP-110'],
  PAA_PAGAMENTO_ANNULLATO: [422, 'ODP-111'],
  PAA_PAGAMENTO_DUPLICATO: [409, 'ODP-108'],
  PAA_PAGAMENTO_IN_CORSO: [409, 'ODP-109'],
};

/** The POS gateway under `/pos-layer-service`, and the creditor's payment options under `/payment-options-service`. */
export function posGatewayApp(options: PosGatewayAppOptions): FastifyInstance {
  const { layer, node, faults, clock } = options;
  const app = Fastify({ logger: false, bodyLimit: 65_536, forceCloseConnections: true });

  const serve =
    (
      operation: string,
      work: (request: FastifyRequest, correlationId: string) => Promise<RestAnswer> | RestAnswer,
    ) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      if (options.delayMs > 0) await sleep(clock, options.delayMs);
      return answerWithFault(reply, faults.strike(operation), clock, async () => {
        const answer = await checked(request, work);
        options.changed();
        const { status, json } = answer;
        options.heard?.({ operation, headers: request.headers, body: request.body, status, answer: json });
        return answer;
      });
    };
  const checked = (
    request: FastifyRequest,
    work: (request: FastifyRequest, correlationId: string) => Promise<RestAnswer> | RestAnswer,
  ) => {
    if (!request.headers['ocp-apim-subscription-key']) return { status: 401 };
    const correlation = z.uuid().safeParse(request.headers['x-correlation-id']);
    return correlation.success ? work(request, correlation.data) : problem(400, 'x-correlation-id');
  };

  const base = '/pos-layer-service';
  app.post(
    `${base}/pos/sessions`,
    serve('session', (request) => {
      const wanted = SessionRequest.safeParse(request.body);
      if (!wanted.success) return problem(400, 'Bad Request');
      const { includeTerminals } = request.query as { includeTerminals?: string };
      return layer.open(wanted.data.creditorInstitution.fiscalCode, includeTerminals === 'true');
    }),
  );
  app.post(
    `${base}/pos/terminals`,
    serve('terminals', (request) =>
      SessionRequest.safeParse(request.body).success
        ? { status: 200, json: { terminals: layer.terminals() } }
        : problem(400, 'Bad Request'),
    ),
  );
  app.post(
    `${base}/pos/sessions/:id/auth-requests`,
    serve('auth-request', (request, correlationId) => {
      const wanted = CardRequest.safeParse(request.body);
      const position = wanted.data?.debtPositions[0];
      if (!wanted.success || !position) return problem(400, 'Bad Request');
      const { id } = request.params as { id: string };
      return layer.ask(id, correlationId, {
        terminalId: wanted.data.terminalId,
        noticeNumber: position.details.noticeNumber,
      });
    }),
  );
  app.get(
    `${base}/pos/sessions/:id`,
    serve('session-state', (request) => layer.state((request.params as { id: string }).id)),
  );

  app.post(
    '/payment-options-service/payment-options/organizations/:ec/notices/:nav',
    async (request, reply) => {
      const { ec, nav } = request.params as { ec: string; nav: string };
      return answerWithFault(reply, faults.strike('options'), clock, async () => {
        const answer = await paymentOptions(node, ec, nav);
        const { status, json } = answer;
        options.heard?.({
          operation: 'options',
          headers: request.headers,
          body: undefined,
          status,
          answer: json,
        });
        return answer;
      });
    },
  );
  return app;
}

async function paymentOptions(node: PagopaNode, ec: string, nav: string): Promise<RestAnswer> {
  const { fault } = await node.ask(asNodeRequest('verify', { fiscalCode: ec, noticeNumber: nav }));
  const notice = node.books.position(ec, nav)?.notice;
  if (fault || !notice) {
    const code = fault?.original?.code ?? fault?.code.replace(/^PPT_/, 'PAA_') ?? 'PAA_SYSTEM_ERROR';
    const [status, appErrorCode] = optionErrors[code] ?? [500, 'ODP-103'];
    const errorMessage = `${code} Custom error description`;
    return { status, json: { httpStatusCode: status, errorMessage, appErrorCode, timestamp: 0 } };
  }
  const common = {
    description: notice.description,
    amount: notice.amountCents,
    dueDate: `${notice.dueDate}T23:59:59Z`,
    validFrom: '2026-01-01T00:00:00Z',
    statusReason: '',
  };
  return {
    status: 200,
    json: {
      organizationFiscalCode: ec,
      companyName: notice.creditorName,
      officeName: notice.office,
      standin: notice.scenario === 'stand-in',
      paymentOptions: [
        {
          ...common,
          numberOfInstallments: 1,
          status: 'PO_UNPAID',
          allCCP: false,
          installments: [{ ...common, nav, iuv: iuv(nav), status: 'POI_UNPAID' }],
        },
      ],
    },
  };
}

/** Callbacks over HTTP; 0 when nobody answered. */
export const httpCallback: SendCallback = async ({ url, correlationId, body }) => {
  try {
    const answer = await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'x-correlation-id': correlationId },
      body: JSON.stringify(body),
    });
    return answer.status;
  } catch {
    // Nobody there: delivered again later, as the platform does.
    return 0;
  }
};
