import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { der, RSA_SIGNING, rsaPair, type SodMade, TestAuthority } from '../../fleet-server/testing/index.ts';
import { isJollyError } from '../values/index.ts';
import { checkSod, readSod } from './index.ts';

const now = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;
const files = new Map([[1, Buffer.from('one')]]);
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

const csca = new TestAuthority('CSCA', { now });
const verdict = (made: SodMade = {}, by = csca, anchor = by.certificate): string => {
  try {
    checkSod(readSod(by.sod(files, made)), { anchors: [new X509Certificate(anchor)], at: now });
    return 'taken';
  } catch (error) {
    if (!isJollyError(error)) throw error;
    return [error.code, error.detail.why].filter((part) => part !== undefined).join(' ');
  }
};

describe('the signer of a security object', () => {
  const rsa = { pair: rsaPair('signer'), signing: RSA_SIGNING.sha256 };

  it.each<[string, SodMade]>([
    ['has an EC key', {}],
    ['has one of 224 bits', { pair: ec('secp224r1') }],
    ['has an RSA key of 2048 bits', rsa],
  ])('is taken when it %s', (_, made) => expect(verdict(made)).toBe('taken'));

  it.each<[string, SodMade, string]>([
    ['has an RSA key of 1024 bits', { ...rsa, pair: rsaPair('weak signer', 1_024) }, 'signer-key'],
    ['has an EC key of 192 bits', { pair: ec('prime192v1') }, 'signer-key'],
    ['is an authority', { certificate: { ca: {}, keyUsage: 0x86 } }, 'signer-use'],
    ['may not sign', { certificate: { keyUsage: 0x08 } }, 'signer-use'],
    ['signs master lists', { certificate: { extendedKeyUsage: '2.23.136.1.1.3' } }, 'signer-use'],
  ])('of the right authority is not taken when it %s', (_, made, why) => {
    expect(verdict(made)).toBe(`SOD_SIGNER_UNTRUSTED ${why}`);
  });

  it.each([
    ['sha256', 'taken'],
    ['sha1', 'SOD_SIGNER_UNTRUSTED signer-algorithm'],
    ['md5', 'SOD_SIGNER_UNTRUSTED signer-algorithm'],
  ] as const)('with a certificate signed by RSA and %s: %s', (hash, expected) => {
    const old = new TestAuthority('CSCA', { now, pair: rsaPair('csca'), signing: RSA_SIGNING[hash] });
    expect(verdict({}, old)).toBe(expected);
  });

  it('is not taken when RSASSA-PSS names no hash, which means SHA-1', () => {
    const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.10'), der.sequence());
    const old = new TestAuthority('CSCA', {
      now,
      pair: rsaPair('csca'),
      signing: { hash: 'sha1', algorithm },
    });
    expect(verdict({}, old)).toBe('SOD_SIGNER_UNTRUSTED signer-algorithm');
  });

  it('is not taken out of its time', () => {
    expect(verdict({ certificate: { to: now - 1_000 } })).toBe('SOD_SIGNER_EXPIRED');
    expect(verdict({ certificate: { from: now + 1_000 } })).toBe('SOD_SIGNER_EXPIRED');
  });

  it('is not taken when its authority is out of its time, or is none', () => {
    const over = [{ to: now - DAY }, { ca: undefined, keyUsage: 0x80 }];
    const [expired, noCa] = over.map((each) => new TestAuthority('CSCA', { now, over: each }));
    expect(verdict({}, expired)).toBe('SOD_SIGNER_EXPIRED');
    expect(verdict({}, noCa)).toBe('SOD_SIGNER_UNTRUSTED');
  });
});

describe('SHA-1 in a security object', () => {
  const pair = rsaPair('signer');

  it('is taken under the ministry’s RSA signature only', () => {
    expect(verdict({ pair, signing: RSA_SIGNING.sha1 })).toBe('taken');
    expect(verdict({ pair, signing: RSA_SIGNING.sha256, hash: 'sha1' })).toBe('SOD_SIGNATURE_WRONG sha1');
    expect(verdict({ hash: 'sha1' })).toBe('SOD_SIGNATURE_WRONG sha1');
    const byEc = { hash: 'sha1', algorithm: der.sequence(der.oid('1.2.840.10045.4.1')) };
    expect(verdict({ signing: byEc })).toBe('SOD_SIGNATURE_WRONG sha1');
  });
});

it('a security object whose signed attributes name no content is none', () => {
  expect(verdict({ contentType: false })).toBe('SOD_INVALID attributes');
});
