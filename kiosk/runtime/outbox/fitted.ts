import type { z } from 'zod';
import type { StoredLetter } from '../journal/index.ts';
import { outboxError } from './errors.ts';

/**
 * The body of a letter as the server's contract has it. Throws `LETTER_UNFIT`, with the places of the faults and none of the
 * values: what is on the disk will not change by itself, so the letter is set aside rather than tried for ever.
 */
export function fitted<Schema extends z.ZodType>(
  { kind, body }: StoredLetter,
  schema: Schema,
): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join(', ');
  throw outboxError('LETTER_UNFIT', { kind, faults: faults.slice(0, 200) });
}
