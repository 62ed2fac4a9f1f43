import { createPublicKey, type KeyObject } from 'node:crypto';
import { ascii, valueAt } from '../tlv.ts';
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  printable,
  sequence,
  setOf,
  time,
  utf8,
} from './der.ts';
import { digest, type Scheme, signature, signatureAlgorithm } from './signing.ts';

const ATTRIBUTES = {
  CN: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  givenName: '2.5.4.42',
} as const;

export type Name = readonly (readonly [keyof typeof ATTRIBUTES, string])[];

export function nameDer(name: Name): Uint8Array {
  return sequence(
    ...name.map(([attribute, value]) => {
      const text = attribute === 'C' || attribute === 'serialNumber' ? printable(value) : utf8(value);
      return setOf(sequence(oid(ATTRIBUTES[attribute]), text));
    }),
  );
}

/** SubjectPublicKeyInfo, of a private or public key. */
export function publicKeyInfo(key: KeyObject): Uint8Array {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  return Uint8Array.from(open.export({ type: 'spki', format: 'der' }));
}

/** The key itself, out of its SubjectPublicKeyInfo. */
export function keyBits(key: KeyObject): Uint8Array {
  const found = valueAt(publicKeyInfo(key), [0x30, 0x03]);
  if (!found) throw new Error('a key without bits');
  return found.subarray(1);
}

/** SHA-1 over the bits of the key: the usual key identifier. */
export function keyIdentifier(key: KeyObject): Uint8Array {
  return digest('sha1', keyBits(key));
}

export function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

const uri = (address: string) => implicit(6, ascii(address));

export const extensions = {
  basicConstraints: (authority: boolean) =>
    extension('2.5.29.19', true, authority ? sequence(boolean(true), integer(0)) : sequence()),
  /** `c` certificates and lists, `s` signatures. */
  keyUsage: (use: 'c' | 's') =>
    extension('2.5.29.15', true, use === 'c' ? bits(Uint8Array.of(0x06), 1) : bits(Uint8Array.of(0x80), 7)),
  subjectKey: (key: KeyObject) => extension('2.5.29.14', false, octets(keyIdentifier(key))),
  authorityKey: (key: KeyObject) => extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(key)))),
  clientAuthentication: () => extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.2'))),
  revocationList: (address: string) =>
    extension('2.5.29.31', false, sequence(sequence(explicit(0, explicit(0, uri(address)))))),
  statusService: (address: string) =>
    extension('1.3.6.1.5.5.7.1.1', false, sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri(address)))),
  /** Document types a signer may sign; "C" for the card (cie-card.md 7.4). */
  documentTypes: (letter: string) =>
    extension('2.23.136.1.1.6.2', false, sequence(integer(0), setOf(printable(letter)))),
} as const;

export interface CertificateContent {
  /** Big endian, unsigned. */
  readonly serial: Uint8Array;
  readonly subject: Name;
  readonly issuer: Name;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Uint8Array[];
}

/** An X.509 version 3 certificate in DER. */
export function certificateDer(content: CertificateContent, signer: KeyObject, scheme: Scheme): Uint8Array {
  const algorithm = signatureAlgorithm(scheme);
  const signed = sequence(
    explicit(0, integer(2)),
    integer(content.serial),
    algorithm,
    nameDer(content.issuer),
    sequence(time(content.notBefore), time(content.notAfter)),
    nameDer(content.subject),
    publicKeyInfo(content.publicKey),
    explicit(3, sequence(...content.extensions)),
  );
  return sequence(signed, algorithm, bits(signature(signed, signer, scheme)));
}

export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g);
  return [`-----BEGIN ${label}-----`, ...(lines ?? []), `-----END ${label}-----`, ''].join('\n');
}
