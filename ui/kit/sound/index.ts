export { type Sign, type SoundPort, silence, webSounds } from './sounds.ts';
