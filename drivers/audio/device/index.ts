export { audioError, LinuxAudio, linuxAudioSettings } from './linux-audio.ts';
export { registerAudio } from './register.ts';
