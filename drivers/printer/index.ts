export * from './document.ts';
export * from './port.ts';
