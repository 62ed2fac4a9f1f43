import { errorsOf, type JollyError } from '@jolly/contracts/values';

/** Refusals of the status decoders. */
export const statusError = errorsOf({
  ESCPOS_HEX_INVALID: { cause: 'the reply is not written as hex bytes', retry: 'no' },
  ESCPOS_STATUS_LENGTH: { cause: 'a reply of this kind has another number of bytes', retry: 'no' },
  ESCPOS_DLE_EOT_INVALID: { cause: 'a DLE EOT reply must match 0xx1xx10', retry: 'no' },
  ESCPOS_ASB_INVALID: {
    cause: 'an automatic status must match 0xx1xx00 0xx0xxxx 0xx0xxxx 0xx0xxxx',
    retry: 'no',
  },
  ESCPOS_FULL_STATUS_INVALID: { cause: 'a full status begins with 10 0F', retry: 'no' },
});

export interface PrinterStatus {
  readonly drawerPin3High: boolean;
  readonly offline: boolean;
  readonly waitingOnlineRecovery: boolean;
  readonly feedButton: boolean;
}
export interface OfflineCause {
  readonly coverOpen: boolean;
  readonly feedingByButton: boolean;
  readonly stoppedPaperEnd: boolean;
  readonly error: boolean;
}
export interface ErrorCause {
  readonly recoverableError: boolean;
  readonly cutterError: boolean;
  readonly unrecoverableError: boolean;
  readonly autoRecoverableError: boolean;
}
export interface RollStatus {
  readonly nearEnd: boolean;
  readonly paperEnd: boolean;
}
export interface AutomaticStatus extends ErrorCause, RollStatus {
  readonly drawerPin3High: boolean;
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly feedingByButton: boolean;
}
export interface FullStatus {
  readonly paperPresent: boolean;
  readonly nearEnd: boolean;
  readonly ticketInOutput: boolean;
  readonly virtualPaperEnd: boolean;
  readonly markNotSeen: boolean;
  readonly headUp: boolean;
  readonly coverOpen: boolean;
  readonly spooling: boolean;
  readonly dragMotorOn: boolean;
  readonly lfKey: boolean;
  readonly ffKey: boolean;
  readonly headTemperature: boolean;
  readonly commError: boolean;
  readonly powerSupply: boolean;
  readonly commandNotAcknowledged: boolean;
  readonly paperJam: boolean;
  readonly markError: boolean;
  readonly cutterError: boolean;
  readonly cutterCoverOpen: boolean;
  readonly ram: boolean;
  readonly eeprom: boolean;
  readonly emitter: boolean;
}
export interface EjectorStatus {
  readonly nearEnd: boolean;
  readonly paperAtEntry: boolean;
  readonly ticketAtOutput: boolean;
  readonly printMotorOn: boolean;
  readonly ejectorMotorOn: boolean;
  readonly error: boolean;
  readonly jam: boolean;
}

const bit = (byte: number, at: number) => (byte & (1 << at)) !== 0;

/** DLE EOT replies match 0xx1xx10 (printing.md 1.1). */
export const isDleEot = (byte: number) => (byte & 0x93) === 0x12;
/** The first byte of an automatic status. */
export const isAsbStart = (byte: number) => (byte & 0x93) === 0x10;
/** Further bytes of an automatic status, and replies of GS r and ESC v. */
export const isStatusByte = (byte: number) => (byte & 0x90) === 0;

export function decodePrinterStatus(byte: number): PrinterStatus {
  return {
    drawerPin3High: bit(byte, 2),
    offline: bit(byte, 3),
    waitingOnlineRecovery: bit(byte, 5),
    feedButton: bit(byte, 6),
  };
}

export function decodeOfflineCause(byte: number): OfflineCause {
  return {
    coverOpen: bit(byte, 2),
    feedingByButton: bit(byte, 3),
    stoppedPaperEnd: bit(byte, 5),
    error: bit(byte, 6),
  };
}

export function decodeErrorCause(byte: number): ErrorCause {
  return {
    recoverableError: bit(byte, 2),
    cutterError: bit(byte, 3),
    unrecoverableError: bit(byte, 5),
    autoRecoverableError: bit(byte, 6),
  };
}

export function decodeRoll(byte: number): RollStatus {
  return { nearEnd: (byte & 0x0c) !== 0, paperEnd: (byte & 0x60) !== 0 };
}

/** Reply of GS r 1 and ESC v: near end in bits 0–1, end in bits 2–3. */
export function decodePaperSensor(byte: number): RollStatus {
  return { nearEnd: (byte & 0x03) !== 0, paperEnd: (byte & 0x0c) !== 0 };
}

