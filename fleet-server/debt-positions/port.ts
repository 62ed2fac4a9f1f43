import type { NoticeKey } from '@jolly/contracts/notice';
import type { Cents } from '@jolly/contracts/values';

/** A position to be made, whole: the same one is sent again when an answer was lost. */
export interface NewPosition {
  /** Unique for ever: our tax code and the terminal's request. */
  readonly iupd: string;
  /** Segregation code, 13 digits, check digits: 17 (pagopa.md 1.1, aux 3). */
  readonly iuv: string;
  readonly notice: NoticeKey;
  readonly creditorName: string;
  readonly debtor: { readonly kind: 'person' | 'body'; readonly taxCode: string; readonly name: string };
  /** At most 140 characters; nothing personal. */
  readonly description: string;
  readonly amountCents: Cents;
  /** Instant (epoch ms) after which it can no longer be paid. */
  readonly payableUntil: number;
  readonly transfers: readonly {
    readonly amountCents: Cents;
    readonly category: string;
    readonly iban: string;
  }[];
}

/** A position as the archive keeps it. */
export interface KeptPosition {
  readonly noticeNumber: string;
  readonly iuv: string;
  readonly amountCents: number;
}

export type Published =
  | { readonly answer: 'created' }
  /** There is one with this iupd or this IUV already: read it back. */
  | { readonly answer: 'conflict' }
  /** Never to be taken as it is. */
  | { readonly answer: 'refused'; readonly status: number }
  | { readonly answer: 'unreachable'; readonly reason: string };

export type Found =
  | { readonly answer: 'found'; readonly position: KeptPosition }
  | { readonly answer: 'absent' }
  | { readonly answer: 'unreachable'; readonly reason: string };

/** The archive of debt positions (pagopa.md 2.3 and 6.3): GPD, or a municipality's own. Takes no personal data into a log. */
export interface DebtPositions {
  /** Makes the position and makes it payable at once. */
  publish(position: NewPosition): Promise<Published>;
  find(creditorTaxCode: string, iupd: string): Promise<Found>;
}
