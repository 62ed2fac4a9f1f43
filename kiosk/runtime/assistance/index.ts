export { personCaller } from './call.ts';
