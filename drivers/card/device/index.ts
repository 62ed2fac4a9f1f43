export { type CardReaderSettings, ReaderDevice } from './reader-device.ts';
export { type CardDriverSettings, registerCard } from './register.ts';
