export { actOnMadeUp, type MadeUp, type MadeUpAct } from './terminals.ts';
