export { cardError } from './errors.ts';
export * from './port.ts';
