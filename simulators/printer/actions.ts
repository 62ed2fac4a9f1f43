import { z } from 'zod';

/** What the panel and the tests can do to the printer. */
export const PrinterAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('paper-low') }),
  z.object({ action: z.literal('paper-out') }),
  /** A new roll; whatever hung out of the printer is torn off. */
  z.object({ action: z.literal('load-paper') }),
  z.object({ action: z.literal('open-cover') }),
  z.object({ action: z.literal('close-cover') }),
  z.object({ action: z.literal('jam') }),
  z.object({ action: z.literal('clear-jam') }),
  /** The next cut fails. */
  z.object({ action: z.literal('cutter-error') }),
  z.object({ action: z.literal('paper-out-after-lines'), lines: z.int().min(0).max(10_000) }),
  z.object({ action: z.literal('slow') }),
  /** Prints, but never answers GS r. */
  z.object({ action: z.literal('silent-after-job') }),
  z.object({ action: z.literal('offline') }),
  /** Seconds after which the citizen takes a presented slip; absent = nobody takes it. */
  z.object({ action: z.literal('take-after'), seconds: z.number().min(0).max(600).optional() }),
  /** The citizen takes the slip in the mouth now. */
  z.object({ action: z.literal('take-ticket') }),
  z.object({ action: z.literal('reset') }),
]);
export type PrinterAction = z.infer<typeof PrinterAction>;
