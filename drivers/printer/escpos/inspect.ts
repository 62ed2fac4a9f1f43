import {
  command,
  decodeErrorCause,
  decodeFullStatus,
  decodeOfflineCause,
  decodePrinterStatus,
  decodeRoll,
  type PrinterProfile,
  type PrinterReply,
} from './codec/index.ts';
import { type Condition, conditionOf } from './condition.ts';
import type { PrinterLine } from './line.ts';

/** Real-time requests are answered at once, whatever the printer does. */
export const STATUS_MS = 2_000;

const dleEot = (reply: PrinterReply) => (reply.reply === 'dle-eot' ? reply.byte : undefined);

/** Asks for everything the profile can tell, one question after another; undefined when one stays unanswered. */
export async function inspect(line: PrinterLine, profile: PrinterProfile): Promise<Condition | undefined> {
  const first = await line.ask(command.status(1), STATUS_MS, dleEot);
  if (first === undefined) return undefined;
  const second = await line.ask(command.status(2), STATUS_MS, dleEot);
  if (second === undefined) return undefined;
  const fourth = await line.ask(command.status(4), STATUS_MS, dleEot);
  if (fourth === undefined) return undefined;
  const printer = decodePrinterStatus(first);
  const cause = decodeOfflineCause(second);
  let errors: ReturnType<typeof decodeErrorCause> | undefined;
  if (cause.error) {
    const third = await line.ask(command.status(3), STATUS_MS, dleEot);
    if (third === undefined) return undefined;
    errors = decodeErrorCause(third);
  }
  let full: ReturnType<typeof decodeFullStatus> | undefined;
  if (profile.fullStatus) {
    const bytes = await line.ask(command.fullStatus, STATUS_MS, (reply) =>
      reply.reply === 'full-status' ? reply.bytes : undefined,
    );
    if (bytes === undefined) return undefined;
    full = decodeFullStatus(bytes);
  }
  return conditionOf({
    printer,
    cause,
    roll: decodeRoll(fourth),
    ...(errors ? { errors } : {}),
    ...(full ? { full } : {}),
  });
}
