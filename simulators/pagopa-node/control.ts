import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { type CallLog, FaultOrder, type WireFaults } from './app.ts';
import type { PagopaNode } from './node.ts';
import { city, makeNotice, type Notice, qrOf, scenarios } from './notices.ts';
import { taxCode } from './numbers.ts';
import type { Position } from './positions.ts';

const digits = (length: number) => z.string().regex(new RegExp(`^\\d{${length}}$`));

const NewNotice = z.object({
  noticeNumber: digits(18).optional(),
  creditorTaxCode: digits(11).default(city.taxCode),
  creditorName: z.string().min(1).max(140).default(city.name),
  office: z.string().min(1).max(140).default('Ufficio Tributi'),
  description: z.string().min(1).max(140).default('Avviso di prova'),
  label: z.string().max(140).default('Aggiunto'),
  amountCents: z.int().min(1).max(99_999_999_999).default(5_000),
  /** Amount at activation, for `amount-changes`. */
  finalCents: z.int().min(1).max(99_999_999_999).optional(),
  dueDate: z.iso.date().optional(),
  scenario: z.enum(scenarios).default('payable'),
  /** How many share the amount, the creditor included. */
  beneficiaries: z.int().min(1).max(5).default(1),
});
const Clock = z.object({ offsetMs: z.int() });
const Which = z.object({ noticeNumber: digits(18) });
const Settings = z
  .object({
    tokenMs: z.int().min(1).max(1_800_000),
    idempotencyMs: z.int().min(1),
    idempotency: z.boolean(),
    creditorTimeoutMs: z.int().min(0),
    extendedFaults: z.boolean(),
    suggestedFeeCents: z.int().min(0),
  })
  .partial();

export function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  title: string,
  issues?: z.ZodError,
) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title,
      status,
      code,
      ...(issues && {
        faults: issues.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
      }),
    });
}

const shown = ({ notice, state }: Position) => ({
  noticeNumber: notice.noticeNumber,
  creditorTaxCode: notice.creditorTaxCode,
  creditorName: notice.creditorName,
  description: notice.description,
  qr: qrOf(notice),
  label: notice.label,
  state,
  amountCents: notice.amountCents,
  scenario: notice.scenario,
  dueDate: notice.dueDate,
});

/** What the node took: the proof of the money invariant. */
function ledger(node: PagopaNode) {
  const { books } = node;
  const paid = books
    .all()
    .filter(({ acquisitions }) => acquisitions.length > 0)
    .map(({ notice, state, acquisitions }) => {
      const [first] = acquisitions;
      return {
        noticeNumber: notice.noticeNumber,
        creditorTaxCode: notice.creditorTaxCode,
        state,
        token: first?.token,
        psp: first?.psp,
        at: first?.at,
        amountCents: first?.amountCents,
        late: first?.late,
        timesAcquired: acquisitions.length,
        acquisitions,
      };
    });
  return {
    now: node.now(),
    paid,
    receipts: books.receipts,
    tokens: books.tokens(),
    outcomes: books.outcomes(),
  };
}

function newNotice(node: PagopaNode, wanted: z.infer<typeof NewNotice>): Notice {
  const { beneficiaries, noticeNumber, dueDate, finalCents, ...rest } = wanted;
  const share = Math.floor(rest.amountCents / beneficiaries);
  return makeNotice({
    // Far from the seeded counters, and another for each.
    counter: 9_000_000_000 + node.books.all().length,
    today: node.now(),
    ...rest,
    finalCents: finalCents ?? rest.amountCents,
    ...(noticeNumber && { noticeNumber }),
    ...(dueDate && { dueDate }),
    others: Array.from({ length: beneficiaries - 1 }, (_none, index) => ({
      taxCode: taxCode(`810000000${index}`),
      name: `Beneficiario ${index + 2}`,
      iban: 'IT60X0542811101000000654321',
      cents: share,
      category: '9/0201102IM/',
    })),
  });
}

/** The control face: what the device panel and the tests use. Loopback only, no secrets behind it. */
export function controlApp(
  node: PagopaNode,
  faults: WireFaults,
  calls: CallLog,
  changed: () => void,
): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true });
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

  app.get('/control/notices', () => node.books.all().map(shown));
  app.get('/control/calls', () => calls.calls);
  app.get('/control/ledger', () => ledger(node));
  app.get('/control/settings', () => ({ ...node.settings, fault: faults.order, now: node.now() }));
  order('/control/notices', NewNotice, (wanted, reply) => {
    const notice = newNotice(node, wanted);
    if (node.books.position(notice.creditorTaxCode, notice.noticeNumber)) {
      return problem(reply, 409, 'NOTICE_EXISTS', 'The notice is there already');
    }
    reply.code(201);
    return shown(node.addNotice(notice));
  });
  order('/control/faults', FaultOrder, (wanted) => {
    faults.set(wanted);
    return faults.order;
  });
  order('/control/clock', Clock, ({ offsetMs }) => {
    node.offsetMs = offsetMs;
    return { now: node.now() };
  });
  order('/control/settings', Settings, (wanted) => Object.assign(node.settings, wanted));
  order('/control/expire-job', z.object({}), () => ({ expired: node.expireJob() }));
  order('/control/pay-elsewhere', Which, ({ noticeNumber }, reply) => {
    const position = node.books.all().find(({ notice }) => notice.noticeNumber === noticeNumber);
    if (!position) return problem(reply, 404, 'NOTICE_UNKNOWN', 'No such notice');
    if (!node.payElsewhere(position)) return problem(reply, 409, 'NOTICE_PAID', 'The notice is paid already');
    return shown(position);
  });
  order('/control/reset', z.object({}), () => {
    faults.set({ mode: 'none' });
    node.reset();
    return { notices: node.books.all().length };
  });
  return app;
}
