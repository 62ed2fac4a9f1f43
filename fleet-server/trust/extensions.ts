import { type DerNode, derChildren, derInteger, derOid, readDer } from '@jolly/contracts/der';
import { derAt, derBoolean, derOnly } from './der-values.ts';
import { trustError } from './errors.ts';

const bad = (why: string) => trustError('SIGNED_DATA_INVALID', { why });

export const EXTENSION = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  issuingDistributionPoint: '2.5.29.28',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

export interface Extension {
  readonly critical: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** Extensions by OID; none twice. `list` is the SEQUENCE inside the explicit tag. */
export function readExtensions(list: DerNode): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const row of derChildren(list)) {
    const cells = derChildren(row);
    const name = derOid(derAt(cells, 0, 0x06, 'extension'));
    const critical = cells.length === 3 && derBoolean(derAt(cells, 1, 0x01, 'extension'));
    const value = derAt(cells, cells.length === 3 ? 2 : 1, 0x04, 'extension').content;
    if (found.has(name) || cells.length > 3) throw bad('extension');
    found.set(name, { critical, value });
  }
  return found;
}

/** Throws for a critical extension that is not among the `handled` (RFC 5280 4.2). */
export function refuseUnknownCritical(
  extensions: ReadonlyMap<string, Extension>,
  handled: readonly string[],
): void {
  for (const [name, { critical }] of extensions) {
    if (critical && !handled.includes(name)) throw bad('critical-extension');
  }
}

export const KEY_USES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUse = (typeof KEY_USES)[number];

export function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUse> {
  const node = readDer(value);
  if (node.tag !== 0x03 || node.content.length < 2) throw bad('key-usage');
  const bits = node.content[1] ?? 0;
  return new Set(KEY_USES.filter((_, at) => (bits & (0x80 >> at)) !== 0));
}

export function readExtendedKeyUsage(value: Uint8Array): ReadonlySet<string> {
  return new Set(derChildren(readDer(value)).map(derOid));
}

/** Undefined: not a CA. */
export function readBasicConstraints(
  value: Uint8Array,
): { readonly pathLength: number | undefined } | undefined {
  const [ca, length, more] = derChildren(readDer(value));
  if (more) throw bad('basic-constraints');
  if (!ca || !derBoolean(ca)) return undefined;
  return { pathLength: length ? derInteger(length) : undefined };
}

const MAX_URLS = 4;

/** Where a certificate's revocations are published, for every reason. */
export interface DistributionPoints {
  /** HTTP addresses, to be asked. */
  readonly urls: readonly string[];
  /** Every name of any kind, addresses included, as `distributionNames` writes them: a part of a list is known by them. */
  readonly names: readonly string[];
}

export function readDistributionPoints(value: Uint8Array): DistributionPoints {
  const names = derChildren(readDer(value)).flatMap((point) => {
    const parts = derChildren(point);
    // a point for some reasons only, or of another CRL issuer, is one we do not follow
    if (parts.some((part) => part.tag === 0x81 || part.tag === 0xa2)) return [];
    const name = parts.find((part) => part.tag === 0xa0);
    return name ? generalNames(name) : [];
  });
  return { urls: names.flatMap(urlOf).slice(0, MAX_URLS), names: names.map(literally) };
}

/**
 * The full names of a DistributionPointName, each as its DER in hexadecimal, to be compared as it is; none for a name relative
 * to the issuer. `name` is its explicit tag.
 */
export function distributionNames(name: DerNode): readonly string[] {
  return generalNames(name).map(literally);
}

function generalNames(name: DerNode): readonly DerNode[] {
  const inner = derOnly(name, 'distribution-point');
  return inner.tag === 0xa0 ? derChildren(inner) : [];
}

const literally = ({ bytes }: DerNode): string => Buffer.from(bytes).toString('hex');

const OCSP = '1.3.6.1.5.5.7.48.1';

export function readOcspUrls(value: Uint8Array): readonly string[] {
  const urls = derChildren(readDer(value)).flatMap((row) => {
    const cells = derChildren(row);
    const place = cells[1];
    return place && derOid(derAt(cells, 0, 0x06, 'access')) === OCSP ? urlOf(place) : [];
  });
  return urls.slice(0, MAX_URLS);
}

/** A uniformResourceIdentifier that is HTTP; directories (LDAP) are not followed. */
function urlOf(name: DerNode): readonly string[] {
  if (name.tag !== 0x86 || name.content.length > 500) return [];
  const text = Buffer.from(name.content).toString('latin1');
  return /^https?:\/\/[\x21-\x7e]+$/i.test(text) ? [text] : [];
}
