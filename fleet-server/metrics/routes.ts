import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyRequest } from 'fastify';
import { FEW_TRIES, type Http, isLoopbackCall } from '../http/index.ts';
import type { Counts } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { Meters } from './meters.ts';
import type { MetricsSettings } from './settings.ts';

/** What must hold for this replica to be given work; false, or a throw, says that it does not. */
type Readiness = Readonly<Record<string, () => Promise<boolean> | boolean>>;

/** The store answers, the broker is there (where there is one), and what runs in the background was begun. */
export function readiness(
  store: Pick<Store, 'check'>,
  fleet: { counts(): Counts | undefined },
  started: () => boolean,
): Readiness {
  return {
    started,
    store: () => store.check().then(() => true),
    broker: () => fleet.counts()?.connected ?? true,
  };
}

/**
 * `/healthz`: the process answers; restart it when it does not. `/readyz`: it can do its work; send nobody to it while it cannot.
 * Both say only yes or no to strangers, and are for balancers as for people. `/metrics` is for this machine, or for who has the token.
 */
export function healthRoutes(
  app: Http,
  {
    meters,
    settings,
    ready,
  }: { readonly meters: Meters; readonly settings: MetricsSettings; readonly ready: Readiness },
): void {
  const hidden = { schema: { hide: true } } as const;
  app.get('/healthz', hidden, async () => ({ alive: true }));
  app.get('/readyz', hidden, async (request, reply) => {
    const parts = await Promise.all(
      Object.entries(ready).map(
        async ([name, holds]) => [name, await answered(name, holds, request)] as const,
      ),
    );
    const all = parts.every(([, holds]) => holds);
    return reply.code(all ? 200 : 503).send({ ready: all, ...Object.fromEntries(parts) });
  });
  app.get('/metrics', { ...hidden, config: FEW_TRIES_OF_STRANGERS }, async (request, reply) => {
    if (!isLoopbackCall(request) && !hasToken(request, settings.tokenFile)) throw fail('METRICS_CLOSED');
    const { type, text } = await meters.page();
    return reply.type(type).send(text);
  });
}

/** A scraper comes every few seconds, so the door is wider than others that ask for a secret; the secret is long. */
const FEW_TRIES_OF_STRANGERS = { rateLimit: { ...FEW_TRIES.rateLimit, max: 120 } } as const;

async function answered(name: string, holds: Readiness[string], request: FastifyRequest): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    request.log.warn({ err: error, part: name }, 'not ready');
    return false;
  }
}

/** Read at each call: changing the file changes the token. */
function hasToken(request: FastifyRequest, tokenFile: string | undefined): boolean {
  if (tokenFile === undefined) return false;
  const token = readFileSync(tokenFile, 'utf8').trim();
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return token !== '' && timingSafeEqual(hash(`Bearer ${token}`), hash(request.headers.authorization ?? ''));
}
