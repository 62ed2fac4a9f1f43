import { type Clock, sleep } from '@jolly/contracts/values';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WireFaults } from '../app.ts';
import type { PagopaNode } from '../node.ts';
import { answerWithFault, type Exchange, type RestAnswer } from '../wire.ts';
import type { Caller, Mil } from './mil.ts';
import { Tokens } from './tokens.ts';

const Cents = z.int().min(1).max(99_999_999_999);
const Token = z.string().regex(/^[ -~]{1,35}$/);
const Activate = z.strictObject({
  idempotencyKey: z.string().regex(/^[0-9]{11}_[a-zA-Z0-9]{10}$/),
  amount: Cents,
});
const Method = z.enum(['PAGOBANCOMAT', 'DEBIT_CARD', 'CREDIT_CARD', 'PAYMENT_CARD', 'BANK_ACCOUNT', 'CASH']);
const Fee = z.strictObject({
  paymentMethod: Method,
  notices: z
    .array(
      z.strictObject({
        amount: Cents,
        paTaxCode: z.string().regex(/^\d{11}$/),
        transfers: z
          .array(
            z.strictObject({
              paTaxCode: z.string().regex(/^\d{11}$/),
              category: z.string().regex(/^[ -~]{0,1024}$/),
            }),
          )
          .max(5),
      }),
    )
    .max(5),
});
const PreCloseOrAbort = z.discriminatedUnion('outcome', [
  z.looseObject({
    outcome: z.literal('PRE_CLOSE'),
    paymentTokens: z.array(Token).min(1).max(5),
    transactionId: z.string().regex(/^[a-zA-Z0-9]{32}$/),
    totalAmount: Cents,
    // Required by the interface, yet nothing below one cent can be said: without a fee it is left out.
    fee: Cents.optional(),
  }),
  z.looseObject({ outcome: z.literal('ABORT'), paymentTokens: z.array(Token).min(1).max(5) }),
]);
const Close = z.strictObject({
  outcome: z.enum(['CLOSE', 'ERROR_ON_PAYMENT']),
  paymentMethod: Method,
  paymentTimestamp: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/),
  presetId: z.uuid().optional(),
});
const Headers = z.object({
  requestid: z.uuid(),
  acquirerid: z.string().regex(/^\d{1,11}$/),
  channel: z.enum(['ATM', 'POS', 'TOTEM', 'CASH_REGISTER', 'CSA']),
  terminalid: z.string().regex(/^[0-9a-zA-Z]{1,8}$/),
  merchantid: z
    .string()
    .regex(/^[0-9a-zA-Z]{1,15}$/)
    .optional(),
});

export const milOperations = [
  'token',
  'verify',
  'activate',
  'fee',
  'pre-close',
  'abort',
  'outcome',
  'status',
] as const;

export interface MilAppOptions {
  readonly mil: Mil;
  readonly node: PagopaNode;
  readonly faults: WireFaults;
  readonly clock: Clock;
  readonly delayMs: number;
  readonly changed: () => void;
  /** Called with every exchange of MIL's own services. */
  readonly heard?: ((exchange: Exchange) => void) | undefined;
}

const error = (status: number, code: string, description?: string): RestAnswer => ({
  status,
  json: { errors: [code], ...(description === undefined ? {} : { descriptions: [description] }) },
});

