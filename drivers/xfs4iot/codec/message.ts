/**
 * XFS4IoT's envelope (CEN CWA 17852; xfs4iot.md 2). Messages of version 1.0 carry timeout, completion code and the word of an
 * acknowledge in the payload, those of 2.0 and later in the header. Written as asked, read in either form.
 */

/** Everything a completion may say; 1.0 writes `authorizationRequired`, later ones `authorisationRequired`. */
export const COMPLETION_CODES = [
  ...['success', 'commandErrorCode', 'canceled', 'deviceNotReady', 'hardwareError', 'internalError'],
  ...['invalidCommand', 'invalidRequestID', 'timeOut', 'unsupportedCommand', 'invalidData', 'userError'],
  ...['unsupportedData', 'fraudAttempt', 'sequenceError', 'authorizationRequired', 'authorisationRequired'],
  ...['noCommandNonce', 'invalidToken', 'invalidTokenNonce', 'invalidTokenHMAC', 'invalidTokenFormat'],
  ...['invalidTokenKeyNoValue', 'notEnoughSpace'],
] as const;

const REFUSALS = ['invalidMessage', 'invalidRequestID', 'tooManyRequests'] as const;
export type Refusal = (typeof REFUSALS)[number];

export type Payload = Readonly<Record<string, unknown>>;

/** `x.0`: the version of one message, not of the specification. */
export type MessageVersion = string;

interface Named {
  /** `Interface.Message`. */
  readonly name: string;
  readonly version: MessageVersion;
}
interface Asked extends Named {
  /** Chosen by the client, ≥ 1, unique among its open requests. */
  readonly requestId: number;
}

export interface CommandMessage extends Asked {
  readonly type: 'command';
  /** ms; 0 = none. */
  readonly timeout: number;
  readonly payload: Payload;
}
export interface AcknowledgeMessage extends Asked {
  readonly type: 'acknowledge';
  /** Anything but `ok`: no completion follows. */
  readonly status: 'ok' | Refusal;
  readonly errorDescription?: string;
}
export interface EventMessage extends Asked {
  readonly type: 'event';
  readonly payload: Payload;
}
export interface CompletionMessage extends Asked {
  readonly type: 'completion';
  readonly completionCode: string;
  readonly errorDescription?: string;
  readonly payload: Payload;
}
export interface UnsolicitedMessage extends Named {
  readonly type: 'unsolicited';
  readonly payload: Payload;
}
export type XfsMessage =
  | CommandMessage
  | AcknowledgeMessage
  | EventMessage
  | CompletionMessage
  | UnsolicitedMessage;

/** A message of at most this many characters is read: an image of a page, not more. */
export const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** Whether timeout and completion code stand in the payload. */
export const isFirstVersion = (version: MessageVersion): boolean => version.startsWith('1.');

/** The JSON text of a message in the form of its version. */
export function writeMessage(message: XfsMessage): string {
  const { type, name, version } = message;
  const header: Record<string, unknown> =
    type === 'unsolicited' ? { type, name, version } : { type, name, requestId: message.requestId, version };
  const inPayload = isFirstVersion(version);
  const more: Record<string, unknown> = {};
  if (type === 'command' && (inPayload ? message.timeout > 0 : true)) more.timeout = message.timeout;
  if (type === 'acknowledge' && (inPayload || message.status !== 'ok')) more.status = message.status;
  if (type === 'completion') more.completionCode = message.completionCode;
  if ((type === 'acknowledge' || type === 'completion') && message.errorDescription !== undefined)
    more.errorDescription = message.errorDescription;
  const own = 'payload' in message ? message.payload : {};
  const payload = inPayload ? { ...more, ...own } : own;
  if (!inPayload) Object.assign(header, more);
  // a command or a 1.0 message always has a payload, if an empty one; later ones only where there is something to say
  const bare = Object.keys(payload).length === 0 && !inPayload;
  return JSON.stringify(bare ? { header } : { header, payload });
}

export type ReadMessage =
  | { readonly ok: true; readonly message: XfsMessage }
  /** `fault` names the place and the rule, never a value. */
  | { readonly ok: false; readonly fault: string };

const fault = (text: string): ReadMessage => ({ ok: false, fault: text });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one text frame. Never throws. */
export function readMessage(text: string): ReadMessage {
  if (text.length > LONGEST_MESSAGE) return fault('longer than 16 MiB');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fault('not JSON');
  }
  if (!isRecord(json) || !isRecord(json.header)) return fault('no header');
  const { header } = json;
  // absent and null are the same: nothing said (xfs4iot.md 2)
  const payload = json.payload ?? {};
  if (!isRecord(payload)) return fault('payload is no object');
  const { type, name, requestId } = header;
  if (typeof name !== 'string' || !/^[A-Za-z0-9]+\.[A-Za-z0-9]+$/.test(name)) return fault('header.name');
  // the earliest services left the version out: they speak 1.0
  const version = header.version ?? '1.0';
  if (typeof version !== 'string' || !/^[1-9]\d*\.(0|[1-9]\d*)$/.test(version))
    return fault('header.version');
  if (type === 'unsolicited') return { ok: true, message: { type, name, version, payload } };
  const refusing = type === 'acknowledge';
  if (typeof requestId !== 'number' || !Number.isInteger(requestId) || requestId < (refusing ? 0 : 1))
    return fault('header.requestId');
  const asked = { name, version, requestId };
  const take = (key: string): unknown => header[key] ?? (isFirstVersion(version) ? payload[key] : undefined);
  const description = take('errorDescription');
  const described = typeof description === 'string' ? { errorDescription: description } : {};
  switch (type) {
    case 'event':
      return { ok: true, message: { type, ...asked, payload } };
    case 'command': {
      const timeout = take('timeout') ?? 0;
      if (typeof timeout !== 'number' || !Number.isInteger(timeout) || timeout < 0) return fault('timeout');
      return {
        ok: true,
        message: { type, ...asked, timeout, payload: without(payload, version, ['timeout']) },
      };
    }
    case 'acknowledge': {
      const status = take('status') ?? 'ok';
      const known = (['ok', ...REFUSALS] as const).find((each) => each === status);
      if (!known) return fault('status');
      return { ok: true, message: { type, ...asked, status: known, ...described } };
    }
    case 'completion': {
      const code = take('completionCode');
      const completionCode = COMPLETION_CODES.find((each) => each === code);
      if (!completionCode) return fault('completionCode');
      const rest = without(payload, version, ['completionCode', 'errorDescription']);
      return { ok: true, message: { type, ...asked, completionCode, ...described, payload: rest } };
    }
    default:
      return fault('header.type');
  }
}

function without(payload: Payload, version: MessageVersion, keys: readonly string[]): Payload {
  if (!isFirstVersion(version)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !keys.includes(key)));
}
