import type { DemoGateway } from '@jolly/simulators/launcher';
import type { Stage } from './stage/index.ts';

/** One story of a citizen in front of the terminal. It begins and ends with nobody there. */
export interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** Longer than the others may take, ms: one that is told at the pace of a voice. */
  readonly limitMs?: number;
}

/** Stories that share one running Jolly, one after the other. */
export interface Act {
  readonly name: string;
  /** Settings of the terminal other than the demo's. */
  readonly kiosk?: Readonly<Record<string, unknown>>;
  /** Settings of its login other than the demo's. */
  readonly login?: { readonly cardLeftSeconds?: number };
  /** Another way to pagoPA than the demo's. */
  readonly gateway?: DemoGateway;
  /** The browser has a camera, which is the terminal's barcode reader. */
  readonly camera?: boolean;
  /** Terminal and fleet server can be asked what they hold in memory. */
  readonly searched?: boolean;
  readonly scenarios: readonly Scenario[];
}

export const scenario = (name: string, play: Scenario['play'], limitMs?: number): Scenario =>
  limitMs === undefined ? { name, play } : { name, play, limitMs };
