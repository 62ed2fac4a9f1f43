import type { Stage } from './stage/index.ts';

/** One story of a citizen in front of the terminal. It begins and ends with nobody there. */
export interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Stories that share one running Jolly, one after the other. */
export interface Act {
  readonly name: string;
  /** Settings of the terminal other than the demo's. */
  readonly kiosk?: Readonly<Record<string, unknown>>;
  readonly scenarios: readonly Scenario[];
}

export const scenario = (name: string, play: Scenario['play']): Scenario => ({ name, play });
