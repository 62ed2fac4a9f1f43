import type { TravelPersona } from '../applet.ts';
import { imageOf } from './image-size.ts';
import { td1 } from './mrz.ts';
import { ascii, joined, tlv } from './tlv.ts';

type Person = Pick<
  TravelPersona,
  | 'documentNumber'
  | 'surname'
  | 'givenNames'
  | 'birthDate'
  | 'expiryDate'
  | 'sex'
  | 'fiscalCode'
  | 'birthPlace'
  | 'address'
>;

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const word = (value: number, bytes: 2 | 4) => {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return new Uint8Array(out);
};

/** EF.COM: versions and the tags of the data groups (cie-card.md 7.4). */
export const efCom = (tags: readonly number[]): Uint8Array =>
  tlv(0x60, tlv(0x5f01, ascii('0107')), tlv(0x5f36, ascii('040000')), tlv(0x5c, Uint8Array.from(tags)));

/** DG1: the machine-readable zone. */
export const dg1 = (person: Person): Uint8Array => tlv(0x61, tlv(0x5f1f, ascii(td1(person).join(''))));

/** The face's record of ISO 19794-5: header, face, image, then the image itself. */
function faceRecord(person: Person, photo: Uint8Array): Uint8Array {
  const { kind, width, height } = imageOf(photo);
  const face = joined(
    word(0, 2),
    Uint8Array.of(person.sex === 'M' ? 1 : 2, 0, 0),
    new Uint8Array(3 + 2 + 3 + 3),
  );
  const image = joined(
    Uint8Array.of(1, kind === 'jpeg' ? 0 : 1),
    word(width, 2),
    word(height, 2),
    Uint8Array.of(1, 2, 0, 0, 0, 0),
  );
  const block = 4 + face.length + image.length + photo.length;
  return joined(
    ascii('FAC\0' + '010\0'),
    word(14 + block, 4),
    word(1, 2),
    word(block, 4),
    face,
    image,
    photo,
  );
}

/** DG2: one face. */
export function dg2(person: Person, photo: Uint8Array): Uint8Array {
  const header = tlv(
    0xa1,
    tlv(0x80, Uint8Array.of(1, 1)),
    tlv(0x81, Uint8Array.of(2)),
    tlv(0x87, Uint8Array.of(1, 1)),
    tlv(0x88, Uint8Array.of(0, 8)),
  );
  const template = tlv(0x7f60, header, tlv(0x5f2e, faceRecord(person, photo)));
  return tlv(0x75, tlv(0x7f61, tlv(0x02, Uint8Array.of(1)), template));
}

const fillers = (text: string) => text.trim().replace(/\s+/g, '<');
/** "Roma (RM)" and "Via Verdi 1, Roma" in their parts. */
const parts = (text: string) =>
  text
    .split(/[,()]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('<');

/** DG11 as the identity card fills it: full name, tax code, birth date and place, address; UTF-8. */
export function dg11(person: Person): Uint8Array {
  const name = `${fillers(person.surname)}<<${fillers(person.givenNames)}`.toUpperCase();
  const fields: readonly (readonly [tag: number, text: string])[] = [
    [0x5f0e, name],
    [0x5f10, person.fiscalCode],
    [0x5f2b, person.birthDate.replaceAll('-', '')],
    [0x5f11, parts(person.birthPlace)],
    [0x5f42, parts(person.address)],
  ];
  const tags = fields.flatMap(([tag]) => [tag >> 8, tag & 0xff]);
  return tlv(0x6b, tlv(0x5c, Uint8Array.from(tags)), ...fields.map(([tag, text]) => tlv(tag, utf8(text))));
}
