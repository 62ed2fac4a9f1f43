import type { X509Certificate } from 'node:crypto';

export type HashName = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

export type SodSignature =
  | { readonly scheme: 'rsa-pkcs1' | 'ecdsa'; readonly hash: HashName; readonly value: Uint8Array }
  | {
      readonly scheme: 'rsa-pss';
      readonly hash: HashName;
      readonly saltLength: number;
      readonly value: Uint8Array;
    };

/** A document's signed list of hashes, taken apart and not yet checked. */
export interface SecurityObject {
  readonly hash: HashName;
  /** Number of the file → its hash. Numbers are unsigned: A1…A5 and 1B of the CIE application, 1…16 of a travel document. */
  readonly entries: ReadonlyMap<number, Uint8Array>;
  readonly signerCertificate: X509Certificate;
  /** The LDSSecurityObject as signed. */
  readonly content: Uint8Array;
  readonly attributes: {
    /** DER of the SET OF, tag 31: what the signature is over. */
    readonly signed: Uint8Array;
    readonly digestHash: HashName;
    readonly digest: Uint8Array;
  };
  readonly signature: SodSignature;
}
