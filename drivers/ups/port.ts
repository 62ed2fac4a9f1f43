import type { Device } from '../health/index.ts';

/**
 * Where the power comes from (other-devices.md, NUT tokens): `mains` OL; `battery` OB: finish what runs, begin nothing;
 * `low` OB with LB, or FSD: journal and shut down in order; `unknown`: the UPS does not answer (nothing is changed by that alone).
 */
export type Power = 'mains' | 'battery' | 'low' | 'unknown';

export interface PowerReading {
  readonly power: Power;
  /** Percent; undefined when the UPS does not say. */
  readonly charge: number | undefined;
  /** Seconds the battery lasts. */
  readonly runtimeSeconds: number | undefined;
  /** Status tokens as the UPS gave them, e.g. `OB`, `LB`, `RB`. */
  readonly tokens: readonly string[];
}

export interface PowerSupply extends Device {
  readonly reading: PowerReading;
  onPower(listener: (reading: PowerReading) => void): () => void;
}
