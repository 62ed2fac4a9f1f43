import { createHash, type KeyObject } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import type { ExternalKey } from '../ca/keys.ts';
import { type RsaPublic, rawPrivate, rawPublic } from '../rsa.ts';
import { concat, fromHex, readTlvs, sameBytes } from '../tlv.ts';
import type { DhGroup } from './groups.ts';
import type { Agreement } from './key-agreement.ts';

/** Who gave the terminal its certificate and what it may be (tags 5F20 and 5F4C of the CA key). */
export const CA_HOLDER = fromHex('00000000495453454350524f');
export const CA_AUTHORISATION = fromHex('a0000000003900');
/** The last 8 bytes of the holder reference: what a certificate names as its issuer. */
export const CA_REFERENCE = CA_HOLDER.slice(4, 12);

const TERMINAL_ROLE = concat(CA_AUTHORISATION.slice(0, 6), Uint8Array.of(1));
const ALGORITHM = fromHex('2a8122f42a02040104');
const CERTIFICATE_LENGTH = 297;

export interface TerminalCertificate {
  readonly holder: Uint8Array;
  readonly key: RsaPublic;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  Uint8Array.from(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );

/** 6A | recovered | 32-byte hash | BC, undefined when the frame is not that. */
function opened(block: Uint8Array | undefined): { message: Uint8Array; hash: Uint8Array } | undefined {
  if (block?.[0] !== 0x6a || block.at(-1) !== 0xbc) return undefined;
  return { message: block.slice(1, -33), hash: block.slice(-33, -1) };
}

/** Checks a terminal's certificate under the CA key (cie-card.md 4.4, steps 2 to 5): the certificate, or a status word. */
export function checkCertificate(data: Uint8Array, ca: ExternalKey): TerminalCertificate | number {
  const outer = readTlvs(data);
  const parts = outer?.length === 1 && outer[0]?.tag === 0x7f21 ? readTlvs(outer[0].value) : undefined;
  const [signature, rest, reference] = parts ?? [];
  if (parts?.length !== 3 || signature?.tag !== 0x5f37 || rest?.tag !== 0x5f38 || reference?.tag !== 0x42)
    return 0x6a80;
  if (!sameBytes(reference.value, CA_REFERENCE)) return 0x6a88;
  const frame = opened(rawPublic(ca, signature.value));
  if (!frame) return 0x6300;
  const whole = concat(frame.message, rest.value);
  if (whole.length !== CERTIFICATE_LENGTH || !sameBytes(sha256(whole), frame.hash)) return 0x6300;
  let at = 0;
  const next = (length: number) => {
    at += length;
    return whole.slice(at - length, at);
  };
  const profile = next(1)[0];
  const issuer = next(8);
  const holder = next(12);
  const role = next(7);
  const algorithm = next(9);
  const modulus = next(256);
  const exponent = next(4);
  const right =
    profile === 0x8a &&
    sameBytes(issuer, CA_REFERENCE) &&
    sameBytes(role, TERMINAL_ROLE) &&
    sameBytes(algorithm, ALGORITHM);
  return right ? { holder, key: { modulus, exponent } } : 0x6a80;
}

/** EXTERNAL AUTHENTICATE (step 8): does the terminal own the key of its certificate? */
export function terminalProves(
  data: Uint8Array,
  terminal: TerminalCertificate,
  challenge: Uint8Array,
  agreement: Agreement,
  { g, p, q }: DhGroup,
): boolean {
  const serial = data.slice(0, 8);
  if (data.length !== 8 + 256 || !sameBytes(serial, terminal.holder.slice(4))) return false;
  const frame = opened(rawPublic(terminal.key, data.slice(8)));
  if (!frame) return false;
  const { terminal: theirs, card: ours } = agreement;
  return sameBytes(frame.hash, sha256(frame.message, theirs, serial, challenge, ours, g, p, q));
}

/** INTERNAL AUTHENTICATE with key 82 (step 10): SN_ICC | S2. */
export function cardProves(
  challenge: Uint8Array,
  serial: Uint8Array,
  key: KeyObject,
  agreement: Agreement,
  { g, p, q }: DhGroup,
  random: RandomBytes,
): Uint8Array | undefined {
  const filler = random(222);
  const { terminal: theirs, card: ours } = agreement;
  const hash = sha256(filler, ours, serial, challenge, theirs, g, p, q);
  const signature = rawPrivate(key, concat(Uint8Array.of(0x6a), filler, hash, Uint8Array.of(0xbc)));
  return signature && concat(serial, signature);
}
