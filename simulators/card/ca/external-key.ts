import { inverse } from '../numbers.ts';

/**
 * The private exponent that the ministry's middleware publishes for the card's key 84 (cie-card.md 4.4). A card's modulus
 * must fit it, so it is chosen here and the public exponent follows.
 */
export const EXTERNAL_KEY_EXPONENT = BigInt(
  `0x${[
    '186b31488c25dcf85d953d3630c0d073ba1c6aa24581ad254f3b6719c5d72cca3e5cdc5a1e5316578d75954ff73b237b',
    '532c9f8de4a2c4c911385a23e63e33e47ee45e66efd49b18e02cff87598c39109e8f86a66bc330249ce3fcad655dcdbf',
    '98c9c5e479321af53b517d041061880a647bbe0ff813683470e6c50094ce81d064e204e351bd3ae0a7947d8e91c3fd5c',
    '0a15233c349a5215a4e66e21c5d33498e71991ea24473b29f1475f6fd9be3996e19bd474fad1b41ea0dcd2fc16c9bffa',
    '071bfec1b22415184811c1985fbfe3e7b4f44a4b3c8dfab4d90cecfc5e608d673e6762c62cb798341271149ba688162e',
    'c7d0e3468f65a94ab4ad1ab67e37bfc1',
  ].join('')}`,
);

/** e with d * e = 1 mod phi, or undefined where d has a divisor in common with it. */
export function publicExponentFor(p: bigint, q: bigint): bigint | undefined {
  return inverse(EXTERNAL_KEY_EXPONENT, (p - 1n) * (q - 1n));
}
