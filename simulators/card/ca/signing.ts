import { constants, createHash, type KeyObject, sign } from 'node:crypto';
import type { SodHash } from '../applet.ts';
import { explicit, integer, nothing, oid, sequence } from './der.ts';

const HASH_OID: Record<SodHash, string> = {
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const HASH_BYTES: Record<SodHash, number> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };
const RSA_OID: Record<SodHash, string> = {
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

export const digest = (hash: SodHash, data: Uint8Array) =>
  Uint8Array.from(createHash(hash).update(data).digest());

/** AlgorithmIdentifier of a hash. Signers differ in the NULL: both forms are met on real cards. */
export const hashAlgorithm = (hash: SodHash, withNull: boolean) =>
  withNull ? sequence(oid(HASH_OID[hash]), nothing()) : sequence(oid(HASH_OID[hash]));

export interface Scheme {
  readonly padding: 'pss' | 'pkcs1';
  readonly hash: SodHash;
}

export function signatureAlgorithm({ padding, hash }: Scheme): Uint8Array {
  if (padding === 'pkcs1') return sequence(oid(RSA_OID[hash]), nothing());
  return sequence(
    oid('1.2.840.113549.1.1.10'),
    sequence(
      explicit(0, hashAlgorithm(hash, true)),
      explicit(1, sequence(oid('1.2.840.113549.1.1.8'), hashAlgorithm(hash, true))),
      explicit(2, integer(HASH_BYTES[hash])),
    ),
  );
}

export function signature(data: Uint8Array, key: KeyObject, { padding, hash }: Scheme): Uint8Array {
  const made =
    padding === 'pkcs1'
      ? sign(hash, data, key)
      : sign(hash, data, {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: HASH_BYTES[hash],
        });
  return Uint8Array.from(made);
}
