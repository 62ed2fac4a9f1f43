import type { Device } from '../health/index.ts';

/** Sound of the terminal's computer: whether a headset is plugged in, and how loud the loudspeaker is. */
export interface Audio extends Device {
  readonly headset: boolean;
  onHeadset(listener: (plugged: boolean) => void): () => void;
  /** Loudness of the output in force, 0…1 of the amplifier's scale; sessions begin at the configured one. */
  setLevel(level: number): Promise<void>;
}
