import { createHash } from 'node:crypto';
import { type DerNode, derChildren, derOid, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import {
  type Certificate,
  derAt,
  derOnly,
  derTime,
  issued,
  isValidAt,
  readCertificate,
  readExtensions,
  readSigned,
  refuseUnknownCritical,
  signatureHolds,
} from '../trust/index.ts';
import { revocationError } from './errors.ts';

/** A checked answer about one certificate. Instants are epoch ms. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate: number;
  /** Undefined: newer information is always to be had. */
  readonly nextUpdate: number | undefined;
}

const CLOCK_SKEW_MS = 300_000;
const BASIC = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SHA1_OID = Uint8Array.of(0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a);
const MAX_CERTIFICATES = 4;
const MAX_ANSWERS = 16;

const bad = (why: string, cause?: unknown) => revocationError('OCSP_UNUSABLE', { why }, { cause });
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
/** SHA-1 names the issuer here and protects nothing: it is the one hash every responder knows (RFC 5019 2.1.1). */
const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

/** One element with up to 64 KB inside. */
function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), ...parts]);
}

/** The request for one certificate (RFC 6960 4.1), without nonce, as a cache can answer it. */
export function ocspRequest(certificate: Certificate, issuer: Certificate): Uint8Array {
  const id = element(
    0x30,
    element(0x30, SHA1_OID, Uint8Array.of(0x05, 0x00)),
    element(0x04, sha1(issuer.subject)),
    element(0x04, sha1(issuer.keyBits)),
    element(0x02, certificate.serial),
  );
  return element(0x30, element(0x30, element(0x30, element(0x30, id))));
}

/**
 * Reads an answer about `certificate`, checked: signed by its issuer or by a responder whose certificate the issuer itself
 * signed for that use (RFC 6960 4.2.2.2). Throws OCSP_UNUSABLE.
 */
export function readOcsp(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
  now: number,
): OcspAnswer {
  try {
    return taken(der, certificate, issuer, now);
  } catch (error) {
    if (isJollyError(error, 'OCSP_UNUSABLE')) throw error;
    if (isJollyError(error)) throw bad(String(error.detail.why), error);
    throw error;
  }
}

function taken(der: Uint8Array, certificate: Certificate, issuer: Certificate, now: number): OcspAnswer {
  const outer = derChildren(readDer(der));
  const status = derAt(outer, 0, 0x0a, 'status').content;
  if (status.length !== 1 || status[0] !== 0) throw bad('not-successful');
  const bytes = derChildren(derOnly(derAt(outer, 1, 0xa0, 'bytes'), 'bytes'));
  if (derOid(derAt(bytes, 0, 0x06, 'type')) !== BASIC) throw bad('type');
  const basic = derChildren(readDer(derAt(bytes, 1, 0x04, 'answer').content));
  const signed = readSigned(basic);
  const all = derChildren(signed.body);
  const fields = all[0]?.tag === 0xa0 ? all.slice(1) : all;
  const responder = fields[0];
  const answers = derAt(fields, 2, 0x30, 'answers');
  const extensions = fields[3];
  if (!responder) throw bad('responder');
  if (extensions) refuseUnknownCritical(readExtensions(derOnly(extensions, 'extensions')), []);
  const signer = signerOf(responder, basic[3], issuer, now);
  if (!signatureHolds(signed, signer.publicKey)) throw bad('signature');
  return answerAbout(answers, certificate, issuer, now);
}

function signerOf(
  responder: DerNode,
  carried: DerNode | undefined,
  issuer: Certificate,
  now: number,
): Certificate {
  const named = (candidate: Certificate): boolean => {
    if (responder.tag === 0xa1) return same(derOnly(responder, 'responder').bytes, candidate.subject);
    if (responder.tag !== 0xa2) throw bad('responder');
    return same(derOnly(responder, 'responder').content, sha1(candidate.keyBits));
  };
  if (named(issuer)) return issuer;
  const list = carried ? derChildren(derOnly(carried, 'certificates')) : [];
  for (const node of list.slice(0, MAX_CERTIFICATES)) {
    const candidate = readCertificate(node.bytes);
    const may =
      named(candidate) &&
      isValidAt(candidate, now) &&
      candidate.extendedKeyUsage?.has(OCSP_SIGNING) === true &&
      candidate.keyUsage?.has('digitalSignature') !== false &&
      issued(issuer, candidate);
    if (may) return candidate;
  }
  throw bad('responder');
}

function answerAbout(
  answers: DerNode,
  certificate: Certificate,
  issuer: Certificate,
  now: number,
): OcspAnswer {
  for (const node of derChildren(answers).slice(0, MAX_ANSWERS)) {
    const fields = derChildren(node);
    if (!isAbout(derAt(fields, 0, 0x30, 'id'), certificate, issuer)) continue;
    const thisUpdate = derTime(derAt(fields, 2, 0x18, 'time'));
    if (thisUpdate > now + CLOCK_SKEW_MS) throw bad('not-yet');
    const next = fields[3]?.tag === 0xa0 ? derTime(derOnly(fields[3], 'time')) : undefined;
    const last = fields.at(-1);
    if (last?.tag === 0xa1) refuseUnknownCritical(readExtensions(derOnly(last, 'extensions')), []);
    return { status: statusOf(fields[1]), thisUpdate, nextUpdate: next };
  }
  throw bad('another-certificate');
}

function statusOf(node: DerNode | undefined): OcspAnswer['status'] {
  if (node?.tag === 0x80) return 'good';
  if (node?.tag === 0xa1) return 'revoked';
  if (node?.tag === 0x82) return 'unknown';
  throw bad('certificate-status');
}

function isAbout(id: DerNode, certificate: Certificate, issuer: Certificate): boolean {
  const parts = derChildren(id);
  const algorithm = derChildren(derAt(parts, 0, 0x30, 'id'))[0];
  return (
    algorithm !== undefined &&
    same(algorithm.bytes, SHA1_OID) &&
    same(derAt(parts, 1, 0x04, 'id').content, sha1(issuer.subject)) &&
    same(derAt(parts, 2, 0x04, 'id').content, sha1(issuer.keyBits)) &&
    same(derAt(parts, 3, 0x02, 'id').content, certificate.serial)
  );
}
