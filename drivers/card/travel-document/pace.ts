import { wipe } from '@jolly/contracts/values';
import { type CardChannel, readTlv, refused, SW, triesLeft, writeTlv } from '../apdu/index.ts';
import {
  aesCmac,
  decryptAesCbc,
  decryptTripleDes,
  equalBytes,
  type FillRandom,
  KDF_COUNTER,
  kdf,
  pad,
  retailMac,
  type SessionCipher,
} from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import type { SessionKeys } from '../secure-messaging/index.ts';
import { curveById } from './curves.ts';
import { curveGroup, integerGroup, type KeyGroup, type KeyPair } from './key-agreement.ts';
import { modpGroupById } from './modp-groups.ts';
import type { PaceInfo, SecurityInfo } from './security-info-codec.ts';
import { sessionKeys, wipeKeys } from './session-keys.ts';

/**
 * `key` gives the K of the key derivation: the CAN's ASCII digits, or SHA-1 of the MRZ information. It is asked when it is needed and
 * throws when its owner has wiped it meanwhile; the owner wipes what it gives.
 */
export interface PacePassword {
  readonly kind: 'can' | 'mrz';
  key(): Uint8Array;
}
const REFERENCE = { mrz: 0x01, can: 0x02 } as const;

/** Answers to the last step that mean a wrong password, beside 63Cx (cie-card.md 7.1). */
const WRONG_PASSWORD: ReadonlySet<number> = new Set([0x6300, 0x6982, 0x6a80]);
/** What a card says that wants the parameter id all the same. */
const WANTS_PARAMETER: ReadonlySet<number> = new Set([0x6a80, 0x6a86, 0x6a88, 0x6b00]);
const NONCE_LENGTH = 16;

export interface PaceChoice {
  readonly info: PaceInfo;
  readonly group: KeyGroup;
  readonly parameterId: number;
  /** The chip lists several parameter sets: it must be told which. */
  readonly ambiguous: boolean;
}

function usable(info: PaceInfo): { readonly group: KeyGroup; readonly parameterId: number } | undefined {
  const { parameterId } = info;
  if (info.version !== 2 || info.mapping !== 'generic' || parameterId === undefined) return undefined;
  if (info.agreement === 'ecdh') {
    const curve = curveById(parameterId);
    return curve && { group: curveGroup(curve), parameterId };
  }
  const group = modpGroupById(parameterId);
  return group && { group: integerGroup(group), parameterId };
}

/**
 * The best PACE the chip offers and Jolly speaks: elliptic curves before integers, AES before 3DES, then the chip's own order.
 * Undefined when there is none (then BAC is left).
 */
export function choosePace(infos: readonly SecurityInfo[]): PaceChoice | undefined {
  const offers = infos.filter((info) => info.kind === 'pace');
  const ambiguous = new Set(offers.map((offer) => offer.parameterId)).size > 1;
  const rank = (info: PaceInfo) => (info.agreement === 'dh' ? 2 : 0) + (info.cipher === '3DES' ? 1 : 0);
  let best: PaceChoice | undefined;
  for (const info of offers) {
    const ready = usable(info);
    if (ready && (!best || rank(info) < rank(best.info))) best = { info, ...ready, ambiguous };
  }
  return best;
}

/** MAC with which either side proves that it has the keys, over the other side's public key (9303-11 4.4.3.4). */
export function authenticationToken(
  keys: Pick<SessionKeys, 'cipher' | 'mac'>,
  info: { readonly oid: Uint8Array; readonly agreement: 'dh' | 'ecdh' },
  publicKey: Uint8Array,
): Uint8Array {
  const tag = info.agreement === 'ecdh' ? 0x86 : 0x84;
  const input = writeTlv(0x7f49, writeTlv(0x06, info.oid), writeTlv(tag, publicKey));
  if (keys.cipher === '3DES') return retailMac(keys.mac, pad(input, 8));
  return aesCmac(keys.mac, input).subarray(0, 8);
}

const bad = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'pace', why });

