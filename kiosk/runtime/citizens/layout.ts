import type { RandomBytes } from '@jolly/contracts/values';

/** The pad as every pad is: 1 to 9, then 0. Who cannot see it knows it by heart. */
export const FIXED_LAYOUT: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

/** The ten keys in another order, each order as likely as any other. */
export function shuffledLayout(random: RandomBytes): readonly number[] {
  const keys = [...FIXED_LAYOUT];
  for (let at = keys.length - 1; at > 0; at -= 1) {
    const other = below(at + 1, random);
    const key = keys[at] ?? 0;
    keys[at] = keys[other] ?? 0;
    keys[other] = key;
  }
  return keys;
}

/** Uniform in 0…limit-1: bytes of the last, incomplete round are thrown away. */
function below(limit: number, random: RandomBytes): number {
  for (;;) {
    const byte = random(1)[0] ?? 0;
    if (byte < 256 - (256 % limit)) return byte % limit;
  }
}
