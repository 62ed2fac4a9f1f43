/**
 * The codice fiscale of a person: 16 characters, checksum included (DM 12 March 1974; digits may be written as letters to tell
 * namesakes apart, "omocodia").
 */
const SHAPE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/;
const MONTHS = 'ABCDEHLMPRST';
const OMOCODIA = 'LMNPQRSTUV';
/** Value of a character in an odd place (first, third…); even places count as themselves. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const OLDEST_YEARS = 120;

const ordinal = (character: string): number =>
  /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;

const digits = (text: string): number =>
  Number(
    [...text].map((character) => (/\d/.test(character) ? character : OMOCODIA.indexOf(character))).join(''),
  );

/** Whether shape and check character are right; only upper case. */
export function fiscalCodeIsValid(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const value = ordinal(text.charAt(at));
    sum += at % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === text.charAt(15);
}

/**
 * The birth date in it, ISO, when only one is possible at `now` (epoch ms): the code has two digits for the year. Undefined for an
 * invalid code, for a day that does not exist, and for two possible centuries.
 */
export function birthDateOf(text: string, now: number): string | undefined {
  if (!fiscalCodeIsValid(text)) return undefined;
  const written = digits(text.slice(9, 11));
  const day = written > 40 ? written - 40 : written;
  const month = MONTHS.indexOf(text.charAt(8));
  const thisYear = new Date(now).getUTCFullYear();
  const possible = [1800, 1900, 2000, 2100]
    .map((century) => Date.UTC(century + digits(text.slice(6, 8)), month, day))
    .filter((time) => {
      const date = new Date(time);
      const age = thisYear - date.getUTCFullYear();
      return date.getUTCDate() === day && time <= now && age <= OLDEST_YEARS;
    });
  const [only, second] = possible;
  return only === undefined || second !== undefined ? undefined : new Date(only).toISOString().slice(0, 10);
}
