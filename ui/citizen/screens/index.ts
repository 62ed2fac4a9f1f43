export { Moment } from './overlays.tsx';
export { Terminal } from './terminal.tsx';
export { namesOf, type View } from './view.ts';
