import type { Mixer, MixerInput } from '../mixer/index.ts';

/** The four sounds of a terminal (screens.md 8): every one of them has something to see as well. */
export type Sign = 'click' | 'card-read' | 'done' | 'attention';

export interface SoundPort {
  /** Plays at once; a sound that cannot be played is none. */
  play(sign: Sign): void;
}

export const silence: SoundPort = { play: () => undefined };

interface Note {
  readonly hz: number;
  /** From the start of the sign, s. */
  readonly at: number;
  /** s */
  readonly lasts: number;
}

/** card read: two rising; done: three; attention: two equal; a key: 12 ms, the same for every key. */
export const NOTES: Readonly<Record<Sign, readonly Note[]>> = {
  click: [{ hz: 1400, at: 0, lasts: 0.012 }],
  'card-read': [
    { hz: 660, at: 0, lasts: 0.14 },
    { hz: 880, at: 0.15, lasts: 0.2 },
  ],
  done: [
    { hz: 523, at: 0, lasts: 0.14 },
    { hz: 659, at: 0.15, lasts: 0.14 },
    { hz: 784, at: 0.3, lasts: 0.26 },
  ],
  attention: [
    { hz: 587, at: 0, lasts: 0.22 },
    { hz: 587, at: 0.34, lasts: 0.22 },
  ],
};

/** Share of full scale: quiet; the loudness on site (65 dBA at most) is set on the amplifier. */
const LEVEL = 0.12;
/** Rise and fall of a note, s: without them it cracks. */
const EDGE = 0.004;
const LATE_MS = 300;

/** The signs on the mixer's own channel. */
export function mixedSounds(mixer: Mixer): SoundPort {
  return {
    play: (sign) => {
      const input = mixer.input('signs');
      if (!input) return;
      const { audio } = input;
      if (audio.state === 'running') {
        sound(input, sign);
        return;
      }
      // Before the first touch the browser may keep it waiting: a sound that comes late says something else.
      const asked = performance.now();
      const running = () => {
        if (audio.state !== 'running') return;
        audio.removeEventListener('statechange', running);
        if (performance.now() - asked < LATE_MS) sound(input, sign);
      };
      audio.addEventListener('statechange', running);
    },
  };
}

function sound(input: MixerInput, sign: Sign): void {
  for (const note of NOTES[sign]) play(input, note);
}

function play({ audio, node }: MixerInput, { hz, at, lasts }: Note): void {
  const start = audio.currentTime + at;
  const tone = audio.createOscillator();
  const level = audio.createGain();
  tone.frequency.value = hz;
  level.gain.setValueAtTime(0, start);
  level.gain.linearRampToValueAtTime(LEVEL, start + EDGE);
  level.gain.setValueAtTime(LEVEL, start + Math.max(EDGE, lasts - EDGE));
  level.gain.linearRampToValueAtTime(0, start + lasts);
  tone.connect(level).connect(node);
  tone.start(start);
  tone.stop(start + lasts);
}
