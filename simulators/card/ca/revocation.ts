import type { KeyObject } from 'node:crypto';
import { fromHex, numberBytes, readTlvs, sameBytes, tlv, valueAt } from '../tlv.ts';
import { extension, extensions, keyBits, keyIdentifier, type Name, nameDer } from './certificate.ts';
import {
  bits,
  enumerated,
  explicit,
  generalizedTime,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  time,
} from './der.ts';
import { digest, type Scheme, signature, signatureAlgorithm } from './signing.ts';

const SCHEME: Scheme = { padding: 'pkcs1', hash: 'sha256' };
const DAY = 86_400_000;

export interface Issuer {
  readonly name: Name;
  readonly key: KeyObject;
  /** Serials taken back, with the time they were. */
  readonly revoked: readonly { readonly serial: Uint8Array; readonly at: number }[];
  /** Serials it gave. */
  readonly issued: readonly Uint8Array[];
}

/** A certificate revocation list, version 2, good for a day. */
export function revocationList(issuer: Issuer, now: number): Uint8Array {
  const entries = issuer.revoked.map(({ serial, at }) => sequence(integer(serial), time(at)));
  const number = numberBytes(Math.floor(now / 1000));
  const signed = sequence(
    integer(1),
    signatureAlgorithm(SCHEME),
    nameDer(issuer.name),
    time(now),
    time(now + DAY),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    explicit(
      0,
      sequence(extensions.authorityKey(issuer.key), extension('2.5.29.20', false, integer(number))),
    ),
  );
  return sequence(signed, signatureAlgorithm(SCHEME), bits(signature(signed, issuer.key, SCHEME)));
}

const NONCE = fromHex('2b0601050507300102');

/** Answer of an OCSP responder that is the issuer itself (RFC 6960); bytes that are no request get `malformedRequest`. */
export function statusAnswer(request: Uint8Array, issuers: readonly Issuer[], now: number): Uint8Array {
  const whole = valueAt(request, [0x30, 0x30]);
  const parts = whole && readTlvs(whole);
  const asked = parts?.find((part) => part.tag === 0x30);
  const list = asked && readTlvs(asked.value);
  const first = list?.length === 1 ? list[0] : undefined;
  const certId = first && valueAt(first.value, [0x30]);
  const fields = certId && readTlvs(certId);
  const [, , keyHash, serial] = fields ?? [];
  if (!certId || !keyHash || !serial) return sequence(enumerated(1));
  const algorithm = valueAt(fields?.[0]?.raw ?? certId, [0x30, 0x06]);
  const hash = algorithm && sameBytes(algorithm, fromHex('2b0e03021a')) ? 'sha1' : 'sha256';
  const issuer = issuers.find((one) => {
    const own = hash === 'sha1' ? keyIdentifier(one.key) : digest(hash, keyBits(one.key));
    return sameBytes(own, keyHash.value);
  });
  // 6: not one of ours, and so nobody's who could sign an answer.
  if (!issuer) return sequence(enumerated(6));
  const is = (one: Uint8Array) => sameBytes(integer(one), serial.raw);
  const revoked = issuer.revoked.find((one) => is(one.serial));
  const status = revoked
    ? explicit(1, generalizedTime(revoked.at))
    : implicit(issuer.issued.some(is) ? 0 : 2, new Uint8Array(0));
  const nonce = nonceOf(parts?.find((part) => part.tag === 0xa2)?.value);
  const signed = sequence(
    explicit(2, octets(keyIdentifier(issuer.key))),
    generalizedTime(now),
    sequence(
      sequence(tlv(0x30, certId), status, generalizedTime(now), explicit(0, generalizedTime(now + DAY / 24))),
    ),
    ...(nonce ? [explicit(1, sequence(nonce))] : []),
  );
  const basic = sequence(signed, signatureAlgorithm(SCHEME), bits(signature(signed, issuer.key, SCHEME)));
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

/** The whole nonce extension of the request, to be given back. */
function nonceOf(wrapped: Uint8Array | undefined): Uint8Array | undefined {
  const list = wrapped && valueAt(wrapped, [0x30]);
  const found = (list && readTlvs(list))?.find((one) => {
    const id = readTlvs(one.value)?.[0]?.value;
    return id && sameBytes(id, NONCE);
  });
  return found?.raw;
}
