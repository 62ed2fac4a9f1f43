export { consoleIcons } from './console.ts';
export { Icon, type IconName } from './icon.tsx';
