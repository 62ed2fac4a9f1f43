import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Issued, RSA_SIGNING, rsaPair, TestAuthority } from '../testing/index.ts';
import { chainOf, readCertificate } from './index.ts';

const now = Date.UTC(2026, 10, 21);
const root = new TestAuthority('Root', { now });
const under = (issuer: TestAuthority, over: Partial<Issued> = {}) =>
  new TestAuthority('Middle', { now, issuer, over });
const leafOf = (ca: TestAuthority) =>
  ca.issue({ subject: [['CN', 'x']], publicKey: rsaPair('leaf').publicKey });
const certificates = (...authorities: TestAuthority[]) =>
  authorities.map(({ certificate }) => readCertificate(certificate));

describe('a chain', () => {
  it('goes through configured intermediates up to the root', () => {
    const middle = under(root);
    const chain = chainOf(readCertificate(leafOf(middle)), certificates(root, middle), now);
    expect(chain).toHaveLength(3);
  });

  it('ends at the highest that was configured', () => {
    const middle = under(root);
    expect(chainOf(readCertificate(leafOf(middle)), certificates(middle), now)).toHaveLength(2);
  });

  it.each<[string, () => TestAuthority[]]>([
    ['the intermediate is not configured', () => [root]],
    ['nothing is', () => []],
    ['the intermediate is no CA', () => [root, middleWith({ ca: undefined })]],
    ['the intermediate may not sign certificates', () => [root, middleWith({ keyUsage: 0x80 })]],
    ['the intermediate has expired', () => [root, middleWith({ to: now - 1_000 })]],
    [
      'the root has expired',
      () => {
        const old = new TestAuthority('Root', { now, over: { to: now - 1_000 } });
        return [old, under(old)];
      },
    ],
    [
      'the root allows nothing below',
      () => {
        const short = new TestAuthority('Root', { now, over: { ca: { pathLength: 0 } } });
        return [short, under(short)];
      },
    ],
  ])('is none when %s', (_, made) => {
    const authorities = made();
    const ca = authorities.find(({ subject }) => subject.at(-1)?.[1] === 'Middle') ?? under(root);
    expect(chainOf(readCertificate(leafOf(ca)), certificates(...authorities), now)).toBeUndefined();
  });

  it.each([
    ['sha256', 2],
    ['sha1', undefined],
    ['md5', undefined],
  ] as const)('of certificates signed by RSA and %s has the length %s', (hash, length) => {
    const old = new TestAuthority('Root', { now, pair: rsaPair('root'), signing: RSA_SIGNING[hash] });
    expect(chainOf(readCertificate(leafOf(old)), certificates(old), now)?.length).toBe(length);
  });

  it('is found among two authorities of one name', () => {
    const twin = new TestAuthority('Root', { now });
    expect(chainOf(readCertificate(leafOf(root)), certificates(twin, root), now)?.[1]?.der).toEqual(
      root.certificate,
    );
  });

  it('is not led in circles', () => {
    const one = new TestAuthority('One', { now });
    const two = new TestAuthority('Two', { now, issuer: one });
    const oneByTwo = two.issue({ subject: one.subject, publicKey: one.publicKey, ca: {}, keyUsage: 0x06 });
    const trusted = [readCertificate(oneByTwo), readCertificate(two.certificate)];
    expect(chainOf(readCertificate(leafOf(one)), trusted, now)).toBeUndefined();
  });
});

describe('a certificate', () => {
  const der = leafOf(root);

  it('cut, stretched or changed anywhere is refused by name, or no longer signed', () => {
    const change = fc.tuple(fc.nat(der.length - 1), fc.uint8Array({ maxLength: 4 }), fc.nat(4));
    fc.assert(
      fc.property(change, ([at, inserted, dropped]) => {
        const changed = Buffer.concat([der.subarray(0, at), inserted, der.subarray(at + dropped)]);
        fc.pre(!changed.equals(der));
        try {
          expect(chainOf(readCertificate(changed), certificates(root), now)).toBeUndefined();
        } catch (error) {
          if (!isJollyError(error, 'CERTIFICATE_INVALID')) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

function middleWith(over: { readonly [Key in keyof Issued]?: Issued[Key] | undefined }): TestAuthority {
  return under(root, over as Partial<Issued>);
}
