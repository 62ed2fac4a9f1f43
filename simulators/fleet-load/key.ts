import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface LoadKey {
  readonly privateKey: KeyObject;
  /** SPKI DER, base64url, as at enrolment. */
  readonly publicKey: string;
}

/**
 * The key of a made-up terminal, from a seed and its id: who enrols the crowd and the processes that are the crowd make the same ones without
 * telling each other. Worth nothing outside a load test: whoever knows the seed has every key.
 */
export function loadKey(seed: string, terminalId: string): LoadKey {
  const secret = createHash('sha256').update(`jolly-fleet-load\n${seed}\n${terminalId}`).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64url');
  return { privateKey, publicKey };
}

/** `L-00001`, `L-00002` …: ids of made-up terminals. */
export const loadTerminalId = (number: number): string => `L-${String(number).padStart(5, '0')}`;

/** Ids and public keys of the terminals with these numbers, both included: what a server has to know of them. */
export const madeUp = (seed: string, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => {
    const terminalId = loadTerminalId(first + at);
    return { terminalId, publicKey: loadKey(seed, terminalId).publicKey };
  });
