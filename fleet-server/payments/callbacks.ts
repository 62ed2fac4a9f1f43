import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PaymentGateway } from '../gateway/index.ts';
import { FEW_TRIES, type Http } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import type { Payments } from './payments.ts';

/**
 * Where PagoPA's POS gateway tells the result of a card (pagopa.md 6.1). In production it comes by mutual TLS through the
 * proxy in front; the token in the path is a second lock there, and the only one on loopback.
 */
export const CALLBACK_ROUTE = '/gateway/:tenant/:token/pos/ci/sessions/:session/auth-requests';

const Params = z.object({
  tenant: z.string().max(40),
  token: z.string().max(200),
  session: z.string().max(40),
});

export interface CallbackDoor {
  /** The tenant's way in; undefined when its card is not driven by a gateway. */
  doorOf(tenantId: string): CallbackLock | undefined;
}

export interface CallbackLock {
  readonly gateway: PaymentGateway;
  /** The token as last read; undefined when it never was. */
  token(): Secret<string> | undefined;
  /** Reads the token again: it may have been changed. */
  refresh(): Promise<void>;
}

export function callbackRoutes(app: Http, payments: Payments, door: CallbackDoor): void {
  // Only what is refused counts: behind one proxy everybody has the same address, and a guesser must not shut PagoPA out.
  const refusals = app.createRateLimit(FEW_TRIES.rateLimit);
  const mayAsk = async (request: FastifyRequest) => {
    const tries = await refusals(request);
    return tries.isAllowed || !tries.isExceeded;
  };
  app.patch(
    CALLBACK_ROUTE,
    { schema: { params: Params, body: z.unknown(), response: { 204: z.null() }, tags: ['gateway'] } },
    async (request, reply) => {
      const { tenant, token, session } = request.params;
      const found = door.doorOf(tenant);
      const fits = () => sameText(token, found?.token()?.reveal());
      // A stranger's guess costs no reading of secrets beyond its few tries; one that fits may have been changed since.
      if (!fits() && !(await mayAsk(request))) throw fail('TOO_MANY_REQUESTS');
      await found?.refresh();
      if (!found?.gateway.card || !fits()) throw fail('CALLBACK_REFUSED');
      const said = found.gateway.card.readCallback(request.body);
      if (!said.ok || said.sessionId !== session) throw fail('BODY_INVALID');
      if (!(await payments.takeCallback(tenant, said))) throw fail('NOT_FOUND');
      return reply.code(204).send(null);
    },
  );
}

/** Compared in a time that tells nothing of either. */
function sameText(one: string, other: string | undefined): boolean {
  if (other === undefined || other === '') return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
