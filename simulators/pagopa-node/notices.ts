import { noticeNumber, qrText, taxCode } from './numbers.ts';

/** What the creditor does with a notice when the node asks it. */
export type Scenario =
  | 'payable'
  | 'paid'
  | 'expired'
  | 'revoked'
  | 'unknown'
  | 'in-progress'
  | 'amount-changes'
  | 'creditor-unknown'
  | 'stamp'
  | 'stamp-refused'
  | 'stand-in'
  | 'creditor-silent'
  | 'creditor-malformed'
  | 'glitch';

export const scenarios: readonly Scenario[] = [
  'payable',
  'paid',
  'expired',
  'revoked',
  'unknown',
  'in-progress',
  'amount-changes',
  'creditor-unknown',
  'stamp',
  'stamp-refused',
  'stand-in',
  'creditor-silent',
  'creditor-malformed',
  'glitch',
];

export interface Beneficiary {
  readonly taxCode: string;
  readonly name: string;
  readonly iban: string;
  readonly cents: number;
  readonly category: string;
}

export interface Notice {
  readonly noticeNumber: string;
  readonly creditorTaxCode: string;
  readonly creditorName: string;
  readonly office: string;
  readonly description: string;
  readonly amountCents: number;
  /** What activation asks instead, for `amount-changes`. */
  readonly finalCents: number;
  /** ISO date. */
  readonly dueDate: string;
  readonly scenario: Scenario;
  /** For the panel: what this notice is good for, in Italian. */
  readonly label: string;
  /** Besides the creditor, who gets a part. */
  readonly others: readonly Beneficiary[];
}

export const city = { taxCode: '84006890481', name: 'Comune di Prato' } as const;
const IBAN = 'IT60X0542811101000000123456';

export const qrOf = (notice: Notice): string =>
  qrText(notice.noticeNumber, notice.creditorTaxCode, notice.amountCents);

const other = (ten: string, name: string, cents: number): Beneficiary => ({
  taxCode: taxCode(ten),
  name,
  iban: 'IT60X0542811101000000654321',
  cents,
  category: '9/0201102IM/',
});

/** Fills in what a notice leaves out. `counter` makes its number. */
export function makeNotice(
  given: Partial<Notice> & { readonly counter: number; readonly today: number; readonly dueInDays?: number },
): Notice {
  const { counter, today, dueInDays = 30, ...rest } = given;
  const amountCents = rest.amountCents ?? 5_000;
  return {
    noticeNumber: noticeNumber('02', counter),
    creditorTaxCode: city.taxCode,
    creditorName: city.name,
    office: 'Ufficio Tributi',
    description: 'Avviso di prova',
    amountCents,
    finalCents: amountCents,
    dueDate: new Date(today + dueInDays * 86_400_000).toISOString().slice(0, 10),
    scenario: 'payable',
    label: 'Pagabile',
    others: [],
    ...rest,
  };
}

type Row = readonly [cents: number, office: string, description: string, label: string];

const payable: readonly Row[] = [
  [12_345, 'Ufficio Tributi', 'TARI 2026 - seconda rata', 'TARI 2026, seconda rata'],
  [9_600, 'Servizi Educativi', 'Mensa scolastica - ottobre e novembre 2026', 'Mensa scolastica'],
  [
    2_940,
    'Polizia Municipale',
    'Sanzione Codice della Strada, verbale 48213/2026',
    'Multa (ridotta del 30%)',
  ],
  [2_200, 'Servizi Demografici', "Carta d'identità elettronica - diritti e rilascio", 'CIE'],
  [1_850, 'Servizi Cimiteriali', 'Lampade votive - anno 2026', 'Lampade votive'],
  [21_500, 'Servizi Educativi', 'Asilo nido - retta di novembre 2026', 'Asilo nido'],
  [14_000, 'Servizi Educativi', 'Trasporto scolastico 2026/2027 - prima rata', 'Scuolabus'],
  [6_480, 'Ufficio Entrate', 'Canone unico patrimoniale - occupazione suolo pubblico', 'Canone unico'],
  [15_000, 'Sportello Unico Edilizia', 'Diritti di segreteria - pratica SCIA', 'Diritti edilizia'],
  [4_800, 'Sport', 'Palestra «Toscanini» - uso di novembre & dicembre', 'Impianti sportivi'],
  [41_273, 'Ufficio Tributi', 'IMU - avviso di accertamento 2023', 'IMU, accertamento'],
  [1, 'Ufficio Tributi', 'Arrotondamento di un centesimo', 'Un centesimo'],
];

/** The table of notices of a fresh simulator: one for every situation a citizen may meet. */
export function seededNotices(today: number): readonly Notice[] {
  // The first is the one of the pictures: 302000120456789276.
  const first = 120_456_789_2;
  const plain = payable.map(([amountCents, office, description, label], index) =>
    makeNotice({ counter: first + index, today, amountCents, office, description, label }),
  );
  let counter = first + 100;
  const special = (rest: Partial<Notice> & { readonly dueInDays?: number }) =>
    makeNotice({ counter: counter++, today, ...rest });
  const due = 'TARI 2026 - saldo';
  return [
    ...plain,
    special({
      scenario: 'paid',
      label: 'Già pagato',
      description: 'TARI 2026 - prima rata',
      amountCents: 12_345,
    }),
    special({ scenario: 'expired', label: "Scaduto: l'ente non lo incassa più", dueInDays: -200 }),
    special({ scenario: 'revoked', label: "Annullato dall'ente" }),
    special({ scenario: 'unknown', label: "Sconosciuto all'ente" }),
    special({ scenario: 'in-progress', label: 'In corso presso un altro PSP' }),
    special({
      scenario: 'amount-changes',
      label: "Importo che cambia all'attivazione",
      description: due,
      amountCents: 8_000,
      finalCents: 9_250,
    }),
    special({
      scenario: 'creditor-unknown',
      label: 'Ente sconosciuto',
      creditorTaxCode: taxCode('9999999999'),
      creditorName: 'Ente sconosciuto',
    }),
    special({
      label: 'Due beneficiari (TARI e TEFA)',
      description: due,
      amountCents: 12_000,
      finalCents: 12_000,
      others: [other('9203580048', 'Provincia di Prato', 600)],
    }),
    special({
      label: 'Cinque beneficiari',
      description: 'Fiera cittadina - quote',
      amountCents: 10_000,
      finalCents: 10_000,
      others: ['Pro Loco', 'Provincia di Prato', 'Regione Toscana', 'Camera di Commercio'].map(
        (name, index) => other(`800000000${index}`, name, 1_500),
      ),
    }),
    special({
      scenario: 'stamp',
      label: 'Marca da bollo digitale (attivata)',
      description: 'Marca da bollo digitale',
      amountCents: 1_600,
      finalCents: 1_600,
    }),
    special({
      scenario: 'stamp-refused',
      label: 'Marca da bollo digitale (rifiutata dal nodo)',
      amountCents: 1_600,
      finalCents: 1_600,
    }),
    special({ scenario: 'stand-in', label: "Stand-in: risponde l'archivio centrale", description: due }),
    special({ scenario: 'creditor-silent', label: "L'ente non risponde" }),
    special({ scenario: 'creditor-malformed', label: "L'ente risponde male" }),
    special({ scenario: 'glitch', label: 'Canale disabilitato (guasto nostro)' }),
    special({ label: 'Oltre la scadenza, ma pagabile', description: due, dueInDays: -40 }),
  ];
}

export const creditorIban = IBAN;
