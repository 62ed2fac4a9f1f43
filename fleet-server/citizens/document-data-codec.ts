/** What DG1 and DG11 of the travel document say (cie-card.md 7.4). Nothing here is checked against a signature. */
export interface MachineReadable {
  /** Nine characters, filler cut: the text of EF.Seriale. */
  readonly documentNumber: string;
  readonly familyName: string;
  readonly givenName: string;
  /** `YYMMDD`, as printed. */
  readonly birth: string;
  /** ISO date: the last day. */
  readonly expiresOn: string;
}

export interface PersonalDetails {
  readonly fiscalCode: string | undefined;
  readonly name: { readonly familyName: string; readonly givenName: string } | undefined;
  /** ISO date. */
  readonly birthDate: string | undefined;
}

const MRZ_LENGTH = 90;
const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly size: number;
}

/** One element with a tag of one or two bytes and a definite length of up to 64 KB; undefined for anything else. */
function elementAt(bytes: Uint8Array): Element | undefined {
  const [first = 0, second = 0] = bytes;
  const two = (first & 0x1f) === 0x1f;
  if (two && (second & 0x80) !== 0) return undefined;
  const at = two ? 2 : 1;
  const short = bytes[at];
  if (short === undefined) return undefined;
  const count = short < 0x80 ? 0 : short - 0x80;
  if (short === 0x80 || count > 2) return undefined;
  let length = count === 0 ? short : 0;
  for (let step = 1; step <= count; step += 1) length = length * 256 + (bytes[at + step] ?? 0);
  const from = at + 1 + count;
  if (from + length > bytes.length) return undefined;
  const content = bytes.subarray(from, from + length);
  return { tag: two ? first * 256 + second : first, content, size: from + length };
}

/** The elements inside the file's one element; undefined for another file, bytes left over, or a tag twice. */
function fileOf(bytes: Uint8Array, tag: number): ReadonlyMap<number, Uint8Array> | undefined {
  const outer = elementAt(bytes);
  if (outer?.tag !== tag || outer.size !== bytes.length) return undefined;
  const found = new Map<number, Uint8Array>();
  let rest = outer.content;
  while (rest.length > 0) {
    const element = elementAt(rest);
    if (!element || found.has(element.tag)) return undefined;
    found.set(element.tag, element.content);
    rest = rest.subarray(element.size);
  }
  return found;
}

/** Weights 7 3 1; A is 10, the filler 0 (9303-3 4.9). */
function checkDigit(text: string): string {
  let sum = 0;
  for (const [at, character] of [...text].entries()) {
    const value = character === '<' ? 0 : Number.parseInt(character, 36);
    sum += value * ([7, 3, 1][at % 3] ?? 1);
  }
  return String(sum % 10);
}

/** DG1 of a card-sized document; undefined for another file or a wrong check digit. */
export function readDg1(bytes: Uint8Array): MachineReadable | undefined {
  const mrz = fileOf(bytes, 0x61)?.get(0x5f1f);
  if (mrz?.length !== MRZ_LENGTH) return undefined;
  const text = String.fromCharCode(...mrz);
  if (!/^[A-Z0-9<]{90}$/.test(text)) return undefined;
  const [one, two, three] = [text.slice(0, 30), text.slice(30, 60), text.slice(60)];
  const checked = [
    [one.slice(5, 14), one.charAt(14)],
    [two.slice(0, 6), two.charAt(6)],
    [two.slice(8, 14), two.charAt(14)],
    [one.slice(5) + two.slice(0, 7) + two.slice(8, 15) + two.slice(18, 29), two.charAt(29)],
  ] as const;
  if (checked.some(([field, digit]) => checkDigit(field) !== digit)) return undefined;
  const expiry = two.slice(8, 14);
  const expiresOn = isoDate(`20${expiry}`);
  if (expiresOn === undefined) return undefined;
  return {
    documentNumber: one.slice(5, 14).replace(/<+$/, ''),
    birth: two.slice(0, 6),
    expiresOn,
    ...nameOf(three),
  };
}

/** DG11; undefined for another file or text that is not UTF-8. */
export function readDg11(bytes: Uint8Array): PersonalDetails | undefined {
  const fields = fileOf(bytes, 0x6b);
  if (!fields) return undefined;
  try {
    const text = (tag: number) => {
      const content = fields.get(tag);
      return content && utf8.decode(content);
    };
    const name = text(0x5f0e);
    const birth = fields.get(0x5f2b);
    if (name && /\p{Cc}/u.test(name)) return undefined;
    return {
      fiscalCode: text(0x5f10)?.replace(/<+$/, ''),
      name: name === undefined ? undefined : nameOf(name),
      birthDate: birth && isoDate(dateText(birth)),
    };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** `SURNAME<<GIVEN<NAMES`, as every place of the document writes it. */
function nameOf(text: string): { readonly familyName: string; readonly givenName: string } {
  const [family = '', ...given] = text.replace(/<+$/, '').split('<<');
  const words = (part: string) => part.split('<').filter(Boolean).join(' ');
  return { familyName: words(family), givenName: words(given.join('<')) };
}

/** Eight digits as text, or the same packed in four bytes. */
function dateText(bytes: Uint8Array): string {
  if (bytes.length !== 4) return String.fromCharCode(...bytes.subarray(0, 9));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isoDate(digits: string): string | undefined {
  if (!/^\d{8}$/.test(digits)) return undefined;
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
