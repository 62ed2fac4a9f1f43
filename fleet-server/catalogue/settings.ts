import { z } from 'zod';

/** What a municipality collects without a notice: its catalogue, and how its debt positions are made. */
export const ServiceSettings = z.object({
  /** JSON file `{ "entries": […] }` (docs/services.md). */
  catalogueFile: z.string(),
  /** Of the notices that this server makes, and of nobody else's: two generation points with one code would make the same IUV. */
  segregationCode: z.string().regex(/^[0-4]\d$/),
  /** Where the money goes. */
  iban: z.string().regex(/^IT\d{2}[A-Z]\d{10}[A-Z0-9]{12}$/),
  /** Days a position that nobody paid stays payable. */
  payableDays: z.int().min(1).max(60).default(5),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;
