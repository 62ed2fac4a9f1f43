import { createHash } from 'node:crypto';
import { type Answer, type CardChannel, needTlv, refused, SW, writeTlv } from '../apdu/index.ts';
import { equalBytes, join, modPow } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { getData, type KeyExchange } from './key-exchange.ts';
import { CA_EXPONENT, TERMINAL_EXPONENT, TERMINAL_MODULUS } from './published-keys.ts';
import { checkedRsaKey, type RsaKey } from './rsa.ts';
import type { FillRandom } from './settings.ts';

/** The CA whose certificate the card wants to see. */
export interface ExternalAuthority {
  readonly key: RsaKey;
  /** CAR, 8 bytes. */
  readonly reference: Uint8Array;
  /** First six bytes of the CHA. */
  readonly application: Uint8Array;
}

const SERIAL = Uint8Array.of(0x20, 0, 0, 0, 0, 0, 0, 0x01);
const HOLDER = Uint8Array.of(0, 0, 0, 0, ...SERIAL);
const OID = Uint8Array.of(0x2a, 0x81, 0x22, 0xf4, 0x2a, 0x02, 0x04, 0x01, 0x04);
const PUBLIC_EXPONENT = Uint8Array.of(0, 0x01, 0, 0x01);
const HASH = 32;
/** 6A, hash, BC: what of a block is not message. */
const FRAME = HASH + 2;

const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'external-authority', why });
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Public key of CA key 84 and its names, in clear (cie-card.md 4.1). */
export async function readExternalAuthority(channel: CardChannel): Promise<ExternalAuthority> {
  const step = 'external-authority';
  const wanted = writeTlv(0x4d, writeTlv(0x70, writeTlv(0xbfa004, Uint8Array.of(0x7f, 0x49, 0x80))));
  const object = needTlv(await getData(channel, wanted, step), [0x70, 0xbfa004, 0x7f49], step);
  const key = checkedRsaKey(needTlv(object, [0x81], step), needTlv(object, [0x82], step), step);
  const holder = needTlv(object, [0x5f20], step);
  const authorisation = needTlv(object, [0x5f4c], step);
  // The published exponent is one of 2048 bits.
  if (key.modulus.length !== CA_EXPONENT.length) throw invalid('key-size');
  if (holder.length !== 12 || authorisation.length < 6) throw invalid('names');
  return { key, reference: holder.subarray(4, 12), application: authorisation.subarray(0, 6) };
}

async function must(step: string, sent: Promise<Answer>): Promise<Uint8Array> {
  const { sw, data } = await sent;
  if (sw !== SW.ok) throw refused(step, sw);
  return data;
}

/**
 * Both sides of section 4.4: the terminal shows the certificate and key everybody has, the card proves that it holds the key of EF 1004 and
 * that it saw the same exchange. The channel goes on with its new counter. Throws CARD_NOT_GENUINE when the card's
 * proof is wrong: before any PIN.
 */
export async function authenticateDevices(
  exchange: KeyExchange,
  authority: ExternalAuthority,
  deviceKey: RsaKey,
  fill: FillRandom,
): Promise<void> {
  const { channel, ours, theirs, group } = exchange;
  const { g, p, q } = group;
  const environment = (p1: number, p2: number, data: Uint8Array, le?: number) =>
    channel.send({ cla: 0, ins: 0x22, p1, p2, data, ...(le === undefined ? {} : { le }) });

  const { signature, rest } = terminalCertificate(authority);
  await must(
    'authority-key',
    environment(0x81, 0xb6, Uint8Array.of(0x80, 0x01, 0x41, 0x83, 0x01, 0x84), 0x100),
  );
  const certificate = writeTlv(
    0x7f21,
    writeTlv(0x5f37, signature),
    writeTlv(0x5f38, rest),
    writeTlv(0x42, authority.reference),
  );
  await must('terminal-certificate', channel.send({ cla: 0, ins: 0x2a, p1: 0, p2: 0xae, data: certificate }));
  await must('terminal-key', environment(0x81, 0xa4, writeTlv(0x83, HOLDER)));

  const theirRandom = await must('challenge', channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: 8 }));
  if (theirRandom.length !== 8) throw cardError('CARD_ANSWER_INVALID', { step: 'challenge', why: 'length' });
  const filling = new Uint8Array(TERMINAL_MODULUS.length - FRAME);
  fill(filling);
  const hash = sha256(filling, ours, SERIAL, theirRandom, theirs, g, p, q);
  const proof = modPow(
    join(Uint8Array.of(0x6a), filling, hash, Uint8Array.of(0xbc)),
    TERMINAL_EXPONENT,
    TERMINAL_MODULUS,
  );
  await must(
    'external-authentication',
    channel.send({ cla: 0, ins: 0x82, p1: 0, p2: 0, data: join(SERIAL, proof) }),
  );

  await must(
    'device-key-environment',
    environment(0x41, 0xa4, Uint8Array.of(0x84, 0x01, 0x82, 0x80, 0x01, 0x9b)),
  );
  const ourRandom = new Uint8Array(8);
  fill(ourRandom);
  const answer = await must(
    'internal-authentication',
    channel.send({ cla: 0, ins: 0x88, p1: 0, p2: 0, data: ourRandom }),
  );
  const size = deviceKey.modulus.length;
  if (answer.length !== 8 + size) {
    throw cardError('CARD_ANSWER_INVALID', { step: 'internal-authentication', why: 'length' });
  }
  const serial = answer.subarray(0, 8);
  const message = modPow(answer.subarray(8), deviceKey.exponent, deviceKey.modulus);
  const filled = message.subarray(1, size - HASH - 1);
  const expected = sha256(filled, theirs, serial, ourRandom, ours, g, p, q);
  if (
    message[0] !== 0x6a ||
    message[size - 1] !== 0xbc ||
    !equalBytes(message.subarray(size - HASH - 1, size - 1), expected)
  ) {
    throw cardError('CARD_NOT_GENUINE', { proof: 'device-authentication' });
  }
  channel.rekey({ ssc: join(theirRandom.subarray(4), ourRandom.subarray(4)) });
}

/** The certificate of the published terminal key, made on the spot with the published key of the CA. */
function terminalCertificate({ key, reference, application }: ExternalAuthority): {
  readonly signature: Uint8Array;
  readonly rest: Uint8Array;
} {
  const content = join(
    Uint8Array.of(0x8a),
    reference,
    HOLDER,
    application,
    Uint8Array.of(0x01),
    OID,
    TERMINAL_MODULUS,
    PUBLIC_EXPONENT,
  );
  const inside = key.modulus.length - FRAME;
  const message = join(
    Uint8Array.of(0x6a),
    content.subarray(0, inside),
    sha256(content),
    Uint8Array.of(0xbc),
  );
  const signature = modPow(message, CA_EXPONENT, key.modulus);
  // A card of another CA: better said here than by the card's refusal.
  if (!equalBytes(modPow(signature, key.exponent, key.modulus), message)) {
    throw invalid('published-key-does-not-fit');
  }
  return { signature, rest: content.subarray(inside) };
}
