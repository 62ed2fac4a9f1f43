export { Listening } from './listening.tsx';
export { type PageElement, type PageNode, treeOf } from './page-tree.ts';
export { type Control, type Line, readScene, type Scene } from './scene.ts';
export { forAllEars, type Say, tellChange, tellWelcome, tellWhole } from './tell.ts';
export { browserVoice, noVoice, type Synthesis, type Voice, voiceOf } from './voice.ts';
