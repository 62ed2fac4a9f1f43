import { wipe } from '@jolly/contracts/values';
import { readTlv, refused, SW, writeTlv } from '../apdu/index.ts';
import type { FillRandom, SessionCipher } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import type { SecureChannel } from '../secure-messaging/index.ts';
import { publicKeyOf } from './data-groups-codec.ts';
import { curveGroup, integerGroup, type KeyGroup } from './key-agreement.ts';
import type { SecurityInfo } from './security-info-codec.ts';
import { sessionKeys, wipeKeys } from './session-keys.ts';

export interface ChipAuthentication {
  readonly cipher: SessionCipher;
  /** Undefined: 3DES by MSE:Set KAT alone. */
  readonly oid: Uint8Array | undefined;
  readonly keyId: Uint8Array | undefined;
  readonly group: KeyGroup;
  /** The chip's static key. */
  readonly publicKey: Uint8Array;
}

const same = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one === other || (!!one && !!other && Buffer.compare(one, other) === 0);

/** What DG14 offers, AES before 3DES; undefined for none. A key without any info is the oldest form: 3DES (9303-11 6.2). */
export function chooseChipAuthentication(infos: readonly SecurityInfo[]): ChipAuthentication | undefined {
  const keys = infos.filter((info) => info.kind === 'chip-key');
  const offers = infos.filter((info) => info.kind === 'chip-authentication');
  const ranked = [...offers].sort(
    (one, other) => Number(one.cipher === '3DES') - Number(other.cipher === '3DES'),
  );
  const [lone] = keys;
  const pairs = ranked.flatMap((offer) => {
    const key = keys.find(
      ({ agreement, keyId }) => agreement === offer.agreement && same(keyId, offer.keyId),
    );
    return key ? [{ key, cipher: offer.cipher, oid: offer.cipher === '3DES' ? undefined : offer.oid }] : [];
  });
  if (offers.length === 0 && lone) pairs.push({ key: lone, cipher: '3DES', oid: undefined });
  const [best] = pairs;
  if (!best) return undefined;
  const publicKey = publicKeyOf(best.key.key.bytes, 'dg14');
  if (publicKey.type === 'rsa' || (publicKey.type === 'ec') !== (best.key.agreement === 'ecdh')) {
    throw cardError('CARD_ANSWER_INVALID', { step: 'dg14', why: 'public-key' });
  }
  const { cipher, oid, key } = best;
  return publicKey.type === 'ec'
    ? { cipher, oid, keyId: key.keyId, group: curveGroup(publicKey.curve), publicKey: publicKey.point }
    : { cipher, oid, keyId: key.keyId, group: integerGroup(publicKey.group), publicKey: publicKey.y };
}

/**
 * Chip authentication (9303-11 6.2): a new channel with the chip's static key, which passive authentication has checked before.
 * The proof is the chip's next answer: only who has the private key can protect it.
 */
export async function authenticateChip(
  channel: SecureChannel,
  offer: ChipAuthentication,
  fill: FillRandom,
): Promise<void> {
  const step = 'chip-authentication';
  const { oid, keyId, group } = offer;
  const own = group.generate(fill);
  let shared: Uint8Array | undefined;
  try {
    shared = group.agree(own, offer.publicKey);
    const reference = keyId ? [writeTlv(0x84, keyId)] : [];
    const set = async (p2: number, first: Uint8Array): Promise<void> => {
      const data = Uint8Array.from([first, ...reference].flatMap((object) => [...object]));
      const { sw } = await channel.send({ cla: 0, ins: 0x22, p1: 0x41, p2, data });
      if (sw !== SW.ok) throw refused(step, sw);
    };
    if (oid) {
      await set(0xa4, writeTlv(0x80, oid));
      const data = writeTlv(0x7c, writeTlv(0x80, own.publicKey));
      const answer = await channel.send({ cla: 0, ins: 0x86, p1: 0, p2: 0, data, le: 256 });
      if (answer.sw !== SW.ok) throw refused(step, answer.sw);
      const [template, more] = readTlv(answer.data, step);
      if (template?.tag !== 0x7c || more) throw cardError('CARD_ANSWER_INVALID', { step, why: 'template' });
    } else {
      await set(0xa6, writeTlv(0x91, own.publicKey));
    }
    const keys = sessionKeys(offer.cipher, shared);
    channel.rekey(keys);
    wipeKeys(keys);
  } finally {
    wipe(own.secret, shared);
  }
}
