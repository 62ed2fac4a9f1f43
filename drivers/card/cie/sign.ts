import { createHash, verify, X509Certificate } from 'node:crypto';
import { type LoginContext, loginText, SHA256_DIGEST_INFO } from '@jolly/contracts/citizen-login';
import type { SecurityObject } from '@jolly/contracts/passive-authentication';
import { wipe } from '@jolly/contracts/values';
import { readFile, refused, SW } from '../apdu/index.ts';
import { join } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import type { SecureChannel } from '../secure-messaging/index.ts';
import { mustMatch } from './public-files.ts';
import type { CieSession } from './session.ts';

const LONGEST_CERTIFICATE = 0x2000;
/** Algorithm 02 with key 81: the card pads PKCS#1 v1.5 around the DigestInfo. */
const SIGN_ENVIRONMENT = Uint8Array.of(0x80, 0x01, 0x02, 0x84, 0x01, 0x81);

/** EF 1003, bound to the SOD. Personal: the caller wipes it. */
export async function readCertificate(
  channel: SecureChannel,
  session: CieSession,
  sod: SecurityObject,
): Promise<Uint8Array> {
  const certificate = await readFile(channel, {
    step: 'certificate',
    fid: 0x1003,
    sfi: 3,
    chunk: session.securedChunk,
    length: 'der',
    limit: LONGEST_CERTIFICATE,
    personal: true,
  });
  mustMatch(sod, 'certificate', certificate);
  return certificate;
}

/** EF 1002, the document number, bound to the SOD and not kept: nobody asks for it. */
export async function checkSerial(channel: SecureChannel, sod: SecurityObject): Promise<void> {
  const file = { step: 'serial', fid: 0x1002, sfi: 2, chunk: 9, length: 9, personal: true };
  const serial = await readFile(channel, file);
  try {
    mustMatch(sod, 'serial', serial);
  } finally {
    wipe(serial);
  }
}

/**
 * Signature of key 81 over the login's own text, checked with the certificate before anyone uses it (cie-card.md 6). Nothing but that text
 * is ever signed: the key serves TLS logins elsewhere. Throws CARD_NOT_GENUINE `signature`.
 */
export async function signLogin(
  channel: SecureChannel,
  certificate: Uint8Array,
  context: LoginContext,
): Promise<Uint8Array> {
  const text = new TextEncoder().encode(loginText(context));
  const digest = createHash('sha256').update(text).digest();
  const environment = await channel.send({ cla: 0, ins: 0x22, p1: 0x41, p2: 0xa4, data: SIGN_ENVIRONMENT });
  if (environment.sw !== SW.ok) throw refused('sign-environment', environment.sw);
  const data = join(SHA256_DIGEST_INFO, digest);
  const answer = await channel.send({ cla: 0, ins: 0x88, p1: 0, p2: 0, data });
  if (answer.sw !== SW.ok) throw refused('sign', answer.sw);
  if (!holds(certificate, text, answer.data)) throw cardError('CARD_NOT_GENUINE', { proof: 'signature' });
  return answer.data;
}

function holds(certificate: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  try {
    const { publicKey } = new X509Certificate(certificate);
    return publicKey.asymmetricKeyType === 'rsa' && verify('sha256', text, publicKey, signature);
  } catch (cause) {
    throw cardError('CARD_ANSWER_INVALID', { step: 'certificate', why: 'form' }, { cause });
  }
}
