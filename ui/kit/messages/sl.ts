export { en as sl } from './en.ts';
