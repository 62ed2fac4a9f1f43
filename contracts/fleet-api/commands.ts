import { z } from 'zod';
import { CommandAct, type CommandKind, CommandReport, CommandState } from '../fleet-link/index.ts';
import { TerminalId, Uuid } from '../values/index.ts';
import { may, type Permission, type Role } from './roles.ts';

/** Every permission that a kind of command needs; also to see what it brought. */
export const COMMAND_PERMISSIONS: Readonly<Record<CommandKind, readonly Permission[]>> = {
  'restart-app': ['command.disruptive'],
  'restart-host': ['command.disruptive'],
  'out-of-service': ['command.disruptive'],
  'back-in-service': ['command.light'],
  lock: ['command.disruptive'],
  unlock: ['command.light'],
  'self-test': ['command.light'],
  'fetch-logs': ['command.light', 'logs.read'],
  screenshot: ['command.light'],
  'print-test-page': ['command.light'],
  'set-volume': ['command.light'],
  'rotate-key': ['command.disruptive'],
  wipe: ['command.destructive'],
};
export const mayCommand = (role: Role, kind: CommandKind): boolean =>
  COMMAND_PERMISSIONS[kind].every((permission) => may(role, permission));

/** What a command may bring, by its kind: types and the most bytes. Kinds that are not here bring nothing. */
export const COMMAND_ATTACHMENTS: Partial<Readonly<Record<CommandKind, readonly string[]>>> = {
  'fetch-logs': ['application/x-ndjson+gzip'],
  screenshot: ['image/png', 'image/jpeg', 'image/webp'],
};
export const MAX_ATTACHMENT_BYTES = 4 * 1024 * 1024;
/** A terminal has at most so many commands without an end. */
export const MOST_OPEN_COMMANDS = 20;

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
