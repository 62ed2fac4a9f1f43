import type { KeyObject } from 'node:crypto';
import type { SodHash, SodOptions } from '../applet.ts';
import { concat, readTlvs, tlv } from '../tlv.ts';
import { type Name, nameDer } from './certificate.ts';
import { explicit, integer, octets, oid, printable, sequence, setOf, signedByte } from './der.ts';
import { digest, hashAlgorithm, signature, signatureAlgorithm } from './signing.ts';

export interface DocumentSigner {
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
  readonly issuer: Name;
  readonly serial: Uint8Array;
}

const LDS_SECURITY_OBJECT = '2.23.136.1.1.1';

/**
 * A SOD as cards carry it (cie-card.md 7.4): tag 77 around CMS SignedData. The numbers of the files are one-byte INTEGERs,
 * so negative from 80 on, and follow each other in the order of `files`.
 */
export function signedSod(
  files: ReadonlyMap<number, Uint8Array>,
  hash: SodHash,
  signer: DocumentSigner,
  options: SodOptions = {},
): Uint8Array {
  const padding = options.signature ?? 'pss';
  const version = options.version ?? 1;
  const hashId = hashAlgorithm(hash, padding === 'pkcs1');
  const content = sequence(
    integer(version),
    hashId,
    sequence(...[...files].map(([number, file]) => sequence(signedByte(number), octets(digest(hash, file))))),
    ...(version === 1 ? [sequence(printable('0108'), printable('040000'))] : []),
  );
  const attributes = setOf(
    sequence(oid('1.2.840.113549.1.9.3'), setOf(oid(LDS_SECURITY_OBJECT))),
    sequence(oid('1.2.840.113549.1.9.4'), setOf(octets(digest(hash, content)))),
  );
  const scheme = { padding, hash } as const;
  const signerInfo = sequence(
    integer(1),
    sequence(nameDer(signer.issuer), integer(signer.serial)),
    hashId,
    explicit(0, readTlvs(attributes)?.[0]?.value ?? attributes),
    signatureAlgorithm(scheme),
    octets(signature(attributes, signer.key, scheme)),
  );
  const signedData = sequence(
    integer(3),
    setOf(hashId),
    sequence(oid(LDS_SECURITY_OBJECT), explicit(0, octets(content))),
    explicit(0, signer.certificate),
    setOf(signerInfo),
  );
  return tlv(0x77, sequence(oid('1.2.840.113549.1.7.2'), explicit(0, signedData)));
}

/** The same with the last bit of the signature, which ends the file, turned over. */
export function spoiled(sod: Uint8Array): Uint8Array {
  const last = sod[sod.length - 1] ?? 0;
  return concat(sod.subarray(0, sod.length - 1), Uint8Array.of(last ^ 1));
}
