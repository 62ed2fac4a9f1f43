/**
 * Data Matrix of the postal slip (pagopa.md 1.4), read by offset: public samples are one blank short of the nominal
 * 256, so the length is not asked for. The citizen's flow sees offsets 13–76 only; what follows is the debtor's.
 */
export const IDENTIFIER = 'codfase=NBPA;';
/** One past the last offset the citizen's flow may read. */
export const CITIZEN_END = 77;

/** Fixed pieces of the code line: at this offset stands this text. */
const MARKERS: readonly (readonly [offset: number, text: string])[] = [
  [13, '18'],
  [33, '12'],
  [47, '10'],
  [59, '3'],
  [60, '896'],
  [63, '1P1'],
];

export interface DataMatrixSlots {
  readonly noticeNumber: string;
  readonly postalAccount: string;
  readonly amount: string;
  readonly creditorTaxCode: string;
}

/** Cuts the slots of the citizen's part, their content unchecked. */
export function dataMatrixSlots(
  text: string,
): DataMatrixSlots | 'TOO_SHORT' | 'BAD_IDENTIFIER' | 'BAD_CODELINE' {
  if (!text.startsWith(IDENTIFIER)) return IDENTIFIER.startsWith(text) ? 'TOO_SHORT' : 'BAD_IDENTIFIER';
  if (text.length < CITIZEN_END) return 'TOO_SHORT';
  const citizens = text.slice(0, CITIZEN_END);
  if (!MARKERS.every(([offset, marker]) => citizens.startsWith(marker, offset))) return 'BAD_CODELINE';
  return {
    noticeNumber: citizens.slice(15, 33),
    postalAccount: citizens.slice(35, 47),
    amount: citizens.slice(49, 59),
    creditorTaxCode: citizens.slice(66, 77),
  };
}
