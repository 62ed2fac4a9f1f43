/** 1250 → 12.5. The division of whole cents gives the double nearest to the decimal, which JSON writes with at most two places. */
export const toAmount = (cents: number): number => cents / 100;

/** 12.5 → 1250; undefined for what is not a whole number of cents. */
export function toCents(amount: number): number | undefined {
  const cents = Math.round(amount * 100);
  return Number.isSafeInteger(cents) && cents >= 0 && cents / 100 === amount ? cents : undefined;
}
