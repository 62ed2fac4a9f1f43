import { concat, numberBytes } from './tlv.ts';

/** A command as a card sees it. `le`: bytes wanted, 256 (65536 extended) for "all"; undefined when not asked. */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly le: number | undefined;
  readonly extended: boolean;
}

/** Undefined when the bytes are no APDU (ISO 7816-3, cases 1 to 4). */
export function readApdu(raw: Uint8Array): CommandApdu | undefined {
  const [cla, ins, p1, p2] = raw;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const head = { cla, ins, p1, p2 };
  const none = new Uint8Array(0);
  const body = raw.subarray(4);
  const first = body[0];
  if (first === undefined) return { ...head, data: none, le: undefined, extended: false };
  if (body.length === 1) return { ...head, data: none, le: first === 0 ? 256 : first, extended: false };
  if (first !== 0) {
    const rest = body.subarray(1);
    if (rest.length === first) return { ...head, data: rest.slice(), le: undefined, extended: false };
    if (rest.length !== first + 1) return undefined;
    const le = rest[first] ?? 0;
    return { ...head, data: rest.slice(0, first), le: le === 0 ? 256 : le, extended: false };
  }
  if (body.length < 3) return undefined;
  const long = (body[1] ?? 0) * 256 + (body[2] ?? 0);
  if (body.length === 3) return { ...head, data: none, le: long === 0 ? 65_536 : long, extended: true };
  const rest = body.subarray(3);
  if (long === 0) return undefined;
  if (rest.length === long) return { ...head, data: rest.slice(), le: undefined, extended: true };
  if (rest.length !== long + 2) return undefined;
  const le = (rest[long] ?? 0) * 256 + (rest[long + 1] ?? 0);
  return { ...head, data: rest.slice(0, long), le: le === 0 ? 65_536 : le, extended: true };
}

/** What an application answers, before it is put on the wire. */
export interface AnswerApdu {
  readonly data: Uint8Array;
  readonly sw: number;
}

export const status = (sw: number): AnswerApdu => ({ data: new Uint8Array(0), sw });
export const done = (data: Uint8Array): AnswerApdu => ({ data, sw: 0x9000 });
export const wire = ({ data, sw }: AnswerApdu): Uint8Array => concat(data, numberBytes(sw, 2));
