import type { Screen } from '@jolly/contracts/terminal-channel';

/** Settings of the session that the chart needs; seconds. */
export interface SessionSettings {
  readonly warnAfterSeconds: number;
  readonly countdownSeconds: number;
  readonly goodbyeSeconds: number;
  /** How long a card that was left on the reader is called for. */
  readonly cardLeftSeconds: number;
  /** The municipality's own code: what most typed notices are for. */
  readonly creditorTaxCode: string;
  /** A notice can be taken to the phone before it is paid here. */
  readonly onPhone: boolean;
  /** There is a reader for citizens' cards: a login is offered. */
  readonly login: boolean;
  readonly payments: boolean;
  /** Payments without a notice. */
  readonly spontaneous: boolean;
  /** A person of the office can be called. */
  readonly assistance: boolean;
  /** There is a notice of the municipality to read. */
  readonly news: boolean;
}

/** Whether citizens are served, and if not, why. */
export type ServiceView =
  | { readonly mode: 'in-service' }
  | { readonly mode: 'out-of-service' | 'locked'; readonly message?: string | undefined }
  | { readonly mode: 'closed'; readonly opens?: Opens | undefined };
type Opens = NonNullable<Extract<Screen, { name: 'out-of-service' }>['opens']>;
