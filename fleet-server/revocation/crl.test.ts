import { describe, expect, it } from 'vitest';
import { der, rsaPair, TestAuthority } from '../testing/index.ts';
import { type Certificate, readCertificate } from '../trust/index.ts';
import { isListed, isListFor, readCrl } from './crl.ts';

const now = Date.UTC(2026, 10, 21);
const ADDRESS = 'http://ca.test/crl03.crl';
const root = new TestAuthority('Root', { now });
const issuer = readCertificate(root.certificate);
const { publicKey } = rsaPair('citizen');

const address = (text: string) => der.tlv(0x86, Buffer.from(text));
const commonName = (text: string) => der.sequence(der.oid('2.5.4.3'), der.utf8(text));
const directory = (text: string) => der.tlv(0xa4, der.sequence(der.set(commonName(text))));
const fullName = (...names: Buffer[]) => der.tlv(0xa0, der.tlv(0xa0, names));
const flag = (at: number) => der.tlv(0x80 + at, Buffer.from([0xff]));

const certificate = (over: object = {}): Certificate =>
  readCertificate(root.issue({ subject: [['CN', 'x']], publicKey, crlUrl: ADDRESS, ...over }));
/** A list with these fields in its IssuingDistributionPoint. */
const list = (...point: Buffer[]) =>
  readCrl(root.crl({ extensions: [distribution(der.sequence(point))] }), issuer, now);
const distribution = (value: Buffer) =>
  der.sequence(der.oid('2.5.29.28'), der.boolean(true), der.octets(value));

describe('a list', () => {
  it('speaks of every certificate when it does not say otherwise', () => {
    expect(isListFor(readCrl(root.crl(), issuer, now), certificate())).toBe(true);
    expect(isListFor(list(), certificate())).toBe(true);
  });

  it.each<[string, Buffer[], boolean]>([
    ['the address of the certificate', [fullName(address(ADDRESS))], true],
    ['that address among others', [fullName(address('ldap://ca.test/cn=CRL03'), address(ADDRESS))], true],
    ['another address', [fullName(address('http://ca.test/crl07.crl'))], false],
    ['a directory by address only', [fullName(address('ldap://ca.test/cn=CRL07'))], false],
    ['a directory name only', [fullName(directory('CRL07'))], false],
    ['no name at all', [fullName()], false],
    [
      'a name relative to the issuer',
      [der.tlv(0xa0, der.tlv(0xa1, der.sequence(der.oid('2.5.4.3'), der.utf8('CRL07'))))],
      false,
    ],
  ])('of a part with %s speaks of it: %s', (_, point, expected) => {
    expect(isListFor(list(...point), certificate())).toBe(expected);
  });

  it.each([
    ['a directory’s address', address('ldap://ca.test/cn=CRL07')],
    ['a directory name', directory('CRL07')],
  ])('of a part that the certificate too names by %s speaks of it', (_, name) => {
    expect(isListFor(list(fullName(name)), certificate({ crlNames: [name] }))).toBe(true);
    expect(isListFor(list(fullName(name)), certificate({ crlNames: [directory('CRL08')] }))).toBe(false);
  });

  it('for users says nothing of an authority, and the other way round', () => {
    const authority = certificate({ ca: {}, keyUsage: 0x06 });
    const [users, authorities] = [list(flag(1)), list(flag(2))];
    expect([isListFor(users, certificate()), isListFor(users, authority)]).toEqual([true, false]);
    expect([isListFor(authorities, certificate()), isListFor(authorities, authority)]).toEqual([false, true]);
  });

  it.each<[string, Buffer[]]>([
    ['of some reasons only', [der.tlv(0x83, Buffer.from([0, 0x80]))]],
    ['that is indirect', [flag(4)]],
    ['of attribute certificates', [flag(5)]],
    ['of users only and authorities only', [flag(1), flag(2)]],
  ])('%s is not used', (_, point) => {
    expect(() => list(...point)).toThrow(
      expect.objectContaining({ code: 'CRL_UNUSABLE', detail: { why: 'part' } }),
    );
  });

  it('is not used under another name, though the right key signed it', () => {
    const other = new TestAuthority('Other', { now });
    expect(() => readCrl(other.crl({ by: root }), issuer, now)).toThrow(
      expect.objectContaining({ code: 'CRL_UNUSABLE', detail: { why: 'issuer' } }),
    );
  });

  it('is not used of an authority that may sign certificates and no lists', () => {
    const short = new TestAuthority('Root', { now, over: { keyUsage: 0x04 } });
    expect(() => readCrl(short.crl(), readCertificate(short.certificate), now)).toThrow(
      expect.objectContaining({ code: 'CRL_UNUSABLE', detail: { why: 'issuer-key-usage' } }),
    );
  });

  it('of many is read through once, not at each question', () => {
    const revoked = Array.from({ length: 20_000 }, (_, at) => 1_000_000 + at);
    const long = readCrl(root.crl({ revoked }), issuer, now);
    const [first, last, none] = [1_000_000, 1_019_999, 999].map((serial) => certificate({ serial }));
    const started = performance.now();
    for (let times = 0; times < 1_000; times += 1) if (none) isListed(long, none);
    // searching it each time takes ten seconds
    expect(performance.now() - started).toBeLessThan(1_000);
    expect([first, last, none].map((each) => each && isListed(long, each))).toEqual([true, true, false]);
  });
});
