export { birthDateOf, fiscalCodeIsValid } from './fiscal-code.ts';
