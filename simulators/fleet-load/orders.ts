import { z } from 'zod';

/** What the process that holds a crowd is told, as messages between parent and child. */
export const CrowdOrder = z.discriminatedUnion('order', [
  z.object({ order: z.literal('connect'), perSecond: z.number().positive() }),
  z.object({ order: z.literal('storm') }),
  z.object({ order: z.literal('heartbeats'), seconds: z.number().positive() }),
  z.object({
    order: z.literal('flood'),
    batches: z.number().positive(),
    size: z.int().min(1),
    seconds: z.number().positive(),
  }),
  z.object({ order: z.literal('drop'), terminals: z.int().min(0) }),
  z.object({ order: z.literal('change'), terminals: z.int().min(0), limitations: z.array(z.string()) }),
  z.object({ order: z.literal('state') }),
  z.object({ order: z.literal('close') }),
]);
export type CrowdOrder = z.infer<typeof CrowdOrder>;

export const CrowdSettings = z.object({
  tenantId: z.string(),
  seed: z.string(),
  broker: z.object({ url: z.url(), ca: z.string().optional(), from: z.string().optional() }),
  first: z.int().min(1),
  last: z.int().min(1),
});
