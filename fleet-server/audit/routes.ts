import { Readable } from 'node:stream';
import { AUDIT_EXPORT_ROUTE, AUDIT_ROUTE, AuditPage } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dayOf } from '../calendar/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { checkChain, GENESIS } from './chain.ts';
import type { AuditLog } from './log.ts';
import { CENTRE } from './port.ts';

const tags = ['audit'];
const Whose = z.object({ centre: z.stringbool().default(false) });
const PageQuery = Whose.extend({
  after: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The audit log as the console reads it. Behind the console's session. */
export function auditRoutes(
  app: Http,
  { audit, gate, clock }: { readonly audit: AuditLog; readonly gate: ConsoleGate; readonly clock: Clock },
): void {
  const onRequest = gate.needs('audit.read');
  app.get(
    AUDIT_ROUTE,
    { onRequest, schema: { querystring: PageQuery, response: { 200: AuditPage }, tags } },
    async (request): Promise<AuditPage> => {
      const { after, limit } = request.query;
      const tenantId = whose(request, request.query.centre);
      // One more: what the oldest line of the page follows from.
      const lines = await audit.page(tenantId, {
        limit: limit + 1,
        ...(after === undefined ? {} : { before: after }),
      });
      const rows = lines.slice(0, limit);
      const before = lines[limit];
      const oldest = rows.at(-1);
      const check = checkChain(
        tenantId,
        before ? { count: before.seq, hash: before.hash } : { count: 0, hash: GENESIS },
      );
      for (const line of rows.toReversed()) check.add(line);
      return {
        rows,
        ...(before && oldest ? { next: String(oldest.seq) } : {}),
        intact: check.faults().length === 0,
      };
    },
  );
  app.get(
    AUDIT_EXPORT_ROUTE,
    { onRequest, schema: { querystring: Whose, produces: ['application/x-ndjson'], tags } },
    (request, reply) => {
      const tenantId = whose(request, request.query.centre);
      const name = `audit-${tenantId === CENTRE ? 'centre' : tenantId}-${dayOf(clock.now(), 'UTC')}.ndjson`;
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(asText(audit, tenantId)));
    },
  );
}

function whose(request: FastifyRequest, centre: boolean): string {
  const { role, tenantId } = personOf(request);
  if (!centre) return tenantId;
  if (role !== 'centre-admin') throw fail('NOT_ALLOWED');
  return CENTRE;
}

async function* asText(audit: AuditLog, tenantId: string): AsyncIterable<string> {
  for await (const line of audit.lines(tenantId)) yield `${JSON.stringify(line)}\n`;
}