/** Four bytes. */
export function decodeAsb(bytes: Uint8Array): AutomaticStatus {
  const [first = 0, second = 0, third = 0] = bytes;
  return {
    drawerPin3High: bit(first, 2),
    offline: bit(first, 3),
    coverOpen: bit(first, 5),
    feedingByButton: bit(first, 6),
    ...decodeErrorCause(second),
    ...decodePaperSensor(third),
  };
}

/** Six bytes, `10 0F paper user recoverable unrecoverable` (printing.md 1.2). */
export function decodeFullStatus(bytes: Uint8Array): FullStatus {
  const [, , paper = 0, user = 0, recoverable = 0, unrecoverable = 0] = bytes;
  return {
    paperPresent: !bit(paper, 0),
    nearEnd: bit(paper, 2),
    ticketInOutput: bit(paper, 5),
    virtualPaperEnd: bit(paper, 6),
    markNotSeen: bit(paper, 7),
    headUp: bit(user, 0),
    coverOpen: bit(user, 1),
    spooling: bit(user, 2),
    dragMotorOn: bit(user, 3),
    lfKey: bit(user, 5),
    ffKey: bit(user, 6),
    headTemperature: bit(recoverable, 0),
    commError: bit(recoverable, 1),
    powerSupply: bit(recoverable, 3),
    commandNotAcknowledged: bit(recoverable, 5),
    paperJam: bit(recoverable, 6),
    markError: bit(recoverable, 7),
    cutterError: bit(unrecoverable, 0),
    cutterCoverOpen: bit(unrecoverable, 1),
    ram: bit(unrecoverable, 2),
    eeprom: bit(unrecoverable, 3),
    emitter: bit(unrecoverable, 7),
  };
}

export function decodeEjector(byte: number): EjectorStatus {
  return {
    nearEnd: bit(byte, 0),
    paperAtEntry: bit(byte, 2),
    ticketAtOutput: bit(byte, 3),
    printMotorOn: bit(byte, 4),
    ejectorMotorOn: bit(byte, 5),
    error: bit(byte, 6),
    jam: bit(byte, 7),
  };
}

export const statusReplies = [
  'dle-eot-1',
  'dle-eot-2',
  'dle-eot-3',
  'dle-eot-4',
  'asb',
  'custom-full',
  'ejector',
] as const;
export type StatusReply = (typeof statusReplies)[number];

export type DecodedStatus =
  | PrinterStatus
  | OfflineCause
  | ErrorCause
  | RollStatus
  | AutomaticStatus
  | FullStatus
  | EjectorStatus
  | { readonly error: { readonly code: string; readonly message: string } };

const dleEot: Readonly<Record<string, (byte: number) => DecodedStatus>> = {
  'dle-eot-1': decodePrinterStatus,
  'dle-eot-2': decodeOfflineCause,
  'dle-eot-3': decodeErrorCause,
  'dle-eot-4': decodeRoll,
};

/**
 * One status reply as hex → its named bits (the words of printing.md 1.1 and 1.2), or `{error}`. Total: never throws.
 * For `jolly decode escpos-status`.
 */
export function decodeEscposStatus(kind: StatusReply, hex: string): DecodedStatus {
  const packed = hex.replace(/[\s:]/g, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(packed)) return refused(statusError('ESCPOS_HEX_INVALID'));
  const bytes = Uint8Array.from(packed.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const expected = kind === 'asb' ? 4 : kind === 'custom-full' ? 6 : 1;
  if (bytes.length !== expected) {
    return refused(statusError('ESCPOS_STATUS_LENGTH', { expected, found: bytes.length }));
  }
  const first = bytes[0] ?? 0;
  if (kind === 'asb') {
    const genuine = isAsbStart(first) && bytes.subarray(1).every(isStatusByte);
    return genuine ? decodeAsb(bytes) : refused(statusError('ESCPOS_ASB_INVALID'));
  }
  if (kind === 'custom-full') {
    const genuine = first === 0x10 && bytes[1] === 0x0f;
    return genuine ? decodeFullStatus(bytes) : refused(statusError('ESCPOS_FULL_STATUS_INVALID'));
  }
  if (kind === 'ejector') return decodeEjector(first);
  const decode = dleEot[kind];
  return decode && isDleEot(first) ? decode(first) : refused(statusError('ESCPOS_DLE_EOT_INVALID'));
}

function refused(error: JollyError): DecodedStatus {
  const detail = Object.entries(error.detail).map(([name, value]) => `${name} ${value}`);
  const message = [error.entry.cause, ...detail].join(', ');
  return { error: { code: error.code, message } };
}
