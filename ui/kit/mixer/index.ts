export { amplitude, gainsOf, type Mix, type MixerChannel } from './gains.ts';
export { type Mixer, type MixerInput, noMixer, webMixer } from './mixer.ts';
export { browserSinks, chooseSink, type SinkPort, type SoundOutput } from './sinks.ts';
