/** The terminal's own voice: engine port, espeak-ng behind it, and the words that written text becomes. */
export { type WavHead, type WavReading, readWavHead } from './codec-wav.ts';
export { type SayFrame, VoiceDesk, type VoiceDeskSettings } from './desk.ts';
export { espeakEngine } from './espeak.ts';
export { noEngine, type Samples, type SpeechEngine, speechError, type Utterance } from './port.ts';
export { spoken } from './spoken.ts';