async function choosePassword(
  channel: CardChannel,
  choice: PaceChoice,
  password: PacePassword,
): Promise<void> {
  const set = (withParameter: boolean) =>
    channel.send({
      cla: 0x00,
      ins: 0x22,
      p1: 0xc1,
      p2: 0xa4,
      data: Uint8Array.of(
        ...writeTlv(0x80, choice.info.oid),
        ...writeTlv(0x83, Uint8Array.of(REFERENCE[password.kind])),
        ...(withParameter ? writeTlv(0x84, Uint8Array.of(choice.parameterId)) : []),
      ),
    });
  let { sw } = await set(choice.ambiguous);
  if (!choice.ambiguous && WANTS_PARAMETER.has(sw)) ({ sw } = await set(true));
  // 63Cx warns that few tries are left, and the CAN has none to lose
  if (sw !== SW.ok && triesLeft(sw) === undefined) throw refused('pace-select', sw);
}

/** The objects inside the 7C of one GENERAL AUTHENTICATE. Chained by the class byte on all but the last. */
async function generalAuthenticate(
  channel: CardChannel,
  round: {
    readonly name: string;
    readonly last: boolean;
    readonly data?: Uint8Array;
    readonly answer: number;
  },
  password: PacePassword['kind'],
): Promise<Uint8Array> {
  const { name, last, data = new Uint8Array(0), answer: expected } = round;
  const command = { cla: last ? 0x00 : 0x10, ins: 0x86, p1: 0, p2: 0, data: writeTlv(0x7c, data), le: 256 };
  const { sw, data: answer } = await channel.send(command);
  if (last && (WRONG_PASSWORD.has(sw) || triesLeft(sw) !== undefined)) {
    throw cardError('CAN_WRONG', { password });
  }
  if (sw !== SW.ok) throw refused(name, sw);
  const [template, more] = readTlv(answer, name);
  if (template?.tag !== 0x7c || more) throw bad('template');
  const [object, ...others] = readTlv(template.value, name);
  if (object?.tag !== expected) throw bad('object');
  // the last answer may name certificates of terminal authentication (87, 88), which nobody here uses
  if (others.length > 0 && !(last && others.every(({ tag }) => tag === 0x87 || tag === 0x88))) {
    throw bad('objects');
  }
  return object.value;
}

function decryptNonce(cipher: SessionCipher, key: Uint8Array, encrypted: Uint8Array): Uint8Array {
  if (encrypted.length !== NONCE_LENGTH) throw bad('nonce');
  return cipher === '3DES' ? decryptTripleDes(key, encrypted) : decryptAesCbc(key, encrypted);
}

/**
 * PACE with generic mapping (9303-11 4.4) on a fresh card whose MF is selected. One attempt: a wrong password is CAN_WRONG
 * and asked for anew by whoever called, never tried again here. Gives the keys of the secure channel.
 */
export async function runPace(
  channel: CardChannel,
  choice: PaceChoice,
  password: PacePassword,
  fill: FillRandom,
): Promise<SessionKeys> {
  const { info, group } = choice;
  await choosePassword(channel, choice, password);
  const round = (name: string, answer: number, data?: Uint8Array) =>
    generalAuthenticate(
      channel,
      { name: `pace-${name}`, last: name === 'token', answer, ...(data && { data }) },
      password.kind,
    );
  const encrypted = await round('nonce', 0x80);
  let passwordKey: Uint8Array | undefined;
  let nonce: Uint8Array | undefined;
  let mapping: KeyPair | undefined;
  let own: KeyPair | undefined;
  let shared: Uint8Array | undefined;
  let keys: SessionKeys | undefined;
  let done = false;
  try {
    passwordKey = kdf(password.key(), KDF_COUNTER.password, info.cipher);
    nonce = decryptNonce(info.cipher, passwordKey, encrypted);
    mapping = group.generate(fill);
    const mapped = group.map(nonce, mapping, await round('map', 0x82, writeTlv(0x81, mapping.publicKey)));
    own = mapped.generate(fill);
    const other = await round('agree', 0x84, writeTlv(0x83, own.publicKey));
    shared = mapped.agree(own, other);
    keys = sessionKeys(info.cipher, shared);
    const token = await round('token', 0x86, writeTlv(0x85, authenticationToken(keys, info, other)));
    if (!equalBytes(token, authenticationToken(keys, info, own.publicKey))) throw bad('token');
    done = true;
    return keys;
  } finally {
    wipe(passwordKey, nonce, mapping?.secret, own?.secret, shared);
    if (!done) wipeKeys(keys);
  }
}
