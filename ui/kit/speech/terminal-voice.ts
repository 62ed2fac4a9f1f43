import type { DownFrame, UpFrame } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { Mixer } from '../mixer/index.ts';
import type { SpokenEnd, Utterance, Voice, VoiceEvents } from './voice.ts';

type SayFrame = Extract<UpFrame, { type: 'say' | 'hush' }>;
export type VoiceFrame = Extract<DownFrame, { type: 'voice' | 'voice-end' }>;

/** The terminal's engine over the channel. */
export interface TerminalVoice extends Voice {
  /** A frame of speech that came down. */
  hear(frame: VoiceFrame): void;
}

/** So much later than now the first sample sounds, s: a start in the past would be cut. */
const LEAD = 0.02;
/** An engine that has not begun by then is taken for dead, ms. */
const SILENT_MS = 4000;

interface Present {
  readonly id: number;
  readonly utterance: Utterance;
  readonly events: VoiceEvents | undefined;
  readonly sources: AudioBufferSourceNode[];
  /** Audio clock, s: where the next piece goes. */
  next: number;
  /** Wall clock, ms: when what has come so far is over. */
  until: number;
  begun: boolean;
  cancel: () => void;
}

/**
 * Asks the terminal to speak, and plays what comes at once, piece after piece. The end is told by the length of what came, not
 * by the audio: where a machine has no sound the captions go on at the same pace. While it speaks the mixer knows.
 */
export function terminalVoice(send: (frame: SayFrame) => boolean, mixer: Mixer, clock: Clock): TerminalVoice {
  let id = 0;
  let present: Present | undefined;

  const finish = (end: SpokenEnd) => {
    const was = present;
    if (!was) return;
    present = undefined;
    was.cancel();
    if (end !== 'done') for (const source of was.sources) source.stop();
    mixer.set({ speaking: 'no' });
    was.events?.onEnd?.(end);
  };
  const stop = () => {
    if (present) send({ type: 'hush' });
    finish('interrupted');
  };

  return {
    discreet: true,
    say: (utterance, events) => {
      finish('interrupted');
      id += 1;
      const { text, language, speed, private: secret } = utterance;
      present = {
        ...{ id, utterance, events, sources: [], next: 0, until: 0, begun: false },
        cancel: clock.after(SILENT_MS, () => finish('none')),
      };
      if (!send({ type: 'say', id, text, language, speed, private: secret })) {
        const mine = id;
        queueMicrotask(() => present?.id === mine && finish('none'));
      }
    },
    stop,
    hear: (frame) => {
      const now = present;
      if (!now || frame.id !== now.id) return;
      if (frame.type === 'voice-end') {
        now.cancel();
        if (frame.failed) finish('none');
        else now.cancel = clock.after(Math.max(0, now.until - clock.monotonic()), () => finish('done'));
        return;
      }
      if (!now.begun) {
        now.begun = true;
        now.cancel();
        now.cancel = () => undefined;
        now.until = clock.monotonic() + LEAD * 1000;
        mixer.set({ speaking: now.utterance.private ? 'private' : 'public' });
        now.events?.onStart?.();
      }
      const samples = samplesOf(frame.samples);
      now.until = Math.max(now.until, clock.monotonic()) + (samples.length / frame.hz) * 1000;
      play(now, samples, frame.hz, mixer);
    },
  };
}

/** Base64 of signed 16-bit little-endian samples → −1…1. */
export function samplesOf(base64: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const samples = new Float32Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(at * 2, true) / 32_768;
  return samples;
}

function play(now: Present, samples: Float32Array<ArrayBuffer>, hz: number, mixer: Mixer): void {
  const input = mixer.input('speech');
  if (!input || samples.length === 0) return;
  const { audio, node } = input;
  const buffer = audio.createBuffer(1, samples.length, hz);
  buffer.copyToChannel(samples, 0);
  const source = audio.createBufferSource();
  source.buffer = buffer;
  source.connect(node);
  const at = Math.max(now.next, audio.currentTime + LEAD);
  source.start(at);
  now.next = at + buffer.duration;
  now.sources.push(source);
}
