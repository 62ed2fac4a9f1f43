export { Listening } from './listening.tsx';
export { type PageElement, type PageNode, treeOf } from './page-tree.ts';
export { Recital, type RecitalEvents } from './recital.ts';
export { type Control, forOneEar, type Line, readScene, type Scene } from './scene.ts';
export { forAllEars, type Say, tellChange, tellWelcome, tellWhole } from './tell.ts';
export { type TerminalVoice, terminalVoice, type VoiceFrame } from './terminal-voice.ts';
export {
  browserVoice,
  firstThatSpeaks,
  noVoice,
  type SpokenEnd,
  type Synthesis,
  type Utterance,
  type Voice,
  type VoiceEvents,
  voiceOf,
} from './voice.ts';
