import { createHash, verify, X509Certificate } from 'node:crypto';
import { type LoginContext, loginText, SHA256_DIGEST_INFO } from '@jolly/contracts/citizen-login';
import { isJollyError, type SecretDigits, secretBytes, wipe } from '@jolly/contracts/values';
import { goOn } from '../abort.ts';
import { type Answer, type CardChannel, refused, SW, triesLeft } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import type { ActOptions, CardProof } from '../port.ts';
import { mustFit } from '../secret-length.ts';
import { CNS_FILES, readCertificate, selectPath } from './files.ts';

/** Bytes of a PIN as the card takes it, filled up with FF. */
const PIN_BLOCK = 8;
/** Key of C.Carta. */
const CARD_KEY = 0x01;
const STEPS = 3;

export interface CnsOptions extends ActOptions {
  /** 10; some STIncard cards want 90 (bit 8 set). Never tried one after the other: that could spend two tries. */
  readonly pinReference?: number;
}

type CnsProof = Extract<CardProof, { readonly kind: 'cns-pin' }>;

/**
 * Certificate, PIN, signature over the login text with SHA-256 (PKCS#1 v1.5, padded here: the card does raw RSA). The
 * signature is checked with the certificate before it is given out. Throws SECRET_MALFORMED before the card is spoken to;
 * PIN_WRONG, PIN_BLOCKED, PIN_UNCERTAIN; CARD_REFUSED, CARD_ANSWER_INVALID, CARD_NOT_GENUINE. The PIN stays the caller's.
 */
export async function signInWithCns(
  channel: CardChannel,
  pin: SecretDigits,
  context: LoginContext,
  options: CnsOptions = {},
): Promise<CnsProof> {
  mustFit('cns-pin', pin);
  // Before the PIN: a card whose certificate is of no use costs no try.
  options.onStep?.('certificate', 0, STEPS);
  const certificate = await readCertificate(channel);
  const key = signingKey(certificate);
  options.onStep?.('secret', 1, STEPS);
  await selectPath(channel, 'cns-master', CNS_FILES.master);
  await verifyPin(channel, pin, options);
  options.onStep?.('signature', 2, STEPS);
  const text = Buffer.from(loginText(context), 'utf8');
  const signature = await sign(channel, paddedDigest(text, key.length));
  if (signature.length !== key.length || !verify('sha256', text, key.publicKey, signature)) {
    throw cardError('CARD_NOT_GENUINE', { proof: 'signature' });
  }
  options.onStep?.('signature', STEPS, STEPS);
  return { kind: 'cns-pin', certificate, signature };
}

/** RSA 1024 (version 1.0) or 2048 (1.1), nothing else. */
function signingKey(certificate: Uint8Array) {
  const invalid = (why: string) => cardError('CARD_ANSWER_INVALID', { step: 'cns-certificate', why });
  let publicKey: X509Certificate['publicKey'];
  try {
    ({ publicKey } = new X509Certificate(certificate));
  } catch {
    throw invalid('no-certificate');
  }
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  if (publicKey.asymmetricKeyType !== 'rsa' || (bits !== 1024 && bits !== 2048)) throw invalid('key');
  return { publicKey, length: bits / 8 };
}

/** Sent once, whatever happens; the block with the PIN lives for this one command. */
async function verifyPin(
  channel: CardChannel,
  pin: SecretDigits,
  { pinReference: reference = 0x10, signal }: CnsOptions,
): Promise<void> {
  // From here to the card nothing waits: what holds now holds for what is sent.
  goOn(signal);
  mustFit('cns-pin', pin);
  const block = secretBytes(PIN_BLOCK).fill(0xff);
  block.set(pin.ascii());
  let answer: Answer;
  try {
    answer = await channel.send({ cla: 0x00, ins: 0x20, p1: 0x00, p2: reference, data: block });
  } catch (error) {
    // The card may have counted it.
    throw isJollyError(error) ? cardError('PIN_UNCERTAIN', { why: error.code }) : error;
  } finally {
    wipe(block);
  }
  const { sw } = answer;
  if (sw === SW.ok) return;
  const left = triesLeft(sw);
  if (sw === SW.blocked || left === 0) throw cardError('PIN_BLOCKED');
  if (left !== undefined) throw cardError('PIN_WRONG', { triesLeft: left });
  if (sw === SW.verificationFailed) throw cardError('PIN_WRONG');
  throw refused('cns-pin', sw);
}

/** 00 01 FF … 00 DigestInfo, as long as the modulus. */
function paddedDigest(text: Uint8Array, length: number): Uint8Array {
  const digest = createHash('sha256').update(text).digest();
  const block = new Uint8Array(length).fill(0xff);
  block[0] = 0x00;
  block[1] = 0x01;
  const at = length - SHA256_DIGEST_INFO.length - digest.length;
  block[at - 1] = 0x00;
  block.set(SHA256_DIGEST_INFO, at);
  block.set(digest, at + SHA256_DIGEST_INFO.length);
  return block;
}

async function sign(channel: CardChannel, block: Uint8Array): Promise<Uint8Array> {
  // Restore of the security environment is `00 22 F3 03 00`: the last byte is all there is behind the header.
  const restored = await channel.send({ cla: 0x00, ins: 0x22, p1: 0xf3, p2: 0x03, le: 256 });
  if (restored.sw !== SW.ok) throw refused('cns-environment', restored.sw);
  const key = Uint8Array.of(0x83, 0x01, CARD_KEY);
  const set = await channel.send({ cla: 0x00, ins: 0x22, p1: 0xf1, p2: 0xb6, data: key });
  if (set.sw !== SW.ok) throw refused('cns-key', set.sw);
  const signed = await channel.send({ cla: 0x00, ins: 0x2a, p1: 0x9e, p2: 0x9a, data: block, le: 256 });
  if (signed.sw !== SW.ok) throw refused('cns-signature', signed.sw);
  return signed.data;
}
