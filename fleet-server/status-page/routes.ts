import { PublicStatus } from '@jolly/contracts/fleet-api';
import { type Clock, TenantId } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Http } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import { STATUS_CSP, statusPage } from './page.ts';
import { type PublicTerminal, publicStatus } from './status.ts';

export interface StatusPageOptions {
  readonly clock: Clock;
  readonly tenants: ReadonlyMap<string, { readonly name: string; readonly timeZone: string }>;
  /** Undefined where the municipality does not show it. */
  readonly terminals: (tenantId: string) => Promise<readonly PublicTerminal[] | undefined>;
}

/** So old an answer serves everybody who asks meanwhile: a page anybody may ask for must cost little. */
const FRESH_MS = 5_000;
const OFTEN = { rateLimit: { max: 120, timeWindow: 60_000 } } as const;

/** `/status/<tenant>` and `/status/<tenant>.json`, for everybody. */
export function statusPageRoutes(app: Http, { clock, tenants, terminals }: StatusPageOptions): void {
  const kept = new Map<string, { readonly at: number; readonly status: Promise<PublicStatus | undefined> }>();
  const read = async (tenantId: string, name: string) => {
    const found = await terminals(tenantId);
    return found && publicStatus(name, found, clock.now());
  };
  const statusOf = async (tenantId: string): Promise<PublicStatus> => {
    const tenant = tenants.get(tenantId);
    if (!tenant) throw fail('NOT_FOUND');
    const before = kept.get(tenantId);
    const fresh = before && clock.now() - before.at < FRESH_MS;
    const status = fresh ? before.status : read(tenantId, tenant.name);
    if (!fresh) {
      kept.set(tenantId, { at: clock.now(), status });
      // a failure is not kept
      status.catch(() => kept.delete(tenantId));
    }
    const answer = await status;
    if (!answer) throw fail('NOT_FOUND');
    return answer;
  };
  const params = z.object({ tenant: TenantId });
  app.get(
    '/status/:tenant.json',
    { config: OFTEN, schema: { params, response: { 200: PublicStatus }, tags: ['public'] } },
    async (request, reply) => {
      reply.header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=30');
      return statusOf(request.params.tenant);
    },
  );
  app.get(
    '/status/:tenant',
    { config: OFTEN, schema: { params, produces: ['text/html'], tags: ['public'] } },
    async (request, reply) => {
      const { tenant } = request.params;
      const page = statusPage(await statusOf(tenant), tenants.get(tenant)?.timeZone ?? 'Europe/Rome');
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', STATUS_CSP)
        .header('x-frame-options', 'ALLOWALL')
        .header('cache-control', 'public, max-age=30')
        .serializer((text: string) => text)
        .send(page);
    },
  );
}
