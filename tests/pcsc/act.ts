import type { Scenario } from './stage.ts';
import type { House } from './terminal/house.ts';

/** One thing that must hold for a citizen before the whole terminal. It begins with nobody there and cards as new. */
export interface HouseScenario {
  readonly name: string;
  readonly tools?: readonly string[];
  play(house: House): Promise<void>;
}

/** Scenarios of one kind: each with a pcscd of its own, or all in one house, one after the other. Lanes run side by side. */
export interface Act {
  readonly lane: 0 | 1 | 2 | 3;
  readonly scenarios?: readonly Scenario[];
  readonly house?: readonly HouseScenario[];
}
