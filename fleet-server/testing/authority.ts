import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  bits,
  boolean,
  integer,
  nothing,
  octets,
  oid,
  printable,
  sequence,
  set,
  time,
  tlv,
  utf8,
} from './der-writer.ts';

const DAY = 86_400_000;
const ATTRIBUTES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  O: '2.5.4.10',
  GN: '2.5.4.42',
};

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export type Subject = readonly (readonly [attribute: string, value: string])[];

export const nameOf = (subject: Subject): Buffer =>
  sequence(
    subject.map(([attribute, value]) =>
      set(
        sequence(oid(ATTRIBUTES[attribute] ?? attribute), attribute === 'C' ? printable(value) : utf8(value)),
      ),
    ),
  );

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const spki = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });
const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
const extension = (name: string, value: Uint8Array, critical = false): Buffer =>
  sequence(oid(name), critical ? [boolean(true)] : [], octets(value));
const url = (text: string): Buffer => tlv(0x86, Buffer.from(text));

/** How an authority signs. */
export interface Signing {
  readonly hash: string;
  readonly algorithm: Uint8Array;
}
const BY_EC: Signing = { hash: 'sha256', algorithm: ECDSA_SHA256 };
/** For an authority with an RSA pair. */
export const RSA_SIGNING: Readonly<Record<'md5' | 'sha1' | 'sha256', Signing>> = {
  md5: { hash: 'md5', algorithm: sequence(oid('1.2.840.113549.1.1.4'), nothing()) },
  sha1: { hash: 'sha1', algorithm: sequence(oid('1.2.840.113549.1.1.5'), nothing()) },
  sha256: { hash: 'sha256', algorithm: sequence(oid('1.2.840.113549.1.1.11'), nothing()) },
};

/** `SEQUENCE { body, algorithm, signature }`, by an EC key unless it says otherwise. */
function signedBy(key: KeyObject, { hash, algorithm }: Signing, body: Uint8Array): Buffer {
  return sequence(body, algorithm, bits(sign(hash, body, key)));
}
export const signed = (body: Uint8Array, key: KeyObject, ...more: readonly Uint8Array[]): Buffer =>
  sequence(body, ECDSA_SHA256, bits(sign('sha256', body, key)), ...more);

/** What a security object is made by and of, where it is not the usual. */
export interface SodMade {
  readonly pair?: KeyPair;
  readonly certificate?: Partial<Issued>;
  readonly signing?: Signing;
  /** Of the files and of the content. */
  readonly hash?: 'sha1' | 'sha256';
  readonly contentType?: boolean;
}
const HASH_OIDS = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' };

export interface Issued {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly from?: number;
  readonly to?: number;
  readonly serial?: number;
  readonly crlUrl?: string | undefined;
  /** GeneralNames of the distribution point, beside the address. */
  readonly crlNames?: readonly Uint8Array[];
  readonly ocspUrl?: string | undefined;
  readonly ca?: { readonly pathLength?: number } | undefined;
  /** First byte of the BIT STRING: 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign, 0x02 cRLSign. */
  readonly keyUsage?: number;
  readonly extendedKeyUsage?: string;
  /** Further extensions, whole. */
  readonly extensions?: readonly Uint8Array[];
}

let serials = 1_000;

/** A certification authority of the tests: P-256, everything by our own writer. */
export class TestAuthority {
  readonly subject: Subject;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  readonly now: number;
  readonly certificate: Buffer;
  readonly signing: Signing;

  constructor(
    name: string,
    options: {
      readonly now: number;
      readonly issuer?: TestAuthority;
      readonly over?: Partial<Issued>;
      /** Instead of a P-256 pair of its own. */
      readonly pair?: KeyPair;
      readonly signing?: Signing;
    },
  ) {
    const pair = options.pair ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.signing = options.signing ?? BY_EC;
    this.key = pair.privateKey;
    this.publicKey = pair.publicKey;
    this.now = options.now;
    this.subject = [
      ['C', 'IT'],
      ['O', 'Jolly TEST'],
      ['CN', name],
    ];
    this.certificate = (options.issuer ?? this).issue({
      subject: this.subject,
      publicKey: this.publicKey,
      from: this.now - 1_000 * DAY,
      to: this.now + 4_000 * DAY,
      ca: {},
      keyUsage: 0x06,
      ...options.over,
    });
  }

  get pem(): string {
    return pemOf(this.certificate);
  }

