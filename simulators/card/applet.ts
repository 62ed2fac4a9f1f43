import type { KeyObject } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';

/** One of the applications of an emulated card. */
export interface Applet {
  /** Power on or reset: everything in volatile memory is gone. */
  reset(): void;
  /**
   * One whole command APDU; the answer ends with SW1 SW2. Undefined: not for this application, the next one is asked. It
   * sees what it leaves to others too (a SELECT of the root or of the IAS application ends its session).
   */
  handle(apdu: Uint8Array): Uint8Array | undefined;
}

export type SodHash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** How a SOD is made (cie-card.md 7.4). */
export interface SodOptions {
  /** Default `pss`: RSASSA-PSS, salt as long as the hash. */
  readonly signature?: 'pss' | 'pkcs1';
  /** LDSSecurityObject version; 1 (the default) adds "0108" and "040000". */
  readonly version?: 0 | 1;
}

export interface PaceOffer {
  readonly mapping: 'DH-GM' | 'ECDH-GM' | 'DH-IM' | 'ECDH-IM';
  readonly cipher: '3DES' | 'AES-128' | 'AES-192' | 'AES-256';
  /** Number of the domain parameters (cie-card.md 7.1). */
  readonly parameterId: number;
}

/** What the panel's faults ask of the application now; asked at each command. */
export interface AppletTrouble {
  /** The SOD does not fit: its signature or a hash is wrong. */
  readonly badSod: boolean;
  /** The card does not own the private keys of its public ones. */
  readonly clone: boolean;
}

/** All that the travel-document side of a card is made of: `createTravelDocument(persona): Applet`. */
export interface TravelPersona {
  /** 9 characters, as on the card's face and in EF.Seriale. */
  readonly documentNumber: string;
  /** Natural spelling with accents, apostrophes and blanks; the MRZ is the applet's to make. */
  readonly surname: string;
  readonly givenNames: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly expiryDate: string;
  readonly sex: 'M' | 'F';
  readonly fiscalCode: string;
  readonly birthPlace: string;
  readonly address: string;
  /** 6 digits. */
  readonly can: string;
  /** JPEG2000 or JPEG bytes. */
  readonly photo: Uint8Array;
  /** What EF.CardAccess lists, in this order; empty: no EF.CardAccess. */
  readonly pace: readonly PaceOffer[];
  readonly bac: boolean;
  /** Whole EF.SOD (tag 77) over whole files by their number (1, 2, 11, 14, 15): the hashing is done inside. */
  signSod(files: ReadonlyMap<number, Uint8Array>, hash: SodHash, options?: SodOptions): Uint8Array;
  readonly sod: { readonly hash: SodHash } & SodOptions;
  /** Private key of DG15 (RSA or EC), when the card offers active authentication. */
  readonly activeAuthentication?: KeyObject;
  /** Private EC key of DG14 and the cipher offered with it, when the card offers chip authentication. */
  readonly chipAuthentication?: { readonly key: KeyObject; readonly cipher: PaceOffer['cipher'] };
  trouble(): AppletTrouble;
  readonly random: RandomBytes;
}
