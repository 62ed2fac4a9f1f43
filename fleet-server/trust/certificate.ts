import { createPublicKey, type KeyObject } from 'node:crypto';
import { type DerNode, derChildren, derInteger, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import { derAt, derBits, derOnly, derTime } from './der-values.ts';
import { trustError } from './errors.ts';
import {
  EXTENSION,
  type Extension,
  type KeyUse,
  readBasicConstraints,
  readDistributionPoints,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  readOcspUrls,
  refuseUnknownCritical,
} from './extensions.ts';
import { readSigned, type Signed } from './signed.ts';

/** An X.509 certificate, read strictly (RFC 5280) and not yet believed. Instants are epoch ms. */
export interface Certificate {
  readonly der: Uint8Array;
  /** Content of the INTEGER. */
  readonly serial: Uint8Array;
  /** Names as DER: they are compared byte by byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  /** The bits of the key alone: what OCSP hashes. */
  readonly keyBits: Uint8Array;
  readonly signed: Signed;
  /** Undefined: not a CA. */
  readonly ca: { readonly pathLength: number | undefined } | undefined;
  /** Undefined: the certificate does not limit it. */
  readonly keyUsage: ReadonlySet<KeyUse> | undefined;
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly crlUrls: readonly string[];
  /** Names of its distribution points, literally (`distributionNames`). */
  readonly crlNames: readonly string[];
  readonly ocspUrls: readonly string[];
}

const HANDLED = [
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.crlDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.extendedKeyUsage,
];
const MAX_BYTES = 8_192;

/** Reads one certificate and nothing after it. Throws CERTIFICATE_INVALID for whatever else. */
export function readCertificate(der: Uint8Array): Certificate {
  try {
    return taken(der);
  } catch (error) {
    if (isJollyError(error)) throw trustError('CERTIFICATE_INVALID', error.detail, { cause: error });
    throw error;
  }
}

function taken(der: Uint8Array): Certificate {
  if (der.length > MAX_BYTES) throw trustError('CERTIFICATE_INVALID', { why: 'length' });
  const outer = readDer(der);
  const parts = derChildren(outer);
  if (outer.tag !== 0x30 || parts.length !== 3) throw trustError('CERTIFICATE_INVALID', { why: 'shape' });
  const signed = readSigned(parts);
  const fields = derChildren(signed.body);
  const version = derAt(fields, 0, 0xa0, 'version');
  if (derInteger(derOnly(version, 'version')) !== 2) {
    throw trustError('CERTIFICATE_INVALID', { why: 'version' });
  }
  const algorithm = derAt(fields, 2, 0x30, 'algorithm');
  if (Buffer.compare(algorithm.bytes, signed.algorithm.bytes) !== 0) {
    throw trustError('CERTIFICATE_INVALID', { why: 'two-algorithms' });
  }
  const [notBefore, notAfter, more] = derChildren(derAt(fields, 4, 0x30, 'validity'));
  if (!notBefore || !notAfter || more) throw trustError('CERTIFICATE_INVALID', { why: 'validity' });
  const key = derAt(fields, 6, 0x30, 'key');
  const extensions = readExtensions(derOnly(extensionsOf(fields), 'extensions'));
  refuseUnknownCritical(extensions, HANDLED);
  const read = <T>(name: string, reader: (value: Uint8Array) => T): T | undefined => {
    const found: Extension | undefined = extensions.get(name);
    return found && reader(found.value);
  };
  const points = read(EXTENSION.crlDistributionPoints, readDistributionPoints);
  return {
    der,
    serial: derAt(fields, 1, 0x02, 'serial').content,
    issuer: derAt(fields, 3, 0x30, 'issuer').bytes,
    subject: derAt(fields, 5, 0x30, 'subject').bytes,
    notBefore: derTime(notBefore),
    notAfter: derTime(notAfter),
    publicKey: keyOf(key.bytes),
    keyBits: derBits(derAt(derChildren(key), 1, 0x03, 'key'), 'key'),
    signed,
    ca: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    crlUrls: points?.urls ?? [],
    crlNames: points?.names ?? [],
    ocspUrls: read(EXTENSION.authorityInfoAccess, readOcspUrls) ?? [],
  };
}

function extensionsOf(fields: readonly DerNode[]): DerNode {
  const found = fields.slice(7).find((field) => field.tag === 0xa3);
  if (!found) throw trustError('CERTIFICATE_INVALID', { why: 'extensions' });
  return found;
}

function keyOf(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw trustError('CERTIFICATE_INVALID', { why: 'key' }, { cause });
  }
}

export function isValidAt(certificate: Certificate, at: number): boolean {
  return certificate.notBefore <= at && at <= certificate.notAfter;
}
