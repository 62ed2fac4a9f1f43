import { createPublicKey, type KeyObject } from 'node:crypto';
import type { SodHash, SodOptions } from '../applet.ts';
import { concat, fromHex } from '../tlv.ts';
import { certificateDer, extensions, type Name, pem } from './certificate.ts';
import type { CardKeys } from './keys.ts';
import { type Issuer, revocationList, statusAnswer } from './revocation.ts';
import { digest, type Scheme } from './signing.ts';
import { type DocumentSigner, signedSod } from './sod.ts';

const ORGANISATION = 'Jolly TEST';
const PSS: Scheme = { padding: 'pss', hash: 'sha512' };
const PKCS1: Scheme = { padding: 'pkcs1', hash: 'sha256' };
const YEAR = 365.25 * 86_400_000;

/** Names in the order that the Italian country signer uses (cie-card.md 7.4). */
const CSCA: Name = [
  ['CN', 'Jolly TEST Country Signer CA'],
  ['OU', 'Country Signing of invented documents'],
  ['O', ORGANISATION],
  ['C', 'IT'],
];
const SIGNER: Name = [
  ['CN', 'eIdentityCardSigner'],
  ['serialNumber', '00012'],
  ['OU', 'Signing of invented identity cards'],
  ['O', ORGANISATION],
  ['C', 'IT'],
];
const CITIZEN_CA: Name = [
  ['C', 'IT'],
  ['O', ORGANISATION],
  ['CN', 'Jolly TEST Citizen CA'],
];
const CNS_CA: Name = [
  ['C', 'IT'],
  ['O', ORGANISATION],
  ['CN', 'Jolly TEST CNS CA'],
];

export type IssuerName = 'citizen' | 'cns';

export interface CitizenCertificate {
  readonly issuer: IssuerName;
  /** Unique within the issuer; makes the serial number. */
  readonly serialText: string;
  readonly commonName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: KeyObject;
  /** Epoch ms, when it was taken back. */
  readonly revokedAt?: number;
}

/** The test CA: country signer, document signer and the two CAs of the citizens' certificates. */
export interface Authority {
  /** Roots in PEM. */
  readonly anchors: { readonly csca: string; readonly citizenCa: string; readonly cnsCa: string };
  issue(wanted: CitizenCertificate): Uint8Array;
  signSod(files: ReadonlyMap<number, Uint8Array>, hash: SodHash, options?: SodOptions): Uint8Array;
  /** CRL in DER. */
  crl(issuer: IssuerName): Uint8Array;
  /** OCSP answer in DER. */
  ocsp(request: Uint8Array): Uint8Array;
}

/** 8 bytes, positive, never zero: the same text gives the same serial at every start. */
function serialOf(text: string): Uint8Array {
  return concat(fromHex('4a'), digest('sha256', Buffer.from(text)).subarray(0, 7));
}

export interface AuthorityOptions {
  readonly keys: CardKeys;
  readonly now: () => number;
  /** Base of the addresses in the certificates, e.g. `http://127.0.0.1:7410/ca`; asked when a certificate is made. */
  readonly address: () => string;
}

export async function createAuthority({ keys, now, address }: AuthorityOptions): Promise<Authority> {
  const [cscaKey, signerKey, citizenKey, cnsKey] = await Promise.all([
    keys.rsa('csca'),
    keys.rsa('document-signer'),
    keys.rsa('citizen-ca'),
    keys.rsa('cns-ca'),
  ]);
  const root = (name: Name, key: KeyObject, scheme: Scheme) =>
    certificateDer(
      {
        serial: serialOf(JSON.stringify(name)),
        subject: name,
        issuer: name,
        notBefore: now() - YEAR,
        notAfter: now() + 20 * YEAR,
        publicKey: key,
        extensions: [
          extensions.basicConstraints(true),
          extensions.keyUsage('c'),
          extensions.subjectKey(key),
          extensions.authorityKey(key),
        ],
      },
      key,
      scheme,
    );
  const kept = (file: string, name: Name, key: KeyObject, scheme: Scheme) =>
    keys.text(file, async () => pem('CERTIFICATE', root(name, key, scheme)));
  const [csca, citizenCa, cnsCa] = await Promise.all([
    kept('csca-certificate.pem', CSCA, cscaKey, PSS),
    kept('citizen-ca-certificate.pem', CITIZEN_CA, citizenKey, PKCS1),
    kept('cns-ca-certificate.pem', CNS_CA, cnsKey, PKCS1),
  ]);

  const signerSerial = serialOf('document signer');
  const signer: DocumentSigner = {
    key: signerKey,
    issuer: CSCA,
    serial: signerSerial,
    certificate: certificateDer(
      {
        serial: signerSerial,
        subject: SIGNER,
        issuer: CSCA,
        notBefore: now() - YEAR / 4,
        notAfter: now() + 11 * YEAR,
        publicKey: signerKey,
        extensions: [
          extensions.documentTypes('C'),
          extensions.authorityKey(cscaKey),
          extensions.subjectKey(signerKey),
          extensions.keyUsage('s'),
        ],
      },
      cscaKey,
      PSS,
    ),
  };

  interface Book extends Issuer {
    readonly revoked: { serial: Uint8Array; at: number }[];
    readonly issued: Uint8Array[];
  }
  const books: Record<IssuerName, Book> = {
    citizen: { name: CITIZEN_CA, key: citizenKey, revoked: [], issued: [] },
    cns: { name: CNS_CA, key: cnsKey, revoked: [], issued: [] },
  };

  return {
    anchors: { csca, citizenCa, cnsCa },
    issue: (wanted) => {
      const book = books[wanted.issuer];
      const serial = serialOf(wanted.serialText);
      book.issued.push(serial);
      if (wanted.revokedAt !== undefined) book.revoked.push({ serial, at: wanted.revokedAt });
      return certificateDer(
        {
          serial,
          subject: [
            ['C', 'IT'],
            ['O', ORGANISATION],
            ['surname', wanted.surname],
            ['givenName', wanted.givenName],
            ['CN', wanted.commonName],
          ],
          issuer: book.name,
          notBefore: wanted.notBefore,
          notAfter: wanted.notAfter,
          publicKey: createPublicKey(wanted.key),
          extensions: [
            extensions.basicConstraints(false),
            extensions.keyUsage('s'),
            extensions.clientAuthentication(),
            extensions.subjectKey(wanted.key),
            extensions.authorityKey(book.key),
            extensions.revocationList(`${address()}/${wanted.issuer}.crl`),
            extensions.statusService(`${address()}/ocsp`),
          ],
        },
        book.key,
        PKCS1,
      );
    },
    signSod: (files, hash, options) => signedSod(files, hash, signer, options),
    crl: (issuer) => revocationList(books[issuer], now()),
    ocsp: (request) => statusAnswer(request, [books.citizen, books.cns], now()),
  };
}
