import { readDer } from '@jolly/contracts/der';
import { isJollyError } from '@jolly/contracts/values';
import { readTlv, type Tlv } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import { readTd1, type Td1 } from './mrz.ts';
import { type ChipPublicKey, readPublicKey } from './public-key-codec.ts';
import { readSecurityInfos, type SecurityInfo } from './security-info-codec.ts';

const bad = (step: string, why: string, cause?: unknown) =>
  cardError('CARD_ANSWER_INVALID', { step, why }, { cause });

/** The content of a file that is one object with this tag. */
function onlyObject(bytes: Uint8Array, tag: number, step: string): Uint8Array {
  const [object, more] = readTlv(bytes, step);
  if (object?.tag !== tag || more) throw bad(step, 'tag');
  return object.value;
}

/** Objects by tag; none may come twice. */
function byTag(bytes: Uint8Array, step: string): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (const { tag, value } of readTlv(bytes, step)) {
    if (found.has(tag)) throw bad(step, 'twice');
    found.set(tag, value);
  }
  return found;
}

const digits = (bytes: Uint8Array | undefined, length: number): string | undefined => {
  const text = bytes && String.fromCharCode(...bytes.subarray(0, length + 1));
  return text?.length === length && /^\d+$/.test(text) ? text : undefined;
};

/** EF.COM: what the chip says it holds. Nobody signed it. */
export interface CommonData {
  readonly ldsVersion: string;
  readonly unicodeVersion: string;
  /** First byte of each data group, e.g. 0x61 for DG1. */
  readonly tags: readonly number[];
}

const MOST_DATA_GROUPS = 32;

export function readCommonData(bytes: Uint8Array): CommonData {
  const step = 'ef-com';
  const objects = byTag(onlyObject(bytes, 0x60, step), step);
  const ldsVersion = digits(objects.get(0x5f01), 4);
  const unicodeVersion = digits(objects.get(0x5f36), 6);
  const tags = objects.get(0x5c);
  if (!ldsVersion || !unicodeVersion || !tags || tags.length > MOST_DATA_GROUPS) throw bad(step, 'content');
  return { ldsVersion, unicodeVersion, tags: [...tags] };
}

/** DG1: the machine-readable zone of an identity card. */
export function readDg1(bytes: Uint8Array): Td1 {
  const objects = byTag(onlyObject(bytes, 0x61, 'dg1'), 'dg1');
  const zone = objects.get(0x5f1f);
  if (!zone || objects.size !== 1) throw bad('dg1', 'content');
  return readTd1(zone);
}

/** DG11: what is not in the machine-readable zone, as the card writes it. */
export interface PersonalDetails {
  readonly surname: string | undefined;
  readonly givenNames: string | undefined;
  /** The codice fiscale, unchecked. */
  readonly personalNumber: string | undefined;
  /** `YYYY-MM-DD`; undefined too when a part of it is not known. */
  readonly birthDate: string | undefined;
  readonly birthPlace: readonly string[];
  readonly address: readonly string[];
}

/** Longest text of a field, in bytes. */
const LONGEST_TEXT = 512;

function utf8(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  if (bytes.length > LONGEST_TEXT) throw bad('dg11', 'text-length');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw bad('dg11', 'utf-8', cause);
  }
  if (/\p{Cc}|\p{Cs}|\p{Co}|\p{Cn}/u.test(text)) throw bad('dg11', 'character');
  return text;
}

const parts = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split('<')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Eight ASCII digits, or the same in four bytes (BCD) of older chips. */
function fullDate(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  const packed = bytes.length === 4 ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')) : [];
  const text = packed.length > 0 ? packed.join('') : String.fromCharCode(...bytes.subarray(0, 9));
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text.replaceAll('<', '0'));
  if (!match) throw bad('dg11', 'date');
  const [, year = '', month = '', day = ''] = match;
  if (year === '0000' || month === '00' || day === '00') return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    throw bad('dg11', 'date');
  return `${year}-${month}-${day}`;
}

export function readDg11(bytes: Uint8Array): PersonalDetails {
  const objects = byTag(onlyObject(bytes, 0x6b, 'dg11'), 'dg11');
  const name = utf8(objects.get(0x5f0e));
  const split = name?.indexOf('<<') ?? -1;
  const surname = parts(name?.slice(0, split === -1 ? undefined : split)).join(' ');
  const givenNames = split === -1 ? '' : parts(name?.slice(split)).join(' ');
  return {
    surname: surname || undefined,
    givenNames: givenNames || undefined,
    personalNumber: parts(utf8(objects.get(0x5f10))).join(' ') || undefined,
    birthDate: fullDate(objects.get(0x5f2b)),
    birthPlace: parts(utf8(objects.get(0x5f11))),
    address: parts(utf8(objects.get(0x5f42))),
  };
}

export interface Photo {
  readonly format: 'jpeg2000' | 'jpeg';
  /** From the image's own first byte on; a view of the file. */
  readonly bytes: Uint8Array;
}

const SIGNATURES = [
  { format: 'jpeg2000', bytes: [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20] },
  { format: 'jpeg2000', bytes: [0xff, 0x4f, 0xff, 0x51] },
  { format: 'jpeg', bytes: [0xff, 0xd8, 0xff] },
] as const;

const one = (objects: readonly Tlv[], tags: readonly number[]): Uint8Array => {
  const object = objects.find(({ tag }) => tags.includes(tag));
  if (!object) throw bad('dg2', 'content');
  return object.value;
};

/** DG2: the first face. Before the image are headers of ISO 19794-5 whose length varies: the image's own first bytes tell. */
export function readDg2(bytes: Uint8Array): Photo {
  const group = readTlv(onlyObject(bytes, 0x75, 'dg2'), 'dg2');
  const templates = readTlv(one(group, [0x7f61]), 'dg2');
  const count = one(templates, [0x02]);
  if (count.length !== 1 || count[0] === 0) throw bad('dg2', 'count');
  const block = one(readTlv(one(templates, [0x7f60]), 'dg2'), [0x5f2e, 0x7f2e]);
  const view = Buffer.from(block.buffer, block.byteOffset, block.length);
  let first: { readonly format: Photo['format']; readonly at: number } | undefined;
  for (const { format, bytes: signature } of SIGNATURES) {
    const at = view.indexOf(Uint8Array.from(signature));
    if (at !== -1 && (!first || at < first.at)) first = { format, at };
  }
  if (!first) throw bad('dg2', 'image');
  return { format: first.format, bytes: block.subarray(first.at) };
}

/** DG14: what the chip can do to prove itself. */
export function readDg14(bytes: Uint8Array): readonly SecurityInfo[] {
  return readSecurityInfos(onlyObject(bytes, 0x6e, 'dg14'), 'dg14');
}

/** A SubjectPublicKeyInfo from a card, its faults named as those of this step. */
export function publicKeyOf(info: Uint8Array, step: string): ChipPublicKey {
  try {
    return readPublicKey(readDer(info));
  } catch (cause) {
    if (cause instanceof RangeError || isJollyError(cause, 'DER_INVALID'))
      throw bad(step, 'public-key', cause);
    throw cause;
  }
}

/** DG15: the key of active authentication. */
export function readDg15(bytes: Uint8Array): ChipPublicKey {
  return publicKeyOf(onlyObject(bytes, 0x6f, 'dg15'), 'dg15');
}
