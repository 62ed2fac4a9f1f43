import {
  Accepted,
  ActivateRequest,
  ActivateResponse,
  AuthorisationQuery,
  AuthorisationRequest,
  AuthorisationResponse,
  OutcomeRequest,
  OutcomeResponse,
  PaymentFacts,
  PaymentStatus,
  TERMINAL_ROUTES,
  VerifyRequest,
  VerifyResponse,
} from '@jolly/contracts/fleet-api';
import { KioskPaymentId } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Http } from '../http/index.ts';
import { terminalOf } from '../identity/index.ts';
import type { Payments } from './payments.ts';
import type { PaymentKey } from './tables.ts';

export const PaymentParams = z.object({ id: KioskPaymentId });

const keyOf = (request: FastifyRequest, kioskPaymentId: string): PaymentKey => ({
  ...terminalOf(request),
  kioskPaymentId,
});

/** The terminal's calls about its payments. To be registered behind the terminal's signature. */
export function paymentRoutes(app: Http, payments: Payments): void {
  const tags = ['payments'];
  app.post(
    TERMINAL_ROUTES.verify,
    { schema: { body: VerifyRequest, response: { 200: VerifyResponse }, tags } },
    (request) => payments.verify(keyOf(request, request.body.kioskPaymentId), request.body.notice),
  );
  app.post(
    TERMINAL_ROUTES.activate,
    { schema: { params: PaymentParams, body: ActivateRequest, response: { 200: ActivateResponse }, tags } },
    (request) => payments.activate(keyOf(request, request.params.id), request.body),
  );
  app.post(
    TERMINAL_ROUTES.outcome,
    { schema: { params: PaymentParams, body: OutcomeRequest, response: { 200: OutcomeResponse }, tags } },
    (request) => payments.takeOutcome(keyOf(request, request.params.id), request.body),
  );
  app.get(
    TERMINAL_ROUTES.payment,
    { schema: { params: PaymentParams, response: { 200: PaymentStatus }, tags } },
    (request) => payments.status(keyOf(request, request.params.id)),
  );
  app.post(
    TERMINAL_ROUTES.authorisation,
    {
      schema: {
        params: PaymentParams,
        body: AuthorisationRequest,
        response: { 200: AuthorisationResponse },
        tags,
      },
    },
    (request) => payments.authorise(keyOf(request, request.params.id), request.body),
  );
  app.get(
    TERMINAL_ROUTES.authorisation,
    {
      schema: {
        params: PaymentParams,
        querystring: AuthorisationQuery,
        response: { 200: AuthorisationResponse },
        tags,
      },
    },
    (request) => payments.authorisation(keyOf(request, request.params.id), request.query.attempt),
  );
  app.post(
    TERMINAL_ROUTES.facts,
    { schema: { params: PaymentParams, body: PaymentFacts, response: { 200: Accepted }, tags } },
    async (request) => {
      await payments.takeFacts(keyOf(request, request.params.id), request.body);
      return { accepted: true as const };
    },
  );
}
