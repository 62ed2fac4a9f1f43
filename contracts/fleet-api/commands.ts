import { z } from 'zod';
import { CommandAct, CommandReport, CommandState } from '../fleet-link/index.ts';
import { TerminalId, Uuid } from '../values/index.ts';

export const CommandWrite = z.object({
  act: CommandAct,
  /** May begin until then (s from now); a terminal that is away gets it when it comes back in time. */
  expiresInSeconds: z
    .int()
    .min(10)
    .max(7 * 86_400)
    .default(900),
});
export type CommandWrite = z.infer<typeof CommandWrite>;

export const CommandRow = z.object({
  commandId: Uuid,
  terminalId: TerminalId,
  act: CommandAct,
  by: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  state: CommandState,
  reason: z.string().optional(),
  steps: CommandReport.shape.steps,
  /** Every state it was in, oldest first. */
  history: z.array(z.object({ at: z.number(), state: CommandState })),
  /** Logs or picture that came of it, at `…/attachment`. */
  attachment: z.object({ type: z.string(), bytes: z.int() }).optional(),
});
export type CommandRow = z.infer<typeof CommandRow>;
