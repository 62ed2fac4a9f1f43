/** Everything that sounds at a terminal. A video call brings its ring and its voice to the same mixer. */
export type MixerChannel = 'speech' | 'ring' | 'call' | 'signs';

export interface Mix {
  /** Step of `preferences.volume`: 0 = off, 3 dB each, 10 = full scale. */
  readonly volume: number;
  /** Something is being spoken now; `private`: into the headset alone. */
  readonly speaking: 'no' | 'public' | 'private';
}

const STEP_DB = 3;
const FULL_STEP = 10;
/** The step that every session begins with: signs are at their own level there. */
const NORMAL_STEP = 4;
/** A call goes on under what the terminal has to say (EN 301 549 5.1.3.10). */
const UNDER_SPEECH_DB = -12;

export const amplitude = (db: number): number => 10 ** (db / 20);

/** Gain of each channel, 0 = silent, 1 = full scale. */
export function gainsOf({ volume, speaking }: Mix): Readonly<Record<MixerChannel, number>> {
  if (volume <= 0) return { speech: 0, ring: 0, call: 0, signs: 0 };
  const loudness = amplitude((Math.min(volume, FULL_STEP) - FULL_STEP) * STEP_DB);
  return {
    speech: loudness,
    call: loudness * (speaking === 'no' ? 1 : amplitude(UNDER_SPEECH_DB)),
    // who hears a name or a sum must not lose it under a ring
    ring: speaking === 'private' ? 0 : loudness,
    // quiet by their own notes: at the normal step as they are, 18 dB more at most
    signs: amplitude((Math.min(volume, FULL_STEP) - NORMAL_STEP) * STEP_DB),
  };
}
