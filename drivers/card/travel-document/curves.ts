import { type WeierstrassPointCons, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';

/** Points of one curve of cofactor 1 over a prime field. */
export type Curve = WeierstrassPointCons<bigint>;

interface Domain {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  readonly n: bigint;
  readonly Gx: bigint;
  readonly Gy: bigint;
}

const COFACTOR = 1n;

/** RFC 5639 3.4. */
const brainpoolP224r1: Domain = {
  p: 0xd7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ffn,
  a: 0x68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43n,
  b: 0x2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400bn,
  n: 0xd7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939fn,
  Gx: 0x0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07dn,
  Gy: 0x58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cdn,
};

/** RFC 5639 3.5. */
const brainpoolP320r1: Domain = {
  p: 0xd35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27n,
  a: 0x3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4n,
  b: 0x520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6n,
  n: 0xd35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311n,
  Gx: 0x43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611n,
  Gy: 0x14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1n,
};

/** FIPS 186-4 D.1.2.2. */
const secp224r1: Domain = {
  p: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
  a: 0xfffffffffffffffffffffffffffffffefffffffffffffffffffffffen,
  b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
  n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  Gx: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
  Gy: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
};

const once = (domain: Domain): (() => Curve) => {
  let made: Curve | undefined;
  return () => {
    made ??= weierstrass<bigint>({ ...domain, h: COFACTOR });
    return made;
  };
};

interface KnownCurve {
  readonly name: string;
  /** Id of the standardised parameters (9303-11 9.5.1). */
  readonly id: number;
  readonly oid: string;
  curve(): Curve;
}

/** Curves a travel document may use. The 192-bit ones (8, 9) are too short to be trusted and are left out. */
const KNOWN: readonly KnownCurve[] = [
  { name: 'P-224', id: 10, oid: '1.3.132.0.33', curve: once(secp224r1) },
  { name: 'brainpoolP224r1', id: 11, oid: '1.3.36.3.3.2.8.1.1.5', curve: once(brainpoolP224r1) },
  { name: 'P-256', id: 12, oid: '1.2.840.10045.3.1.7', curve: () => p256.Point },
  { name: 'brainpoolP256r1', id: 13, oid: '1.3.36.3.3.2.8.1.1.7', curve: () => brainpoolP256r1.Point },
  { name: 'brainpoolP320r1', id: 14, oid: '1.3.36.3.3.2.8.1.1.9', curve: once(brainpoolP320r1) },
  { name: 'P-384', id: 15, oid: '1.3.132.0.34', curve: () => p384.Point },
  { name: 'brainpoolP384r1', id: 16, oid: '1.3.36.3.3.2.8.1.1.11', curve: () => brainpoolP384r1.Point },
  { name: 'brainpoolP512r1', id: 17, oid: '1.3.36.3.3.2.8.1.1.13', curve: () => brainpoolP512r1.Point },
  { name: 'P-521', id: 18, oid: '1.3.132.0.35', curve: () => p521.Point },
];

export const CURVE_IDS: readonly number[] = KNOWN.map(({ id }) => id);

export function curveById(id: number): Curve | undefined {
  return KNOWN.find((known) => known.id === id)?.curve();
}

export function curveByOid(oid: string): Curve | undefined {
  return KNOWN.find((known) => known.oid === oid)?.curve();
}

/** The known curve with exactly these explicit parameters: a curve nobody published is not computed on. */
export function curveByDomain(domain: Domain): Curve | undefined {
  return KNOWN.find((known) => {
    const own = known.curve().CURVE();
    return (
      own.p === domain.p &&
      own.a === domain.a &&
      own.b === domain.b &&
      own.n === domain.n &&
      own.Gx === domain.Gx &&
      own.Gy === domain.Gy
    );
  })?.curve();
}

export type { Domain };
