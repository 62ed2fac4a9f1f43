/** The terminal's own voice: engine port, espeak-ng behind it, and the words that written text becomes. */
export { readWavHead, type WavHead, type WavReading } from './codec-wav.ts';
export { type SayFrame, VoiceDesk, type VoiceDeskSettings } from './desk.ts';
export { espeakEngine } from './espeak.ts';
export { noEngine, type Samples, type SpeechEngine, speechError, type Utterance } from './port.ts';
export { spoken } from './spoken.ts';
