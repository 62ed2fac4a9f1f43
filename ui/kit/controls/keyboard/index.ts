export { Keyboard, type KeyboardProps } from './keyboard.tsx';
export { fiscalCodeTakes } from './layout.ts';
