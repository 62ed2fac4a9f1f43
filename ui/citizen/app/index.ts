export { App } from './app.tsx';
export { intentOfKey } from './keys.ts';
