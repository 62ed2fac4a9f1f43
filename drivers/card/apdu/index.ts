export * from './apdu-codec.ts';
export * from './exchange.ts';
export * from './files.ts';
export { selectFirst } from './first-select.ts';
export * from './port.ts';
export * from './status.ts';
export * from './tlv-codec.ts';
