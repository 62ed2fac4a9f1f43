import { type DerNode, derChildren, derInteger, derLength, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import {
  type Certificate,
  derAt,
  derBoolean,
  derOnly,
  derTime,
  distributionNames,
  EXTENSION,
  type Extension,
  readExtensions,
  readSigned,
  refuseUnknownCritical,
  signatureHolds,
} from '../trust/index.ts';
import { revocationError } from './errors.ts';

/** What of the issuer's revocations a list holds; all of them when it says nothing. */
interface ListPart {
  /** Literal names of the distribution point it is for; one without any that we can compare is for nobody. */
  readonly names?: readonly string[];
  readonly only?: 'users' | 'authorities';
}

/** A checked revocation list of one issuer. Instants are epoch ms. */
export interface RevocationList {
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly part: ListPart;
  /** Serial numbers, as `serialKey` writes them: a list of a whole country is read through once, not at each login. */
  readonly serials: ReadonlySet<string>;
}

/** Clocks of a CA may be ahead of ours by this much. */
const CLOCK_SKEW_MS = 300_000;
const bad = (why: string, cause?: unknown) => revocationError('CRL_UNUSABLE', { why }, { cause });

/** Reads a DER list and checks that `issuer` signed it (RFC 5280 5). Throws CRL_UNUSABLE. */
export function readCrl(der: Uint8Array, issuer: Certificate, now: number): RevocationList {
  try {
    return taken(der, issuer, now);
  } catch (error) {
    if (isJollyError(error, 'CRL_UNUSABLE')) throw error;
    if (isJollyError(error)) throw bad(String(error.detail.why), error);
    throw error;
  }
}

function taken(der: Uint8Array, issuer: Certificate, now: number): RevocationList {
  const outer = readDer(der);
  if (outer.tag !== 0x30) throw bad('tag');
  const signed = readSigned(derChildren(outer));
  const fields = derChildren(signed.body);
  if (derInteger(derAt(fields, 0, 0x02, 'version')) !== 1) throw bad('version');
  if (Buffer.compare(derAt(fields, 1, 0x30, 'algorithm').bytes, signed.algorithm.bytes) !== 0) {
    throw bad('two-algorithms');
  }
  if (Buffer.compare(derAt(fields, 2, 0x30, 'issuer').bytes, issuer.subject) !== 0) throw bad('issuer');
  if (issuer.keyUsage && !issuer.keyUsage.has('cRLSign')) throw bad('issuer-key-usage');
  if (!signatureHolds(signed, issuer.publicKey)) throw bad('signature');
  const [from, to] = fields.slice(3);
  if (!from || !to) throw bad('times');
  const thisUpdate = derTime(from);
  if (thisUpdate > now + CLOCK_SKEW_MS) throw bad('not-yet');
  const rest = fields.slice(5);
  const list = rest.find((field) => field.tag === 0x30);
  const last = rest.find((field) => field.tag === 0xa0);
  const extensions = last ? readExtensions(derOnly(last, 'extensions')) : new Map<string, Extension>();
  refuseUnknownCritical(extensions, [EXTENSION.issuingDistributionPoint]);
  const part = extensions.get(EXTENSION.issuingDistributionPoint);
  return {
    thisUpdate,
    nextUpdate: derTime(to),
    part: part ? partOf(readDer(part.value)) : {},
    serials: serialsOf(list?.content ?? new Uint8Array(0)),
  };
}

/** Reads an IssuingDistributionPoint. Lists for attributes, for some reasons or of other issuers are not used. */
function partOf(node: DerNode): ListPart {
  let part: ListPart = {};
  for (const field of derChildren(node)) {
    if (field.tag === 0xa0) part = { ...part, names: distributionNames(field) };
    else if (field.tag === 0x83) throw bad('part');
    else if (derBoolean({ ...field, tag: 0x01 })) {
      const only = ONLY[field.tag];
      // both at once would be a list of nothing
      if (!only || part.only) throw bad('part');
      part = { ...part, only };
    }
  }
  return part;
}

const ONLY: Readonly<Record<number, ListPart['only']>> = { 129: 'users', 130: 'authorities' };

/**
 * Whether the list speaks of this certificate: of its kind, and of the whole issuer or of a point that the certificate itself
 * names. Names are compared as they are written, directories too.
 */
export function isListFor({ part: { names, only } }: RevocationList, certificate: Certificate): boolean {
  if (only && only !== (certificate.ca ? 'authorities' : 'users')) return false;
  return names === undefined || names.some((name) => certificate.crlNames.includes(name));
}

/** Whether the certificate's serial is in the list; a certificate on hold is too. */
export function isListed({ serials }: RevocationList, certificate: Certificate): boolean {
  return serials.has(serialKey(certificate.serial));
}

/** One character a byte: the smallest a string can be. */
const serialKey = (serial: Uint8Array): string => Buffer.from(serial).toString('latin1');

/** The entries lie one after the other; only the serial of each is looked at. */
function serialsOf(entries: Uint8Array): ReadonlySet<string> {
  const serials = new Set<string>();
  let at = 0;
  while (at < entries.length) {
    const length = lengthAt(entries, at);
    const inner = entries.subarray(at, at + length);
    const header = (inner[1] ?? 0) < 0x80 ? 2 : 2 + ((inner[1] ?? 0) & 0x7f);
    const size = inner[header + 1] ?? 0;
    if (inner[0] !== 0x30 || inner[header] !== 0x02 || size >= 0x80) throw bad('entry');
    serials.add(serialKey(inner.subarray(header + 2, header + 2 + size)));
    at += length;
  }
  return serials;
}

function lengthAt(entries: Uint8Array, at: number): number {
  const length = derLength(entries.subarray(at, at + 6));
  if (length === undefined || length > entries.length - at) throw bad('entry');
  return length;
}
