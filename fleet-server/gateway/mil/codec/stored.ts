import { z } from 'zod';

/** A request as the server stores it: where it goes, and the exact body. Headers are made anew at each sending. */
export const StoredRequest = z.discriminatedUnion('call', [
  z.object({
    call: z.literal('activate'),
    creditorTaxCode: z.string(),
    noticeNumber: z.string(),
    body: z.string(),
    /** What the verification said: the activation does not repeat it. */
    shown: z
      .object({ description: z.string(), creditorName: z.string(), office: z.string().optional() })
      .optional(),
  }),
  z.object({
    call: z.literal('pre-close'),
    transactionId: z.string(),
    paymentToken: z.string(),
    totalAmount: z.int(),
    body: z.string(),
  }),
  z.object({ call: z.literal('abort'), body: z.string() }),
  z.object({
    call: z.literal('outcome'),
    transactionId: z.string(),
    paid: z.boolean(),
    body: z.string(),
  }),
]);
export type StoredRequest = z.infer<typeof StoredRequest>;

export function readStored<Call extends StoredRequest['call']>(
  text: string,
  ...calls: readonly Call[]
): Extract<StoredRequest, { call: Call }> {
  const stored = StoredRequest.parse(JSON.parse(text));
  if (!calls.some((call) => call === stored.call)) throw new Error(`not a ${calls.join(' or ')}`);
  return stored as Extract<StoredRequest, { call: Call }>;
}