  issue(wanted: Issued): Buffer {
    const { from = this.now - 100 * DAY, to = this.now + 1_000 * DAY, ca } = wanted;
    const points = [...(wanted.crlUrl ? [url(wanted.crlUrl)] : []), ...(wanted.crlNames ?? [])];
    const extensions = [
      ...(ca
        ? [
            extension(
              '2.5.29.19',
              sequence(boolean(true), ca.pathLength === undefined ? [] : [integer(ca.pathLength)]),
              true,
            ),
          ]
        : [extension('2.5.29.19', sequence())]),
      extension('2.5.29.15', tlv(0x03, Buffer.from([0, wanted.keyUsage ?? 0x80])), true),
      ...(wanted.extendedKeyUsage ? [extension('2.5.29.37', sequence(oid(wanted.extendedKeyUsage)))] : []),
      ...(points.length > 0
        ? [extension('2.5.29.31', sequence(sequence(tlv(0xa0, tlv(0xa0, points)))))]
        : []),
      ...(wanted.ocspUrl
        ? [extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), url(wanted.ocspUrl))))]
        : []),
      ...(wanted.extensions ?? []),
    ];
    const body = sequence(
      tlv(0xa0, integer(2)),
      integer(wanted.serial ?? serials++),
      this.signing.algorithm,
      nameOf(this.subject),
      sequence(time(from), time(to)),
      nameOf(wanted.subject),
      spki(wanted.publicKey),
      tlv(0xa3, sequence(extensions)),
    );
    return signedBy(this.key, this.signing, body);
  }

  crl(
    options: {
      readonly revoked?: readonly number[];
      readonly from?: number;
      readonly to?: number;
      readonly by?: TestAuthority;
      readonly extensions?: readonly Uint8Array[];
    } = {},
  ): Buffer {
    const { revoked = [], from = this.now - DAY, to = this.now + DAY, by = this } = options;
    const rows = revoked.map((serial) => sequence(integer(serial), time(from)));
    const extensions = options.extensions ?? [];
    return signed(
      sequence(
        integer(1),
        ECDSA_SHA256,
        nameOf(this.subject),
        time(from),
        time(to),
        rows.length > 0 ? [sequence(rows)] : [],
        extensions.length > 0 ? [tlv(0xa0, sequence(extensions))] : [],
      ),
      by.key,
    );
  }

  /** An answer about one serial, by this authority or by a responder with a certificate. */
  ocsp(options: {
    readonly serial: number;
    readonly status?: 'good' | 'revoked' | 'unknown';
    readonly from?: number;
    readonly to?: number | undefined;
    /** The key that the answer says the certificate's issuer has. */
    readonly issuerKey?: KeyObject;
    readonly responder?: { readonly key: KeyObject; readonly subject: Subject; readonly certificate: Buffer };
  }): Buffer {
    const { serial, status = 'good', from = this.now - 60_000, responder } = options;
    const issuerKey = options.issuerKey ?? this.publicKey;
    const to = 'to' in options ? options.to : this.now + DAY;
    const id = sequence(
      sequence(oid('1.3.14.3.2.26'), nothing()),
      octets(sha1(nameOf(this.subject))),
      octets(sha1(keyBitsOf(issuerKey))),
      integer(serial),
    );
    const states = { good: tlv(0x80), revoked: tlv(0xa1, time(from)), unknown: tlv(0x82) };
    const body = sequence(
      tlv(0xa1, nameOf(responder?.subject ?? this.subject)),
      time(from),
      sequence(sequence(id, states[status], time(from), to === undefined ? [] : [tlv(0xa0, time(to))])),
    );
    const certificates = responder ? [tlv(0xa0, sequence(responder.certificate))] : [];
    const basic = signed(body, responder?.key ?? this.key, ...certificates);
    return sequence(
      tlv(0x0a, Buffer.from([0])),
      tlv(0xa0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))),
    );
  }

  /** A security object over these files, by a document signer of this authority (a CSCA). */
  sod(files: ReadonlyMap<number, Uint8Array>, made: SodMade = {}): Buffer {
    const { pair = generateKeyPairSync('ec', { namedCurve: 'P-256' }), signing = BY_EC } = made;
    const { hash: hashName = 'sha256', contentType = true } = made;
    const serial = serials++;
    const subject: Subject = [['CN', 'Signer']];
    const certificate = this.issue({ subject, publicKey: pair.publicKey, serial, ...made.certificate });
    const hashed = sequence(oid(HASH_OIDS[hashName]));
    const hash = (bytes: Uint8Array): Buffer => createHash(hashName).update(bytes).digest();
    const rows = [...files].map(([number, file]) =>
      // one byte, negative in strict DER, as the cards have it
      sequence(tlv(0x02, Buffer.from([number])), octets(hash(file))),
    );
    const content = sequence(integer(0), hashed, sequence(rows));
    const lds = oid('2.23.136.1.1.1');
    const attributes = [
      ...(contentType ? [sequence(oid('1.2.840.113549.1.9.3'), set(lds))] : []),
      sequence(oid('1.2.840.113549.1.9.4'), set(octets(hash(content)))),
    ];
    const signer = sequence(
      integer(1),
      sequence(nameOf(this.subject), integer(serial)),
      hashed,
      tlv(0xa0, attributes),
      signing.algorithm,
      octets(sign(signing.hash, set(attributes), pair.privateKey)),
    );
    const data = sequence(
      integer(3),
      set(hashed),
      sequence(lds, tlv(0xa0, octets(content))),
      tlv(0xa0, certificate),
      set(signer),
    );
    return tlv(0x77, sequence(oid('1.2.840.113549.1.7.2'), tlv(0xa0, data)));
  }
}

/** The key's bits: an EC point is the last 65 bytes of its SPKI. */
function keyBitsOf(key: KeyObject): Buffer {
  return spki(key).subarray(-65);
}

export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
