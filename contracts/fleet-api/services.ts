import { z } from 'zod';
import { NoticeKey } from '../notice/index.ts';
import { CatalogueEntry, ServiceId } from '../service-catalogue/index.ts';
import { Cents, Uuid } from '../values/index.ts';
import { CardEvidence, PaymentProblem } from './payments.ts';

/** What the tenant offers at its terminals; `revision` changes whenever an entry does. */
export const CatalogueResponse = z.object({
  revision: z.string().max(64),
  entries: z.array(CatalogueEntry).max(200),
});
export type CatalogueResponse = z.infer<typeof CatalogueResponse>;

/** Answers of a form, by field id. Personal data: never in a log or an address. */
export const DebtPositionRequest = z.object({
  /** Chosen by the terminal: the same request makes the same position, however often it comes. */
  requestId: Uuid,
  service: ServiceId,
  version: z.int().min(1),
  answers: z.record(z.string().max(40), z.string().max(200)),
});
export type DebtPositionRequest = z.infer<typeof DebtPositionRequest>;

export const DebtPositionResponse = z.discriminatedUnion('result', [
  z.object({ result: z.literal('created'), notice: NoticeKey, amountCents: Cents }),
  /** The server reads the answers with the same rules as the terminal: faults name the field. */
  z.object({
    result: z.literal('refused'),
    faults: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
  /** The archive of debt positions cannot be reached: ask again later with the same request. */
  z.object({ result: z.literal('unavailable') }),
]);
export type DebtPositionResponse = z.infer<typeof DebtPositionResponse>;

export const CartRequest = z.object({
  notices: z
    .array(
      z.object({
        notice: NoticeKey,
        amountCents: Cents,
        description: z.string().max(140),
        creditorName: z.string().max(140),
      }),
    )
    .min(1)
    .max(5),
});
export type CartRequest = z.infer<typeof CartRequest>;
export const CartResponse = z.discriminatedUnion('result', [
  z.object({ result: z.literal('made'), url: z.url() }),
  z.object({ result: z.literal('refused'), problem: PaymentProblem }),
]);
export type CartResponse = z.infer<typeof CartResponse>;

/** A call for a person: no name, only where and in which language. */
export const AssistanceRequest = z.object({
  requestId: Uuid,
  language: z.string().max(8),
  screen: z.string().max(40),
  supportCode: z.string().max(60).optional(),
});
export type AssistanceRequest = z.infer<typeof AssistanceRequest>;

/** Asks the gateway to take the card at a terminal that the PSP drives (pagopa.md 6.1). */
export const AuthorisationRequest = z.object({
  posTerminalId: z.string().max(20),
  amountCents: Cents,
  /**
   * Which of the payment's requests for a card: when the terminal began it, ms since 1970, kept in its journal. Repeated it
   * only tells how that one stands; the word on one is never taken for the word on another.
   */
  attempt: z.int().min(0),
});
export type AuthorisationRequest = z.infer<typeof AuthorisationRequest>;

/** Names the request for a card that is asked about; one the server has never begun is `none`. */
export const AuthorisationQuery = z.object({ attempt: z.coerce.number().int().min(0) });
export type AuthorisationQuery = z.infer<typeof AuthorisationQuery>;

/** How the gateway's card stands; `waiting` is asked again, `unknown` never charges again (pagopa.md 6.1). */
export const AuthorisationResponse = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('approved'), card: CardEvidence }),
  z.object({ state: z.literal('declined'), reason: z.string().max(120) }),
  z.object({ state: z.literal('cancelled'), reason: z.string().max(120) }),
  z.object({ state: z.literal('not-started'), reason: z.string().max(120) }),
  z.object({ state: z.literal('unknown'), reason: z.string().max(120) }),
]);
export type AuthorisationResponse = z.infer<typeof AuthorisationResponse>;
