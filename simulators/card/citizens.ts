import type { PaceOffer, SodHash, SodOptions } from './applet.ts';
import type { Manners } from './outbox.ts';

interface Person {
  readonly id: string;
  readonly surname: string;
  readonly givenNames: string;
  readonly fiscalCode: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
  readonly birthPlace: string;
  readonly address: string;
  readonly issued: string;
  /** Last day of card and certificate. */
  readonly expires: string;
  readonly pin: string;
  readonly puk: string;
  /** 3 unless said. */
  readonly pinTries?: number;
  /** YYYY-MM-DD, when the certificate was taken back. */
  readonly revoked?: string;
  /** Historical bytes of the ATR, hexadecimal. */
  readonly historical: string;
  readonly manners: Manners;
  readonly extended: boolean;
}

export interface CieCitizen extends Person {
  readonly card: 'cie';
  readonly nis: string;
  readonly documentNumber: string;
  readonly can: string;
  /** 2048-bit p with a q of so many bits. */
  readonly dh: 224 | 256;
  readonly parametersAtOnce: boolean;
  readonly padTo: number;
  readonly photo: 'jpeg' | 'jpeg2000';
  readonly sod: { readonly hash: SodHash } & SodOptions;
  readonly pace: readonly PaceOffer[];
  readonly bac: boolean;
  readonly activeAuthentication: 'rsa' | 'ec' | undefined;
  readonly chipAuthentication: PaceOffer['cipher'] | undefined;
}

export interface CnsCitizen extends Person {
  readonly card: 'cns';
  /** 16 characters of EF.IDCarta. */
  readonly cardId: string;
  readonly modulusLength: 1024 | 2048;
  readonly protocol: 'T=0' | 'T=1';
  readonly birthMunicipality: string;
}

export type Citizen = CieCitizen | CnsCitizen;

const PSS = { hash: 'sha512', signature: 'pss', version: 1 } as const;
const PKCS1 = { hash: 'sha256', signature: 'pkcs1', version: 0 } as const;
const MODERN = [
  { mapping: 'ECDH-GM', cipher: 'AES-128', parameterId: 13 },
  { mapping: 'DH-GM', cipher: '3DES', parameterId: 2 },
] as const;

const cie = {
  card: 'cie',
  manners: 'direct',
  extended: false,
  dh: 256,
  parametersAtOnce: false,
  padTo: 0,
  photo: 'jpeg2000',
  sod: PSS,
  pace: MODERN,
  bac: true,
  activeAuthentication: undefined,
  chipAuthentication: undefined,
} as const;

/** All invented. Their fiscal codes are well formed; nobody is meant by them. */
export const CITIZENS: readonly Citizen[] = [
  {
    ...cie,
    id: 'giulia',
    surname: 'Bianchi',
    givenNames: 'Giulia',
    fiscalCode: 'BNCGLI90D52G999B',
    birthDate: '1990-04-12',
    sex: 'F',
    birthPlace: 'Prato (PO)',
    address: 'Via della Prova 1, Prato (PO)',
    issued: '2025-02-03',
    expires: '2035-04-12',
    nis: '608000000017',
    documentNumber: 'CA00001TS',
    can: '482913',
    pin: '27182818',
    puk: '31415926',
    historical: '8031806549544a3444120fff829000',
    activeAuthentication: 'rsa',
    chipAuthentication: 'AES-128',
  },
  {
    ...cie,
    id: 'marco',
    surname: "D'Alò",
    givenNames: 'Marco Niccolò',
    fiscalCode: 'DLAMCN78S03D612N',
    birthDate: '1978-11-03',
    sex: 'M',
    birthPlace: 'Firenze (FI)',
    address: "Via dell'Esempio 22, Prato (PO)",
    issued: '2024-06-10',
    expires: '2034-11-03',
    nis: '608000000025',
    documentNumber: 'CA00002TS',
    can: '105577',
    pin: '16180339',
    puk: '14142135',
    historical: '80318065b085040011120fff829000',
    manners: 'pieces',
    extended: true,
    dh: 224,
    parametersAtOnce: true,
    padTo: 512,
    photo: 'jpeg',
    sod: PKCS1,
    pace: [{ mapping: 'DH-GM', cipher: '3DES', parameterId: 2 }],
  },
  {
    ...cie,
    id: 'expired',
    surname: 'Conti',
    givenNames: 'Elena',
    fiscalCode: 'CNTLNE65M70G999O',
    birthDate: '1965-08-30',
    sex: 'F',
    birthPlace: 'Prato (PO)',
    address: 'Piazza del Saggio 3, Prato (PO)',
    issued: '2014-09-15',
    expires: '2024-08-30',
    nis: '608000000033',
    documentNumber: 'CA00003TS',
    can: '730264',
    pin: '11235813',
    puk: '21345589',
    historical: '8031806549544e5850120fff8290',
  },
  {
    ...cie,
    id: 'revoked',
    surname: 'Ricci',
    givenNames: 'Paolo',
    fiscalCode: 'RCCPLA82A17A944E',
    birthDate: '1982-01-17',
    sex: 'M',
    birthPlace: 'Bologna (BO)',
    address: 'Via del Collaudo 44, Prato (PO)',
    issued: '2024-01-08',
    expires: '2034-01-17',
    revoked: '2026-03-02',
    nis: '608000000041',
    documentNumber: 'CA00004TS',
    can: '918450',
    pin: '23571113',
    puk: '17192329',
    historical: '8066475000b8007f829000',
    pace: [{ mapping: 'ECDH-GM', cipher: 'AES-256', parameterId: 12 }],
    activeAuthentication: 'ec',
  },
  {
    ...cie,
    id: 'blocked',
    surname: 'Ferri',
    givenNames: 'Anna',
    fiscalCode: 'FRRNNA01H65G713K',
    birthDate: '2001-06-25',
    sex: 'F',
    birthPlace: 'Pistoia (PT)',
    address: 'Via del Modello 5, Prato (PO)',
    issued: '2025-05-05',
    expires: '2035-06-25',
    nis: '608000000058',
    documentNumber: 'CA00005TS',
    can: '366021',
    pin: '35711131',
    puk: '86753090',
    pinTries: 0,
    historical: '8031806549544a3443120fff829000',
    pace: [],
  },
  {
    id: 'lucia',
    card: 'cns',
    surname: 'Moretti',
    givenNames: 'Lucia',
    fiscalCode: 'MRTLCU55B49G999D',
    birthDate: '1955-02-09',
    sex: 'F',
    birthPlace: 'Prato (PO)',
    birthMunicipality: 'G999',
    address: 'Via della Prova 9, Prato (PO)',
    issued: '2022-10-17',
    expires: '2034-10-16',
    cardId: '6030999900000014',
    pin: '24680',
    puk: '86420975',
    modulusLength: 2048,
    protocol: 'T=0',
    historical: '006b11050700012101434e53113180',
    manners: 'pieces',
    extended: false,
  },
  {
    id: 'old-cns',
    card: 'cns',
    surname: 'Santi',
    givenNames: 'Aldo',
    fiscalCode: 'SNTLDA48T01G999P',
    birthDate: '1948-12-01',
    sex: 'M',
    birthPlace: 'Prato (PO)',
    birthMunicipality: 'G999',
    address: 'Via del Collaudo 7, Prato (PO)',
    issued: '2021-03-01',
    expires: '2033-02-28',
    cardId: '6030999900000022',
    pin: '13579246',
    puk: '97531864',
    modulusLength: 1024,
    protocol: 'T=1',
    historical: '006b02090303011101434e53103180',
    manners: 'direct',
    extended: false,
  },
];
