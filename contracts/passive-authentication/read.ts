import { X509Certificate } from 'node:crypto';
import { type DerNode, derChildren, derInteger, derOid, readDer, trimDer } from '../der/index.ts';
import { isJollyError } from '../values/index.ts';
import { HASHES, RSA_PSS, SIGNATURES } from './algorithms.ts';
import { sodError } from './errors.ts';
import type { HashName, SecurityObject, SodSignature } from './security-object.ts';

const RSA = '1.2.840.113549.1.1.1';
const MGF1 = '1.2.840.113549.1.1.8';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const LDS_SECURITY_OBJECT = '2.23.136.1.1.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

/** No SOD comes near: a certificate and a few hashes. */
const MAX_BYTES = 32_768;
const MAX_ENTRIES = 32;

const bad = (why: string, cause?: unknown) => sodError('SOD_INVALID', { why }, { cause });

function child(nodes: readonly DerNode[], at: number, tag: number, why: string): DerNode {
  const node = nodes[at];
  if (node?.tag !== tag) throw bad(why);
  return node;
}

/** AlgorithmIdentifier of a hash; the CIE's own has no NULL parameter (cie-card.md 7.4). */
function hashOf(node: DerNode, why: string): HashName {
  const [oid] = derChildren(node);
  const name = oid && HASHES[derOid(oid)];
  if (!name) throw bad(why);
  return name;
}

function onlyChild(node: DerNode, why: string): DerNode {
  const [only, second] = derChildren(node);
  if (!only || second) throw bad(why);
  return only;
}

function signatureOf(algorithm: DerNode, digest: HashName, value: Uint8Array): SodSignature {
  const [oid, parameters] = derChildren(algorithm);
  if (!oid) throw bad('signature-algorithm');
  const name = derOid(oid);
  if (name === RSA) return { scheme: 'rsa-pkcs1', hash: digest, value };
  const known = SIGNATURES[name];
  if (known) return { ...known, value };
  if (name !== RSA_PSS || !parameters) throw bad('signature-algorithm');
  let hash: HashName = 'sha1';
  let mask: HashName = 'sha1';
  let saltLength = 20;
  for (const part of derChildren(parameters)) {
    if (part.tag === 0xa0) hash = hashOf(onlyChild(part, 'pss'), 'pss-hash');
    else if (part.tag === 0xa1) {
      const [maskOid, maskHash] = derChildren(onlyChild(part, 'pss'));
      if (!maskOid || derOid(maskOid) !== MGF1 || !maskHash) throw bad('pss-mask');
      mask = hashOf(maskHash, 'pss-mask');
    } else if (part.tag === 0xa2) saltLength = derInteger(onlyChild(part, 'pss'));
  }
  // two hashes in one PSS signature: nobody issues it and the library cannot check it
  if (mask !== hash || saltLength < 0 || saltLength > 64) throw bad('pss');
  return { scheme: 'rsa-pss', hash, saltLength, value };
}

function certificateOf(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (cause) {
    throw bad('certificate', cause);
  }
}

/** Issuer and serial number of a certificate, as DER: what a signer is named by. */
function nameOf(certificate: DerNode): { readonly issuer: Uint8Array; readonly serial: Uint8Array } {
  const fields = derChildren(child(derChildren(certificate), 0, 0x30, 'certificate'));
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  return {
    serial: child(fields, first, 0x02, 'certificate').bytes,
    issuer: child(fields, first + 2, 0x30, 'certificate').bytes,
  };
}

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

function entriesOf(content: Uint8Array): Pick<SecurityObject, 'hash' | 'entries'> {
  const parts = derChildren(readDer(content));
  if (![0, 1].includes(derInteger(child(parts, 0, 0x02, 'version')))) throw bad('version');
  const hash = hashOf(child(parts, 1, 0x30, 'hash'), 'hash');
  const entries = new Map<number, Uint8Array>();
  for (const row of derChildren(child(parts, 2, 0x30, 'entries'))) {
    const cells = derChildren(row);
    // A1…A5 are written in one byte, which strict DER reads as negative numbers
    const number = derInteger(child(cells, 0, 0x02, 'entry')) & 0xff;
    if (entries.has(number) || entries.size === MAX_ENTRIES) throw bad('entry');
    entries.set(number, child(cells, 1, 0x04, 'entry').content);
  }
  return { hash, entries };
}

