import { z } from 'zod';
import { Text, Uuid } from '../values/index.ts';

const nothing = <K extends string>(kind: K) => z.strictObject({ kind: z.literal(kind) });

/** What can be asked of a terminal from afar. */
export const CommandAct = z.discriminatedUnion('kind', [
  nothing('restart-app'),
  nothing('restart-host'),
  /** The screen says so, with the message under it where there is one; payments under way are finished. */
  z.strictObject({ kind: z.literal('out-of-service'), message: Text(200).optional() }),
  nothing('back-in-service'),
  /** As out of service, but also no technician's entrance: for a terminal that somebody tampers with. */
  nothing('lock'),
  nothing('unlock'),
  nothing('self-test'),
  z.strictObject({ kind: z.literal('fetch-logs'), minutes: z.int().min(1).max(1440) }),
  nothing('screenshot'),
  nothing('print-test-page'),
  z.strictObject({ kind: z.literal('set-volume'), level: z.number().min(0).max(1) }),
  nothing('rotate-key'),
  /** Keys, settings, journal, outbox: everything but a payment that is not finished goes. Cannot be undone. */
  nothing('wipe'),
]);
export type CommandAct = z.infer<typeof CommandAct>;
export type CommandKind = CommandAct['kind'];
export const COMMAND_KINDS = CommandAct.options.map(
  ({ shape }) => shape.kind.value,
) as readonly CommandKind[];

/** These interrupt who stands at the terminal: they wait until nobody does (or until they expire). */
export const DISRUPTIVE: ReadonlySet<CommandKind> = new Set([
  'restart-app',
  'restart-host',
  'out-of-service',
  'lock',
  'self-test',
  'screenshot',
  'print-test-page',
  'set-volume',
  'rotate-key',
  'wipe',
]);

/** Body of `down/command`; the envelope's `exp` says until when it may begin. A terminal does each id once, for ever. */
export const Command = z.strictObject({ commandId: Uuid, act: CommandAct });
export type Command = z.infer<typeof Command>;

/** As a terminal reads it: a newer server may know acts that this one does not, and is told so. */
export const SentCommand = z.object({ commandId: Uuid, act: z.looseObject({ kind: Text(60) }) });
export type SentCommand = z.infer<typeof SentCommand>;

/** `queued`: the server has it. `waiting`: the terminal has it, and somebody is being served. The last four are the end. */
export const CommandState = z.enum(['queued', 'waiting', 'running', 'done', 'refused', 'expired', 'failed']);
export type CommandState = z.infer<typeof CommandState>;
export const COMMAND_ENDS: ReadonlySet<CommandState> = new Set(['done', 'refused', 'expired', 'failed']);

export const CommandReport = z.strictObject({
  commandId: Uuid,
  state: CommandState.exclude(['queued']),
  /** Machine word for a refusal or failure: `unknown-command`, `citizen-in-session`, `printer-unavailable`… */
  reason: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
    .optional(),
  /** Of a self-test: steps and how each went. */
  steps: z
    .array(z.strictObject({ name: Text(60), ok: z.boolean(), detail: Text(200).optional() }))
    .max(40)
    .optional(),
});
export type CommandReport = z.infer<typeof CommandReport>;