/** MIL's three services behind one address: `/auth`, `/mil-payment-notice`, `/mil-fee-calculator`. */
export function milApp(options: MilAppOptions): { readonly app: FastifyInstance; readonly tokens: Tokens } {
  const { mil, node, faults, clock } = options;
  const tokens = new Tokens();
  const app = Fastify({ logger: false, bodyLimit: 65_536, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const serve = async (
    request: FastifyRequest,
    reply: FastifyReply,
    operation: (typeof milOperations)[number],
    body: unknown,
    work: () => Promise<RestAnswer> | RestAnswer,
  ) => {
    if (options.delayMs > 0) await sleep(clock, options.delayMs);
    return answerWithFault(reply, faults.strike(operation), clock, async () => {
      const answer = await work();
      options.changed();
      options.heard?.({
        operation,
        headers: request.headers,
        body,
        status: answer.status,
        answer: answer.json,
      });
      return answer;
    });
  };

  /** Behind a token that agrees with the headers. */
  const guarded =
    (operation: (request: FastifyRequest, body: unknown) => (typeof milOperations)[number]) =>
    (
      act: (of: {
        readonly params: Record<string, string>;
        readonly body: unknown;
        readonly caller: Caller;
      }) => Promise<RestAnswer> | RestAnswer,
    ) =>
    (request: FastifyRequest, reply: FastifyReply) => {
      const body = jsonOf(request.body);
      return serve(request, reply, operation(request, body), body, () => {
        const headers = Headers.safeParse(request.headers);
        if (!headers.success) return error(400, '008000023');
        const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
        const claims = bearer === undefined ? undefined : tokens.read(bearer, node.now());
        if (!claims) return { status: 401 };
        const {
          acquirerid: acquirerId,
          channel,
          terminalid: terminalId,
          merchantid: merchantId,
        } = headers.data;
        const same =
          claims.acquirerId === acquirerId && claims.channel === channel && claims.terminalId === terminalId;
        if (!same) return { status: 403 };
        const params = request.params as Record<string, string>;
        return act({ params, body, caller: { acquirerId, channel, terminalId, merchantId } });
      });
    };

  app.post('/auth/token', (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(String(request.body ?? '')));
    return serve(request, reply, 'token', form, () => {
      const headers = Headers.safeParse(request.headers);
      if (!headers.success || form.grant_type !== 'client_credentials') return error(400, '009000012');
      const { acquirerid: acquirerId, channel, terminalid: terminalId } = headers.data;
      if (form.client_id !== mil.settings.clientId) return error(401, '00900000A', 'Client not found');
      if (acquirerId !== mil.settings.acquirerId) return error(403, '009000013', 'Roles not found');
      if (form.client_secret !== mil.settings.clientSecret) return error(401, '009000021', 'Wrong secret');
      const exp = Math.floor(node.now() / 1_000) + mil.settings.tokenSeconds;
      const access_token = tokens.make({ acquirerId, channel, terminalId, exp }, node.now());
      return {
        status: 200,
        json: { access_token, token_type: 'Bearer', expires_in: mil.settings.tokenSeconds },
      };
    });
  });

  const wrong = error(400, '008000001');
  const QR = /^PAGOPA\|002\|(\d{18})\|(\d{11})\|\d{1,11}$/;
  const ofQr = (params: Record<string, string>) => {
    const found = QR.exec(Buffer.from(params.qrCode ?? '', 'base64url').toString('utf8'));
    return found?.[1] && found[2] ? { noticeNumber: found[1], paTaxCode: found[2] } : undefined;
  };
  const ofPath = ({ paTaxCode = '', noticeNumber = '' }: Record<string, string>) =>
    /^\d{11}$/.test(paTaxCode) && /^\d{18}$/.test(noticeNumber) ? { paTaxCode, noticeNumber } : undefined;
  const base = '/mil-payment-notice';
  for (const [path, read] of [
    ['/paymentNotices/:qrCode', ofQr],
    ['/paymentNotices/:paTaxCode/:noticeNumber', ofPath],
  ] as const) {
    app.get(
      `${base}${path}`,
      guarded(() => 'verify')(({ params }) => {
        const key = read(params);
        return key ? mil.verify(key.paTaxCode, key.noticeNumber) : wrong;
      }),
    );
    app.patch(
      `${base}${path}`,
      guarded(() => 'activate')(({ params, body }) => {
        const key = read(params);
        if (!key) return wrong;
        const wanted = Activate.safeParse(body);
        return wanted.success
          ? mil.activate(key.paTaxCode, key.noticeNumber, wanted.data)
          : error(400, '008000005');
      }),
    );
  }
  app.post(
    '/mil-fee-calculator/fees',
    guarded(() => 'fee')(({ body }) => {
      const wanted = Fee.safeParse(body);
      return wanted.success ? mil.fee(wanted.data.paymentMethod) : error(400, '00A000001');
    }),
  );
  app.post(
    `${base}/payments`,
    guarded((_request, body) => (Object(body).outcome === 'ABORT' ? 'abort' : 'pre-close'))(
      ({ body, caller }) => {
        const wanted = PreCloseOrAbort.safeParse(body);
        if (!wanted.success) return error(400, '008000016');
        return wanted.data.outcome === 'ABORT'
          ? mil.abort(wanted.data.paymentTokens)
          : mil.preClose(caller, wanted.data);
      },
    ),
  );
  app.patch(
    `${base}/payments/:transactionId/sendPaymentOutcome`,
    guarded(() => 'outcome')(({ params, body }) => {
      const wanted = Close.safeParse(body);
      return wanted.success ? mil.close(params.transactionId ?? '', wanted.data) : error(400, '008000019');
    }),
  );
  app.get(
    `${base}/payments/:transactionId`,
    guarded(() => 'status')(({ params }) => mil.status(params.transactionId ?? '')),
  );
  app.get(
    `${base}/payments`,
    guarded(() => 'status')(() => mil.last()),
  );
  return { app, tokens };
}

function jsonOf(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // The schema of the call refuses it.
    return undefined;
  }
}
