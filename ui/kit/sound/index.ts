export { mixedSounds, type Sign, type SoundPort, silence } from './sounds.ts';
