export { Moment } from './overlays.tsx';
export { Terminal } from './terminal.tsx';
export type { View } from './view.ts';
