import { z } from 'zod';

const TaxCode = z.string().regex(/^\d{11}$/);
const NodeCode = z.string().min(1).max(35);

const timeouts = {
  connectMs: z.int(),
  verifyMs: z.int(),
  activateMs: z.int(),
  outcomeMs: z.int(),
};

const common = {
  /** Printed on the receipt and shown on the screen: who gives the payment service. */
  pspName: z.string(),
  pspTaxCode: TaxCode,
  /** How long a session is kept for the card, ms; asked of the node where it can be asked. */
  tokenMs: z.int().min(60_000).max(1_800_000).default(600_000),
  timeouts: z
    .object(timeouts)
    .default({ connectMs: 5_000, verifyMs: 25_000, activateMs: 40_000, outcomeMs: 40_000 }),
  /**
   * Who bears the fee: `none` = the creditor, as at every machine that serves one creditor (pagopa.md 2.1); `citizen` =
   * what the platform names, shown before consent and charged on top.
   */
  fee: z.enum(['none', 'citizen']).default('none'),
};

/** Option A: the node by SOAP, in the name of a PSP (pagopa.md 3). */
export const NodeSoapConfig = z.object({
  kind: z.literal('node-soap'),
  url: z.url(),
  ...common,
  idPsp: NodeCode,
  idBrokerPsp: NodeCode,
  idChannel: NodeCode,
  paymentChannel: z.enum(['frontOffice', 'atm', 'onLine', 'app', 'other']).default('other'),
});
export type NodeSoapConfig = z.infer<typeof NodeSoapConfig>;

export const milPaymentMethods = ['PAGOBANCOMAT', 'DEBIT_CARD', 'CREDIT_CARD', 'PAYMENT_CARD'] as const;
const MilMethod = z.enum(milPaymentMethods);

/** Option B: PagoPA's multi-channel integration layer, as a terminal of an acquirer (pagopa.md 5). */
export const MilConfig = z.object({
  kind: z.literal('mil'),
  /** Bases of the three services; a trailing slash is not needed. */
  urls: z.object({ auth: z.url(), paymentNotice: z.url(), fees: z.url() }),
  ...common,
  acquirerId: z.string().regex(/^\d{1,11}$/),
  channel: z.enum(['ATM', 'POS', 'TOTEM', 'CASH_REGISTER', 'CSA']).default('TOTEM'),
  merchantId: z
    .string()
    .regex(/^[0-9a-zA-Z]{1,15}$/)
    .optional(),
  clientId: z.uuid(),
  /** What MIL calls each of our terminals: at most 8 letters and digits, unique to the acquirer and channel. */
  terminals: z.record(z.string(), z.string().regex(/^[0-9a-zA-Z]{1,8}$/)),
  /** What our kinds of card are called there. `unknown` also asks for the fee, before the card is known. */
  paymentMethods: z
    .object({ debit: MilMethod, credit: MilMethod, unknown: MilMethod })
    .default({ debit: 'PAGOBANCOMAT', credit: 'CREDIT_CARD', unknown: 'PAYMENT_CARD' }),
  /** How the result of an outcome is waited for: MIL's own figures (pagopa.md 5.2). */
  polling: z
    .object({ retryAfterMs: z.int().min(100), maxRetries: z.int().min(0) })
    .default({ retryAfterMs: 30_000, maxRetries: 3 }),
});
export type MilConfig = z.infer<typeof MilConfig>;

/** Option C: PagoPA's POS gateway, where the platform and the PSP drive the card terminal (pagopa.md 6.1, draft). */
export const PosGatewayConfig = z.object({
  kind: z.literal('pos-gateway'),
  url: z.url(),
  ...common,
  /** Under this option the fee is never ours. */
  fee: z.literal('none').default('none'),
  psp: z.object({ id: NodeCode, broker: NodeCode, channel: NodeCode }),
  /** Whose notices can be paid: the gateway is given no other. */
  creditorTaxCode: TaxCode,
  logicalOffice: z.string().min(1).max(20).optional(),
  /** Base of the creditor's own payment options service: where the amount comes from before consent. */
  paymentOptionsUrl: z.url(),
  /** How long the PSP gives a citizen at the terminal, ms: after it and a margin, silence is a question for a person. */
  authorisationMs: z.int().min(1_000).default(120_000),
  /** Pause between two questions about a session, ms. */
  askEveryMs: z.int().min(100).default(5_000),
});
export type PosGatewayConfig = z.infer<typeof PosGatewayConfig>;

/** The way to pagoPA: one of three, by the contract with the PSP. */
export const GatewayConfig = z.discriminatedUnion('kind', [NodeSoapConfig, MilConfig, PosGatewayConfig]);
export type GatewayConfig = z.infer<typeof GatewayConfig>;
