import { z } from 'zod';
import { LocalText } from './local-text.ts';

/** What is asked, and so which keyboard and which check it gets. */
export const FieldKind = z.enum([
  'text',
  'name', // letters, spaces, apostrophes, hyphens
  'digits',
  'fiscal-code', // 16 characters with check letter, or 11 digits
  'plate', // of a car: letters and digits, capitals
  'amount', // cents, typed from the right
  'date', // day, month, year by digits
  'choice',
]);
export type FieldKind = z.infer<typeof FieldKind>;

export const FormField = z.object({
  id: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/),
  kind: FieldKind,
  label: LocalText,
  /** Where it is found, e.g. on the verbale. */
  hint: LocalText.optional(),
  example: z.string().max(40).optional(),
  minLength: z.int().min(0).default(1),
  maxLength: z.int().min(1).max(80).default(40),
  /** Bounds of an `amount`, cents. */
  minCents: z.int().min(1).optional(),
  maxCents: z.int().min(1).optional(),
  /** Of a `choice`, at most five; `amountCents` makes the choice the price. */
  choices: z
    .array(z.object({ value: z.string().max(80), label: LocalText, amountCents: z.int().min(1).optional() }))
    .max(5)
    .optional(),
  /** Filled from the signed-in citizen, who is not asked again (criterion C.SE.1.5). */
  prefill: z
    .enum(['citizen.fiscalCode', 'citizen.givenName', 'citizen.familyName', 'citizen.fullName'])
    .optional(),
});
export type FormField = z.infer<typeof FormField>;

export const FieldProblem = z.enum([
  'empty',
  'too-short',
  'check-letter',
  'not-a-date',
  'too-little',
  'too-much',
  'characters',
]);
export type FieldProblem = z.infer<typeof FieldProblem>;
