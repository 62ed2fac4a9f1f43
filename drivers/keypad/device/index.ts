export { type KeyCodes, KeyFollower, keyCodes, keypadError } from './keys.ts';
export { registerKeypad } from './register.ts';
