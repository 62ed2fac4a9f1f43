export { en as sq } from './en.ts';
