import { constants, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto';
import { type LoginContext, loginText } from '@jolly/contracts/citizen-login';
import type { LoginProof } from '@jolly/contracts/fleet-api';
import type { Issued, KeyPair, TestAuthority } from './authority.ts';
import { tlv } from './der-writer.ts';

const made = new Map<string, KeyPair>();
/** An RSA pair, made once for each name in a test file: they cost a tenth of a second each. */
export function rsaPair(name: string, bits = 2_048): KeyPair {
  const pair = made.get(name) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  made.set(name, pair);
  return pair;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const GIULIA = { fiscalCode: 'BNCGLI90A41G999P', givenName: 'Giulia', familyName: 'Bianchi' } as const;
export const MARIO = { fiscalCode: 'RSSMRA85T10A562S', givenName: 'Mario', familyName: 'Rossi' } as const;

export interface TestCardOptions {
  readonly citizenCa: TestAuthority;
  readonly csca: TestAuthority;
  readonly holder?: { readonly fiscalCode: string; readonly givenName: string; readonly familyName: string };
  readonly nis?: string;
  readonly documentNumber?: string;
  /** Name of the key pair: another name, another card. */
  readonly name?: string;
  readonly certificate?: Partial<Issued>;
}

/** A card in the test's hands, as far as the server can see of one. */
export class TestCard {
  readonly pair: KeyPair;
  readonly antiClone: KeyPair;
  readonly certificate: Buffer;
  readonly nis: string;
  readonly sod: Buffer;
  readonly documentSod: Buffer;
  readonly dg1: Buffer;
  readonly dg11: Buffer;

  constructor(options: TestCardOptions) {
    const { holder = GIULIA, name = 'giulia', nis = '123456789012', documentNumber = 'CA00000AA' } = options;
    this.pair = rsaPair(name);
    this.antiClone = rsaPair(`${name} anti-clone`);
    this.nis = nis;
    this.certificate = options.citizenCa.issue({
      subject: [
        ['C', 'IT'],
        ['SN', holder.familyName],
        ['GN', holder.givenName],
        ['CN', `${holder.fiscalCode}/${nis}.abc`],
      ],
      publicKey: this.pair.publicKey,
      ...options.certificate,
    });
    this.sod = options.csca.sod(
      new Map<number, Uint8Array>([
        [0xa1, Buffer.from(nis)],
        [0xa2, Buffer.from(documentNumber)],
        [0xa3, this.certificate],
        [0xa5, this.antiCloneFile],
      ]),
    );
    this.dg1 = dg1(documentNumber, '900101', '301231', `${holder.familyName}<<${holder.givenName}`);
    this.dg11 = tlv(
      0x6b,
      tag2(0x5f0e, Buffer.from(`${holder.familyName}<<${holder.givenName}`)),
      tag2(0x5f10, Buffer.from(holder.fiscalCode)),
      tag2(0x5f2b, Buffer.from('19900101')),
    );
    this.documentSod = options.csca.sod(
      new Map([
        [1, this.dg1],
        [11, this.dg11],
      ]),
    );
  }

  get antiCloneFile(): Buffer {
    return this.antiClone.publicKey.export({ format: 'der', type: 'pkcs1' });
  }

  signature(context: LoginContext): string {
    return base64(sign('sha256', Buffer.from(loginText(context)), this.pair.privateKey));
  }

  pinProof(context: LoginContext): Extract<LoginProof, { kind: 'cie-pin' }> {
    return {
      kind: 'cie-pin',
      certificate: base64(this.certificate),
      signature: this.signature(context),
      nis: this.nis,
      sod: base64(this.sod),
    };
  }

  cnsProof(context: LoginContext): LoginProof {
    return { kind: 'cns-pin', certificate: base64(this.certificate), signature: this.signature(context) };
  }

  cardProof(context: LoginContext): Extract<LoginProof, { kind: 'cie-card' }> {
    const key = { key: this.antiClone.privateKey, padding: constants.RSA_PKCS1_PADDING };
    return {
      kind: 'cie-card',
      nis: this.nis,
      antiCloneKey: base64(this.antiCloneFile),
      antiCloneAnswer: base64(privateEncrypt(key, Buffer.from(context.nonce, 'base64url'))),
      sod: base64(this.sod),
      dg1: base64(this.dg1),
      dg11: base64(this.dg11),
      documentSod: base64(this.documentSod),
    };
  }
}

export function tag2(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag >> 8]), tlv(tag & 0xff, content)]);
}

function digit(text: string): string {
  const values = [...text].map((sign) => (sign === '<' ? 0 : Number.parseInt(sign, 36)));
  return String(values.reduce((sum, value, at) => sum + value * ([7, 3, 1][at % 3] ?? 0), 0) % 10);
}

/** DG1 of a card-sized document, check digits included. */
export function dg1(number: string, birth: string, expiry: string, name: string): Buffer {
  const one = `C<ITA${number.padEnd(9, '<')}${digit(number.padEnd(9, '<'))}`.padEnd(30, '<');
  const dates = `${birth}${digit(birth)}F${expiry}${digit(expiry)}ITA`.padEnd(29, '<');
  const whole = one.slice(5) + dates.slice(0, 7) + dates.slice(8, 15) + dates.slice(18, 29);
  const three = name.toUpperCase().slice(0, 30).padEnd(30, '<');
  return tlv(0x61, tag2(0x5f1f, Buffer.from(one + dates + digit(whole) + three)));
}
