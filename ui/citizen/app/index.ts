export { App } from './app.tsx';
export { intentOfKey, secretOfKey } from './keys.ts';
