import { X509Certificate } from 'node:crypto';
import { type DerNode, derChildren, derOid, readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import { derAt, derOnly } from './der-values.ts';
import { trustError } from './errors.ts';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*?)-----END \1-----/g;
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const MASTER_LIST = '2.23.136.1.1.2';

export interface CertificatesRead {
  readonly certificates: readonly X509Certificate[];
  /** The file is an ICAO master list: a collection of many countries, whose own signature is not looked at here. */
  readonly masterList: boolean;
}

/** Certificates of a file: PEM (any number), one in DER, or an ICAO master list (9303-12). Throws NO_CERTIFICATES. */
export function certificatesIn(content: Uint8Array): CertificatesRead {
  const text = Buffer.from(content).toString('latin1');
  if (text.includes('-----BEGIN ')) {
    const blocks = [...text.matchAll(PEM)].filter((block) => block[1] === 'CERTIFICATE');
    const certificates = blocks.map((block) => certificateOf(Buffer.from(block[2] ?? '', 'base64')));
    if (certificates.length === 0) throw trustError('NO_CERTIFICATES');
    return { certificates, masterList: false };
  }
  const listed = masterListOf(content);
  return listed
    ? { certificates: listed.map((node) => certificateOf(node.bytes)), masterList: true }
    : { certificates: [certificateOf(content)], masterList: false };
}

/** One certificate, as the library reads it. Throws CERTIFICATE_INVALID. */
function certificateOf(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw trustError('CERTIFICATE_INVALID', { why: 'certificate' }, { cause });
  }
}

/** CscaMasterList inside a CMS SignedData; undefined when the file is something else. */
function masterListOf(content: Uint8Array): readonly DerNode[] | undefined {
  try {
    const info = derChildren(readDer(content));
    if (info[0]?.tag !== 0x06 || derOid(info[0]) !== SIGNED_DATA) return undefined;
    const data = derChildren(derOnly(derAt(info, 1, 0xa0, 'content'), 'content'));
    const encapsulated = derChildren(derAt(data, 2, 0x30, 'encapsulated'));
    if (derOid(derAt(encapsulated, 0, 0x06, 'encapsulated')) !== MASTER_LIST) return undefined;
    const octets = derOnly(derAt(encapsulated, 1, 0xa0, 'encapsulated'), 'encapsulated');
    const list = derChildren(readDer(octets.content));
    return derChildren(derAt(list, 1, 0x31, 'certificates'));
  } catch (error) {
    if (isJollyError(error)) return undefined;
    throw error;
  }
}
