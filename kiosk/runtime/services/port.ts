import type {
  CartRequest,
  CartResponse,
  CatalogueResponse,
  DebtPositionRequest,
  DebtPositionResponse,
} from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import type { NoticeView, PaidView, ReceiptPaper, Screen } from '@jolly/contracts/terminal-channel';
import type { z } from 'zod';

/** The fleet server as services see it. Rejects with `SERVER_UNREACHABLE` or `SERVER_REFUSED`; all are safe to repeat. */
export interface ServicesClient {
  catalogue(): Promise<CatalogueResponse>;
  debtPosition(request: DebtPositionRequest): Promise<DebtPositionResponse>;
  cart(request: CartRequest): Promise<CartResponse>;
}

/** The screens of a form: the desk gives them ready, the session only chooses when to show them. */
export type FormScreen = Extract<Screen, { name: 'service-field' | 'service-review' }>;

/** A service as the list shows it. */
export type ServiceCard = Extract<Screen, { name: 'service-list' }>['services'][number];

/** What the citizen tells a form. Unknown on the present page: ignored. */
export type FormCommand =
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'erase' }
  | { readonly type: 'clear' }
  | { readonly type: 'pick'; readonly value: string }
  | { readonly type: 'submit-field' }
  | { readonly type: 'correct'; readonly field: string }
  | { readonly type: 'submit-form' }
  | { readonly type: 'back' };

/** One form in front of the citizen. Its answers are in memory only, and gone with `close`. */
export interface CitizenForm {
  readonly screen: FormScreen;
  /** `back` leads to another page of this form; else it leads out of it. */
  readonly canGoBack: boolean;
  /** The notice that was made of the answers as they stand; gone as soon as the citizen goes on writing. */
  readonly made: NoticeKey | undefined;
  send(command: FormCommand): void;
  onChange(listener: () => void): () => void;
  /** Forgets every answer; what the server brings later is thrown away. */
  close(): void;
}

/** What is known of the citizen who is signed in, and so not asked again (C.SE.1.5). */
export interface KnownCitizen {
  readonly fiscalCode: string;
  readonly givenName: string;
  readonly familyName: string;
}

/** Payments without a notice, and the ways a payment has beside the card. */
export interface ServiceDesk {
  /** What can be paid here; empty while the server was never heard. */
  readonly services: readonly ServiceCard[];
  /** Opens a service's form; undefined when it is not offered any more. */
  open(service: string, citizen: KnownCitizen | undefined): CitizenForm | undefined;
  /** The address of a cart for the notice, or undefined where none is to be had now. */
  cart(notice: NoticeView): Promise<string | undefined>;
  /** Prints the page that lists what was paid. */
  printSummary(paid: readonly PaidView[], language: 'it' | 'en'): Promise<z.infer<typeof ReceiptPaper>>;
  /** Such a page is coming out. */
  readonly printing: boolean;
  /** Asks for the catalogue again: the server can be reached. */
  refresh(): void;
  /** The services offered have changed. */
  onChange(listener: () => void): () => void;
  close(): void;
}
