import { ascii, concat } from '../tlv.ts';

/** The 16 fields of EF.Dati_personali in their order (cie-card.md 9); an empty one is said by length 00. */
export interface PersonalData {
  readonly issuer: string;
  readonly issued: string;
  readonly expires: string;
  readonly surname: string;
  readonly givenNames: string;
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
  readonly fiscalCode: string;
  readonly citizenship: string;
  readonly birthMunicipality: string;
  readonly residenceMunicipality: string;
  readonly address: string;
}

/** YYYY-MM-DD as DDMMYYYY. */
const cardDate = (date: string) => date.split('-').reverse().join('');

const hexLength = (length: number, digits: number) => length.toString(16).toUpperCase().padStart(digits, '0');

/** 6 hexadecimal digits of length, the fields, zeros up to 400 bytes. */
export function personalDataFile(data: PersonalData): Uint8Array {
  const fields = [
    ...[data.issuer, cardDate(data.issued), cardDate(data.expires)],
    ...[data.surname.toUpperCase(), data.givenNames.toUpperCase(), cardDate(data.birthDate), data.sex, ''],
    ...[data.fiscalCode, data.citizenship, data.birthMunicipality, '', ''],
    ...[data.residenceMunicipality, data.address.toUpperCase(), ''],
  ];
  const text = fields.map((field) => `${hexLength(field.length, 2)}${field}`).join('');
  const whole = ascii(`${hexLength(text.length, 6)}${text}`);
  return concat(whole, new Uint8Array(Math.max(0, 400 - whole.length)));
}
