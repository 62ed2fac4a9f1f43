import type { ReceiptData } from '@jolly/contracts/receipt';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import type { FleetClient } from '../fleet-link/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Payment, SagaSettings } from './saga/index.ts';

/** Where the terminal stands: printed on slips, shown in the support code. */
export interface DeskPlace {
  readonly terminalId: string;
  readonly city: string;
  readonly site: string;
  readonly timeZone: string;
}

export type Log = (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;

/** Everything the desk works with; nothing of it is made inside. */
export interface DeskOptions {
  readonly journal: Journal;
  readonly fleet: FleetClient;
  readonly pos: CardTerminal;
  readonly printer: ReceiptPrinter;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly place: DeskPlace;
  /** Language of the running session: what stands beside the Italian on a slip. */
  readonly language?: () => 'it' | 'en';
  readonly limits?: Partial<SagaSettings>;
  readonly maxClockSkewMs?: number;
  /** Somebody has the cabinet open: no card is asked for (docs/cabinet.md). Absent: there is no contact. */
  readonly doorOpen?: () => boolean;
  readonly log: Log;
}

export type SlipPlace = Pick<ReceiptData, 'timeZone' | 'city' | 'site' | 'kioskId'>;

/** What a run needs of the desk around it. */
export interface RunHooks {
  readonly options: DeskOptions;
  readonly limits: SagaSettings;
  /** New letters may be waiting. */
  deliver(): void;
  /** Whether another payment's charge is still unknown at the terminal. */
  unresolvedBeside(payment: Payment): boolean;
  /** A fresh payment takes this one's place before the citizen. */
  succeed(payment: Payment, keepConsent: boolean): void;
  changed(): void;
}
