import {
  ApproveItem,
  CONSOLE_API,
  ConsoleMe,
  DayMatch,
  OperatorItem,
  Overview,
  PaymentPage,
  PaymentRow,
  PaymentState,
  ResolveItem,
  SERVER_TIME_HEADER,
  TakeItem,
} from '@jolly/contracts/fleet-api';
import { type Clock, KioskPaymentId, TerminalId, Uuid } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, enrolledTerminals, personOf } from '../identity/index.ts';
import { readPage } from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import type { Reconciliation } from '../reconciliation/index.ts';
import { sequenceGaps } from '../telemetry/index.ts';
import { streamChanges } from './live.ts';
import { type OverviewOptions, overviewOf } from './overview.ts';

export interface ConsoleOptions extends OverviewOptions {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly reconciliation: Reconciliation;
  readonly gate: ConsoleGate;
}

const tags = ['console'];
const DayParams = z.object({ day: z.iso.date() });
const ItemParams = z.object({ id: Uuid });
const PageQuery = z.object({
  state: PaymentState.optional(),
  terminal: TerminalId.optional(),
  after: z
    .string()
    .regex(/^\d{1,15}_[0-9a-f-]{36}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const ChainState = z.object({
  terminalId: TerminalId,
  intact: z.boolean(),
  brokenDay: z.string().optional(),
  /** Usage batches that never came. */
  usageGaps: z.int(),
});

/** What the fleet console reads and does. To be registered behind the console session. */
export function consoleRoutes(app: Http, options: ConsoleOptions): void {
  readingRoutes(app, options);
  itemRoutes(app, options);
  dayRoutes(app, options);
  liveRoute(app, options);
}

function readingRoutes(app: Http, options: ConsoleOptions): void {
  const { store, gate } = options;
  app.get(
    `${CONSOLE_API}/me`,
    { onRequest: gate.anyone, config: { beforeTotp: true }, schema: { response: { 200: ConsoleMe }, tags } },
    (request) => personOf(request),
  );

  app.get(
    `${CONSOLE_API}/overview`,
    { onRequest: gate.needs('payments.read'), schema: { response: { 200: Overview }, tags } },
    (request) => overviewOf(options, personOf(request).tenantId),
  );

  app.get(
    `${CONSOLE_API}/payments`,
    {
      onRequest: gate.needs('payments.read'),
      schema: { querystring: PageQuery, response: { 200: PaymentPage }, tags },
    },
    (request) => {
      const { terminal, ...page } = request.query;
      return readPage(store, { ...page, tenantId: personOf(request).tenantId, terminalId: terminal });
    },
  );

  app.get(
    `${CONSOLE_API}/payments/:id`,
    {
      onRequest: gate.needs('payments.read'),
      schema: { params: z.object({ id: KioskPaymentId }), response: { 200: PaymentRow }, tags },
    },
    async (request) => {
      const wanted = { tenantId: personOf(request).tenantId, kioskPaymentId: request.params.id, limit: 1 };
      const [row] = (await readPage(store, wanted)).rows;
      if (!row) throw fail('PAYMENT_UNKNOWN');
      return row;
    },
  );
}

function itemRoutes(app: Http, { operator, gate }: ConsoleOptions): void {
  app.get(
    `${CONSOLE_API}/operator-items`,
    {
      onRequest: gate.needs('payments.read'),
      schema: {
        querystring: z.object({ state: OperatorItem.shape.state.optional() }),
        response: { 200: z.array(OperatorItem) },
        tags,
      },
    },
    (request) => operator.list(personOf(request).tenantId, request.query.state),
  );
  const item = { params: ItemParams, response: { 200: OperatorItem }, tags };
  app.post(
    `${CONSOLE_API}/operator-items/:id/take`,
    { onRequest: gate.needs('payments.settle'), schema: { ...item, body: TakeItem.nullish() } },
    (request) => {
      const { tenantId, user } = personOf(request);
      return operator.act(tenantId, request.params.id, { act: 'take', by: user });
    },
  );
  app.post(
    `${CONSOLE_API}/operator-items/:id/resolve`,
    { onRequest: gate.needs('payments.settle'), schema: { ...item, body: ResolveItem } },
    (request) => {
      const { tenantId, user } = personOf(request);
      return operator.act(tenantId, request.params.id, { act: 'resolve', by: user, body: request.body });
    },
  );
  app.post(
    `${CONSOLE_API}/operator-items/:id/approve`,
    { onRequest: gate.needs('payments.settle'), schema: { ...item, body: ApproveItem } },
    (request) => {
      const { tenantId, user } = personOf(request);
      return operator.act(tenantId, request.params.id, { act: 'approve', by: user, body: request.body });
    },
  );
}

function dayRoutes(app: Http, { reconciliation, store, gate }: ConsoleOptions): void {
  const day = { params: DayParams, response: { 200: z.array(DayMatch) }, tags };
  app.get(`${CONSOLE_API}/match/:day`, { onRequest: gate.needs('payments.read'), schema: day }, (request) =>
    reconciliation.matches(personOf(request).tenantId, request.params.day),
  );
  app.post(
    `${CONSOLE_API}/match/:day/seal`,
    { onRequest: gate.needs('payments.settle'), schema: { ...day, body: z.object({}).nullish() } },
    (request) => {
      const { tenantId, user } = personOf(request);
      return reconciliation.seal(tenantId, request.params.day, user);
    },
  );
  app.get(
    `${CONSOLE_API}/seals`,
    { onRequest: gate.needs('payments.read'), schema: { response: { 200: z.array(ChainState) }, tags } },
    async (request) => {
      const { tenantId } = personOf(request);
      const chains: z.infer<typeof ChainState>[] = [];
      for (const { terminalId } of await enrolledTerminals(store, tenantId)) {
        const terminal = { tenantId, terminalId };
        const brokenDay = await reconciliation.brokenDay(terminal);
        chains.push({
          terminalId,
          intact: brokenDay === undefined,
          ...(brokenDay === undefined ? {} : { brokenDay }),
          usageGaps: await sequenceGaps(store, terminal),
        });
      }
      return chains;
    },
  );
  app.get(
    `${CONSOLE_API}/export/:day.csv`,
    { onRequest: gate.needs('payments.read'), schema: { params: DayParams, produces: ['text/csv'], tags } },
    async (request, reply) => {
      const { tenantId } = personOf(request);
      const csv = await reconciliation.exportCsv(tenantId, request.params.day);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="jolly-${tenantId}-${request.params.day}.csv"`)
        .serializer((text: string) => text)
        .send(csv);
    },
  );
}

function liveRoute(app: Http, options: ConsoleOptions): void {
  const streams = new Set<() => void>();
  // A stream never ends by itself: without this the server would wait for every console to be closed.
  app.addHook('preClose', async () => {
    for (const end of streams) end();
  });
  app.get(
    `${CONSOLE_API}/events`,
    { onRequest: options.gate.needs('fleet.read'), schema: { produces: ['text/event-stream'], tags } },
    (request, reply) => {
      const { tenantId } = personOf(request);
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        [SERVER_TIME_HEADER]: String(options.clock.now()),
      });
      const end = streamChanges({
        sink: reply.raw,
        changes: options.changes,
        clock: options.clock,
        tenantId,
        alive: () =>
          options.gate.alive(request).catch((error: unknown) => {
            request.log.debug({ err: error }, 'a watcher is no longer let in');
            return false;
          }),
      });
      streams.add(end);
      request.raw.on('close', () => {
        streams.delete(end);
        end();
      });
    },
  );
}