function attributesOf(node: DerNode, digestHash: HashName): SecurityObject['attributes'] {
  let digest: Uint8Array | undefined;
  let typed = false;
  for (const attribute of derChildren(node)) {
    const [oid, values] = derChildren(attribute);
    if (oid?.tag !== 0x06 || values?.tag !== 0x31) throw bad('attribute');
    const name = derOid(oid);
    if (name === CONTENT_TYPE) {
      if (typed || derOid(onlyChild(values, 'content-type')) !== LDS_SECURITY_OBJECT)
        throw bad('content-type');
      typed = true;
    } else if (name === MESSAGE_DIGEST) {
      const value = onlyChild(values, 'message-digest');
      if (digest || value.tag !== 0x04) throw bad('message-digest');
      digest = value.content;
    }
  }
  if (!digest || !typed) throw bad('attributes');
  // signed as a SET OF (31) and carried as [0] (A0)
  const signed = Uint8Array.from(node.bytes);
  signed[0] = 0x31;
  return { signed, digestHash, digest };
}

function taken(file: Uint8Array): SecurityObject {
  if (file.length > MAX_BYTES) throw bad('length');
  const outer = readDer(trimDer(file));
  if (outer.tag !== 0x77) throw bad('tag');
  const info = derChildren(onlyChild(outer, 'content-info'));
  if (derOid(child(info, 0, 0x06, 'content-info')) !== SIGNED_DATA) throw bad('content-info');
  const data = derChildren(onlyChild(child(info, 1, 0xa0, 'content-info'), 'signed-data'));
  child(data, 0, 0x02, 'signed-data');
  const encapsulated = derChildren(child(data, 2, 0x30, 'encapsulated'));
  if (derOid(child(encapsulated, 0, 0x06, 'encapsulated')) !== LDS_SECURITY_OBJECT) throw bad('encapsulated');
  const octets = onlyChild(child(encapsulated, 1, 0xa0, 'encapsulated'), 'encapsulated');
  if (octets.tag !== 0x04) throw bad('encapsulated');
  const content = octets.content;

  const certificates = derChildren(child(data, 3, 0xa0, 'certificates'));
  const last = data.at(-1);
  if (last?.tag !== 0x31) throw bad('signer');
  const signer = derChildren(onlyChild(last, 'signer'));
  const id = child(signer, 1, 0x30, 'signer-id');
  const [issuer, serial] = derChildren(id);
  const found = certificates.find((certificate) => {
    const name = nameOf(certificate);
    return issuer && serial && same(name.issuer, issuer.bytes) && same(name.serial, serial.bytes);
  });
  if (!found) throw bad('signer-certificate');
  const digestHash = hashOf(child(signer, 2, 0x30, 'signer'), 'signer-hash');
  const attributes = attributesOf(child(signer, 3, 0xa0, 'signed-attributes'), digestHash);
  const value = child(signer, 5, 0x04, 'signature').content;
  return {
    ...entriesOf(content),
    signerCertificate: certificateOf(found.bytes),
    content,
    attributes,
    signature: signatureOf(child(signer, 4, 0x30, 'signature-algorithm'), digestHash, value),
  };
}

/**
 * Takes an EF.SOD apart: tag 77 around a CMS SignedData with one signer (cie-card.md 7.4), of the CIE application or of the travel
 * document; bytes after its end are the file's filling. Throws SOD_INVALID for whatever else.
 */
export function readSod(file: Uint8Array): SecurityObject {
  try {
    return taken(file);
  } catch (error) {
    if (isJollyError(error, 'DER_INVALID')) throw bad(`der-${String(error.detail.why)}`, error);
    throw error;
  }
}
