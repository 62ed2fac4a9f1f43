import type { DeviceState } from '../../health/index.ts';
import type { PaperState, PrintResult } from '../port.ts';
import type {
  AutomaticStatus,
  ErrorCause,
  FullStatus,
  OfflineCause,
  PrinterStatus,
  RollStatus,
} from './codec/index.ts';

/** What the printer said of itself, from whichever requests its profile has. */
export interface Condition {
  readonly offline: boolean;
  readonly paper: 'ok' | 'low' | 'out';
  readonly coverOpen: boolean;
  readonly jam: boolean;
  readonly cutter: boolean;
  /** Another error: head too hot, supply, memory. */
  readonly otherError: boolean;
  readonly ticketInMouth: boolean;
}

export const quiet: Condition = {
  offline: false,
  paper: 'ok',
  coverOpen: false,
  jam: false,
  cutter: false,
  otherError: false,
  ticketInMouth: false,
};

export interface Answers {
  readonly printer: PrinterStatus;
  readonly cause: OfflineCause;
  readonly roll: RollStatus;
  readonly errors?: ErrorCause;
  readonly full?: FullStatus;
}

export function conditionOf({ printer, cause, roll, errors, full }: Answers): Condition {
  const out = roll.paperEnd || cause.stoppedPaperEnd || full?.paperPresent === false;
  return {
    offline: printer.offline,
    paper: out ? 'out' : roll.nearEnd || full?.nearEnd || full?.virtualPaperEnd ? 'low' : 'ok',
    coverOpen: cause.coverOpen || full?.coverOpen === true || full?.headUp === true,
    // Epson's "recoverable error" is the mechanical one: paper caught where it should move.
    jam: full?.paperJam === true || errors?.recoverableError === true,
    cutter: errors?.cutterError === true || full?.cutterError === true,
    otherError:
      errors?.unrecoverableError === true ||
      errors?.autoRecoverableError === true ||
      full?.emitter === true ||
      full?.ram === true ||
      full?.eeprom === true ||
      full?.headTemperature === true ||
      full?.powerSupply === true ||
      full?.cutterCoverOpen === true,
    ticketInMouth: full?.ticketInOutput ?? false,
  };
}

export function conditionOfAsb(status: AutomaticStatus, before: Condition): Condition {
  return {
    ...before,
    offline: status.offline,
    paper: status.paperEnd ? 'out' : status.nearEnd ? 'low' : 'ok',
    coverOpen: status.coverOpen,
    cutter: status.cutterError,
    jam: status.recoverableError,
    otherError: status.unrecoverableError || status.autoRecoverableError,
  };
}

/** Why it cannot print now, the reason a person can act on first; undefined when it can. */
export function blockedBy(
  condition: Condition,
): Extract<PrintResult, { result: 'failed' }>['reason'] | undefined {
  if (condition.coverOpen) return 'cover-open';
  if (condition.paper === 'out') return 'paper-out';
  if (condition.jam) return 'jam';
  if (condition.cutter) return 'cutter';
  if (condition.otherError) return 'fault';
  return condition.offline ? 'offline' : undefined;
}

const states = {
  'cover-open': 'cover-open',
  'paper-out': 'out-of-paper',
  jam: 'jam',
  cutter: 'fault',
  fault: 'fault',
  offline: 'unavailable',
  link: 'unavailable',
} as const satisfies Record<string, DeviceState>;

export function healthOf(condition: Condition): { readonly state: DeviceState; readonly reasons: string[] } {
  const blocked = blockedBy(condition);
  const reasons = [
    ...(blocked ? [blocked] : []),
    ...(condition.paper === 'low' ? ['paper-low'] : []),
    ...(condition.ticketInMouth ? ['ticket-in-mouth'] : []),
  ];
  if (blocked) return { state: states[blocked], reasons };
  return { state: condition.paper === 'low' ? 'degraded' : 'ready', reasons };
}

export function paperOf(condition: Condition | undefined): PaperState {
  if (!condition) return { paper: 'unknown', coverOpen: false, jam: false, ticketInMouth: false };
  const { paper, coverOpen, jam, ticketInMouth } = condition;
  return { paper, coverOpen, jam, ticketInMouth };
}
