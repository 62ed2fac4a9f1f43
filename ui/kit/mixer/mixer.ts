import { gainsOf, type Mix, type MixerChannel } from './gains.ts';
import type { SinkPort } from './sinks.ts';

/** Where a sound is put in: its clock, and the node to connect to. */
export interface MixerInput {
  readonly audio: AudioContext;
  readonly node: AudioNode;
}

/**
 * The one way to the terminal's loudspeaker or headset. Whoever sounds asks for the input of its channel at that moment and
 * connects to it; gains, ducking, volume and the choice of the output are the mixer's.
 */
export interface Mixer {
  /** Undefined where the machine has no sound. */
  input(channel: MixerChannel): MixerInput | undefined;
  /** What is known of the present mix; the rest stays as it was. */
  set(mix: Partial<Mix> & { readonly headset?: boolean }): void;
}

export const noMixer: Mixer = { input: () => undefined, set: () => undefined };

/** A gain that jumps cracks, s. */
const GLIDE = 0.015;

type SinkContext = AudioContext & { setSinkId?(id: string): Promise<void> };

/** Web Audio behind the mixer. The audio is opened with the first sound; before the first touch a browser may keep it waiting. */
export function webMixer(open: () => AudioContext, sinks: SinkPort, onFault: (fault: string) => void): Mixer {
  let made: { readonly audio: SinkContext; readonly gains: Map<MixerChannel, GainNode> } | undefined;
  let broken = false;
  let mix: Mix = { volume: 4, speaking: 'no' };
  let headset = false;

  const turn = () => {
    if (!made) return;
    const wanted = gainsOf(mix);
    for (const [channel, node] of made.gains)
      node.gain.setTargetAtTime(wanted[channel], made.audio.currentTime, GLIDE);
  };
  const direct = async () => {
    if (!made?.audio.setSinkId) return;
    const wish = headset;
    const sink = await sinks.sinkFor(wish);
    if (wish === headset) await made.audio.setSinkId(sink);
  };
  const redirect = () => {
    direct().catch((error: unknown) => onFault(`sound stays where it is: ${String(error)}`));
  };
  const start = () => {
    if (made || broken) return made;
    try {
      const audio: SinkContext = open();
      const gains = new Map<MixerChannel, GainNode>();
      for (const channel of ['speech', 'ring', 'call', 'signs'] as const) {
        const node = audio.createGain();
        node.gain.value = gainsOf(mix)[channel];
        node.connect(audio.destination);
        gains.set(channel, node);
      }
      made = { audio, gains };
      if (headset) redirect();
    } catch (error) {
      broken = true;
      onFault(`no sound: ${String(error)}`);
    }
    return made;
  };

  return {
    input: (channel) => {
      const opened = start();
      const node = opened?.gains.get(channel);
      if (!opened || !node) return undefined;
      if (opened.audio.state === 'suspended')
        opened.audio.resume().catch((error: unknown) => onFault(`no sound: ${String(error)}`));
      return { audio: opened.audio, node };
    },
    set: ({ headset: plugged, ...more }) => {
      mix = { ...mix, ...more };
      turn();
      if (plugged === undefined || plugged === headset) return;
      headset = plugged;
      redirect();
    },
  };
}
