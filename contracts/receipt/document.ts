/**
 * A slip as a list of blocks: one template gives the bytes for the printer, the preview on the screen and the page on
 * the phone. Widths are in characters of the normal font.
 */
export type PaperBlock =
  | {
      readonly block: 'text';
      readonly text: string;
      readonly align?: 'start' | 'centre' | 'end';
      readonly bold?: boolean;
      readonly size?: 'normal' | 'tall' | 'wide' | 'double';
    }
  /** Label at the start edge, value at the end edge; breaks onto two lines when it does not fit. */
  | {
      readonly block: 'pair';
      readonly label: string;
      readonly value: string;
      readonly bold?: boolean;
      readonly size?: 'normal' | 'tall';
    }
  | { readonly block: 'rule' }
  | { readonly block: 'space'; readonly lines: number }
  | { readonly block: 'qr'; readonly data: string; readonly module?: number }
  /** A line of the POS's own receipt, printed as received. */
  | { readonly block: 'pos-line'; readonly text: string; readonly style: string };

export interface PaperDocument {
  /** What it is, in words without personal data: for logs and counters. */
  readonly kind:
    | 'receipt'
    | 'receipt-duplicate'
    | 'provisional-slip'
    | 'reversal-slip'
    | 'uncertain-slip'
    | 'summary'
    | 'test-page';
  readonly blocks: readonly PaperBlock[];
}
