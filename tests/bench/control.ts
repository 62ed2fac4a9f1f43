import { z } from 'zod';

/** What the simulators' control interfaces tell, as far as the bench reads it. Instants are epoch ms. */
export const PosState = z.object({
  device: z.object({
    log: z.array(z.object({ at: z.number(), direction: z.enum(['in', 'out']), what: z.string() })),
  }),
});
export type PosLog = z.infer<typeof PosState>['device']['log'];

export const PrinterState = z.object({
  device: z.object({
    waiting: z.number(),
    slips: z.array(z.object({ id: z.string(), startedAt: z.number(), at: z.number(), text: z.string() })),
  }),
});

export const BarcodeState = z.object({ scans: z.array(z.object({ at: z.number(), sentTo: z.number() })) });
export const NodeCalls = z.array(z.object({ operation: z.string(), at: z.number(), tookMs: z.number() }));
export const NewNotice = z.object({ noticeNumber: z.string(), qr: z.string() });

/** Asks a control interface, or gives it an order. */
export async function control<Schema extends z.ZodType>(
  address: string,
  schema: Schema,
  body?: unknown,
): Promise<z.output<Schema>> {
  const order = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(address, body === undefined ? {} : order);
  if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status} ${await answer.text()}`);
  return schema.parse(await answer.json());
}
