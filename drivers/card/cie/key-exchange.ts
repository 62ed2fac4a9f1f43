import { secretBytes, wipe } from '@jolly/contracts/values';
import { type CardChannel, needTlv, refused, SW, writeTlv } from '../apdu/index.ts';
import { below, bitLength, iasKdf, modPow, significant } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { type SecureChannel, secureChannel } from '../secure-messaging/index.ts';
import type { CieSession } from './session.ts';
import type { FillRandom } from './settings.ts';

/** Exactly as the card gave them: they are hashed later. */
export interface Group {
  readonly g: Uint8Array;
  readonly p: Uint8Array;
  readonly q: Uint8Array;
}

/** The channel of a Diffie-Hellman exchange, and the values that device authentication binds. None of them is secret. */
export interface KeyExchange {
  readonly channel: SecureChannel;
  readonly group: Group;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'key-exchange', why });

/** GET DATA without Le (cie-card.md 4). */
export async function getData(channel: CardChannel, data: Uint8Array, step: string): Promise<Uint8Array> {
  const answer = await channel.send({ cla: 0, ins: 0xcb, p1: 0x3f, p2: 0xff, data });
  if (answer.sw !== SW.ok) throw refused(step, answer.sw);
  return answer.data;
}

async function parameter(channel: CardChannel, tag: number): Promise<Uint8Array> {
  const wanted = writeTlv(0x70, writeTlv(0xbfa101, writeTlv(0xa3, Uint8Array.of(tag, 0))));
  const answer = await getData(channel, writeTlv(0x4d, wanted), 'dh-parameters');
  return needTlv(answer, [0x70, 0xbfa101, 0xa3, tag], 'dh-parameters');
}

/**
 * g, p, q of the card. Its key signs them later, together with both public keys; here only what would make the mathematics meaningless or
 * slow is refused.
 */
export async function readGroup(channel: CardChannel): Promise<Group> {
  const g = await parameter(channel, 0x97);
  const p = await parameter(channel, 0x98);
  const q = await parameter(channel, 0x99);
  const bits = bitLength(p);
  const odd = ((p[p.length - 1] ?? 0) & 1) === 1;
  if (bits < 1024 || bits > 3072 || !odd || p.length > 385) throw invalid('prime');
  if (bitLength(q) < 160 || !below(q, p)) throw invalid('order');
  if (!inside(g, p)) throw invalid('generator');
  return { g, p, q };
}

/** 2 ≤ value ≤ p-2, p being odd. */
function inside(value: Uint8Array, p: Uint8Array): boolean {
  if (bitLength(value) < 2) return false;
  const last = Uint8Array.from(p);
  last[last.length - 1] = (last[last.length - 1] ?? 0) - 1;
  return below(value, last);
}

/** Uniform in [1, q-1]. */
function randomBelow(q: Uint8Array, fill: FillRandom): Uint8Array {
  const order = significant(q);
  const x = secretBytes(order.length);
  const mask = 0xff >> (order.length * 8 - bitLength(order));
  for (;;) {
    fill(x);
    x[0] = (x[0] ?? 0) & mask;
    if (bitLength(x) > 0 && below(x, order)) return x;
  }
}

/** Diffie-Hellman with the card (cie-card.md 4.2). From here every command goes through `channel`, whose owner wipes it. */
export async function exchangeKeys(
  session: CieSession,
  group: Group,
  fill: FillRandom,
): Promise<KeyExchange> {
  const { plain } = session;
  const { g, p, q } = group;
  const x = randomBelow(q, fill);
  let shared: Uint8Array | undefined;
  let encryption: Uint8Array | undefined;
  let mac: Uint8Array | undefined;
  try {
    const ours = modPow(g, x, p);
    const data = writeObjects(Uint8Array.of(0x80, 0x01, 0x9b, 0x83, 0x01, 0x81), writeTlv(0x91, ours));
    const taken = await plain.send({ cla: 0, ins: 0x22, p1: 0x41, p2: 0xa6, data });
    if (taken.sw !== SW.ok) throw refused('key-exchange', taken.sw);
    const wanted = writeTlv(0x4d, writeTlv(0xa6, Uint8Array.of(0x91, 0)));
    const answer = await getData(plain, wanted, 'key-exchange');
    const theirs = needTlv(answer, [0xa6, 0x91], 'key-exchange');
    if (!inside(theirs, p)) throw invalid('public-key');
    shared = modPow(theirs, x, p);
    encryption = iasKdf(shared, 1);
    mac = iasKdf(shared, 2);
    const keys = { cipher: '3DES' as const, encryption, mac, ssc: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1) };
    const channel = secureChannel(plain, keys, {
      block: session.securedBlock,
      extended: session.extended !== undefined,
    });
    return { channel, group, ours, theirs };
  } finally {
    wipe(x, shared, encryption, mac);
  }
}

function writeObjects(...objects: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(objects.flatMap((object) => [...object]));
}
