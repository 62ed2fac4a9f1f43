import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bits, boolean, integer, octets, oid, sequence, setOf, tagged, time, utf8 } from './der-writer.ts';

/** Certificates and revocation lists (RFC 5280) of an authority whose key is on P-256. */

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VERSION_3 = tagged(0, integer(Uint8Array.of(2)));

export interface Name {
  readonly organisation: string;
  readonly commonName: string;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

export interface Authority {
  readonly name: Name;
  readonly key: KeyObject;
}

/** `serial`: hex. All three are PEM. */
export function authorityCertificate(own: Authority, serial: string, period: Period): string {
  const publicKey = spkiOf(createPublicKey(own.key));
  return certificate(own, serial, period, own.name, publicKey, [
    extension('2.5.29.19', true, sequence(boolean(true), integer(Uint8Array.of(0)))),
    // keyCertSign, cRLSign
    extension('2.5.29.15', true, bits(Uint8Array.of(0x06), 1)),
    extension('2.5.29.14', false, octets(keyIdOf(publicKey))),
  ]);
}

export function clientCertificate(
  by: Authority,
  serial: string,
  period: Period,
  subject: { readonly name: Name; readonly publicKey: KeyObject },
): string {
  const publicKey = spkiOf(subject.publicKey);
  return certificate(by, serial, period, subject.name, publicKey, [
    extension('2.5.29.19', true, sequence()),
    // digitalSignature
    extension('2.5.29.15', true, bits(Uint8Array.of(0x80), 7)),
    // clientAuth
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.2'))),
    extension('2.5.29.14', false, octets(keyIdOf(publicKey))),
    authorityKeyId(by),
  ]);
}

export function revocationList(
  by: Authority,
  number: number,
  period: Period,
  serials: readonly string[],
): string {
  const revoked = serials.map((serial) => sequence(serialOf(serial), time(period.from)));
  const tbs = sequence(
    integer(Uint8Array.of(1)),
    ECDSA_SHA256,
    nameOf(by.name),
    time(period.from),
    time(period.to),
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    tagged(0, sequence(authorityKeyId(by), extension('2.5.29.20', false, integer(bytesOf(number))))),
  );
  return pem('X509 CRL', signed(tbs, by.key));
}

function certificate(
  by: Authority,
  serial: string,
  { from, to }: Period,
  subject: Name,
  publicKey: Uint8Array,
  extensions: readonly Uint8Array[],
): string {
  const tbs = sequence(
    VERSION_3,
    serialOf(serial),
    ECDSA_SHA256,
    nameOf(by.name),
    sequence(time(from), time(to)),
    nameOf(subject),
    publicKey,
    tagged(3, sequence(...extensions)),
  );
  return pem('CERTIFICATE', signed(tbs, by.key));
}

const signed = (tbs: Uint8Array, key: KeyObject): Buffer =>
  sequence(tbs, ECDSA_SHA256, bits(sign('sha256', tbs, key)));

const nameOf = ({ organisation, commonName }: Name): Buffer =>
  sequence(
    setOf(sequence(oid('2.5.4.10'), utf8(organisation))),
    setOf(sequence(oid('2.5.4.3'), utf8(commonName))),
  );

const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

/** `[0]`, implicit: the bytes as they are. */
function authorityKeyId(by: Authority): Buffer {
  const id = keyIdOf(spkiOf(createPublicKey(by.key)));
  return extension('2.5.29.35', false, sequence(Buffer.concat([Uint8Array.of(0x80, id.length), id])));
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const keyIdOf = (spki: Uint8Array): Buffer => createHash('sha256').update(spki).digest().subarray(0, 20);
const serialOf = (hex: string): Buffer => integer(Buffer.from(hex, 'hex'));
const bytesOf = (number: number): Uint8Array => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
};

function pem(what: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`;
}
