/** A command APDU as the card takes it apart (ISO 7816-4, the seven cases). */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Bytes wanted, 256 or 65536 for an all-zero Le; undefined without Le. */
  readonly le?: number;
  /** Three-byte Lc or Le: then the answer may be long too. */
  readonly extended: boolean;
}

/** Bit of CLA that says more of the command follows. */
export const CHAINED = 0x10;
/** Bits of CLA of secure messaging with a MACed header. */
export const PROTECTED = 0x0c;

const none = new Uint8Array(0);

/** Undefined when the lengths do not add up. */
export function readCommand(apdu: Uint8Array): Command | undefined {
  if (apdu.length < 4) return undefined;
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, first = 0] = apdu;
  const head = { cla, ins, p1, p2 };
  const body = apdu.length - 4;
  if (body === 0) return { ...head, data: none, extended: false };
  if (body === 1) return { ...head, data: none, le: first || 0x100, extended: false };
  const word = (at: number) => ((apdu[at] ?? 0) << 8) | (apdu[at + 1] ?? 0);
  if (first !== 0) {
    const data = apdu.subarray(5, 5 + first);
    if (body === 1 + first) return { ...head, data, extended: false };
    if (body === 2 + first) return { ...head, data, le: apdu[5 + first] || 0x100, extended: false };
    return undefined;
  }
  if (body < 3) return undefined;
  const length = word(5);
  if (body === 3) return { ...head, data: none, le: length || 0x10000, extended: true };
  if (length === 0) return undefined;
  const data = apdu.subarray(7, 7 + length);
  if (body === 3 + length) return { ...head, data, extended: true };
  if (body === 5 + length) return { ...head, data, le: word(7 + length) || 0x10000, extended: true };
  return undefined;
}

/** The status words this application gives. */
export const SW = {
  ok: 0x9000,
  endOfFile: 0x6282,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  lastOfChainExpected: 0x6883,
  securityStatus: 0x6982,
  conditions: 0x6985,
  noCurrentFile: 0x6986,
  secureMessagingMissing: 0x6987,
  secureMessagingWrong: 0x6988,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  wrongIns: 0x6d00,
} as const;

/** What a command is answered, before it goes to the wire. */
export interface Answer {
  readonly data: Uint8Array;
  readonly sw: number;
}

export const answer = (sw: number, data: Uint8Array = none): Answer => ({ sw, data });

export function bytesOf({ data, sw }: Answer): Uint8Array {
  const bytes = new Uint8Array(data.length + 2);
  bytes.set(data);
  bytes[data.length] = sw >> 8;
  bytes[data.length + 1] = sw & 0xff;
  return bytes;
}
