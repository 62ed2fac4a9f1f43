import { z } from 'zod';
import { FormField } from './field.ts';
import { LocalText } from './local-text.ts';

/** `pagamenti.mensa-scolastica`: dotted lower-case words. */
export const ServiceId = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/);
export type ServiceId = z.infer<typeof ServiceId>;

/** Five flow archetypes of the "modello Comuni" (accessibility-and-design.md 1.5). */
export const Archetype = z.enum([
  'permessi-documenti',
  'pagamenti-dovuti',
  'vantaggi-economici',
  'iscrizione-graduatoria',
  'servizi-a-pagamento',
]);

/** What is asked of the citizen's wallet (pa-integration.md 6.3). `formula` fees are worked out by the server. */
export const Fee = z.object({
  kind: z.enum(['rights', 'tariff', 'sanction', 'donation']),
  /** Absent: a field of kind `amount`, or the chosen value, is the price. */
  amountCents: z.int().min(1).max(99_999_999).optional(),
  pay: z.literal('pagopa.spontaneous'),
  /** Category of the transfer in pagoPA's taxonomy, e.g. `9/0101100IM/`. */
  taxonomy: z.string().regex(/^[6-9]\/\d{7}(IM|TS|SP|SA|AP)\/$/),
});
export type Fee = z.infer<typeof Fee>;

/**
 * An entry of the service catalogue (pa-integration.md 6.3): the declaration that every service is made of. Parts that only later
 * services use (documents, outputs, connector) are let through as they are.
 */
export const CatalogueEntry = z.looseObject({
  id: ServiceId,
  version: z.int().min(1),
  status: z.enum(['draft', 'active', 'suspended', 'retired']),
  title: LocalText,
  summary: LocalText.optional(),
  /** Italian words of the notice that is made; `{plate}` stands for the answer to the field `plate`, never a person's name or code. */
  subject: z.string().min(1).max(140).optional(),
  archetype: Archetype,
  auth: z.object({
    methods: z.array(z.string().max(40)),
    minLoA: z.enum(['none', 'low', 'substantial', 'high']),
  }),
  form: z.array(FormField).min(1).max(20),
  fees: z.array(Fee).max(5),
  workflow: z.object({
    steps: z.array(
      z.enum([
        'sheet',
        'login',
        'prefill',
        'form',
        'documents',
        'review',
        'pay',
        'submit',
        'deliver',
        'rate',
      ]),
    ),
  }),
  availability: z.object({ offlinePolicy: z.enum(['unavailable', 'draft']) }),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;
