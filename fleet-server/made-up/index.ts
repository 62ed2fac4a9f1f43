export { actOnMadeUp, enrolMadeUp, forgetMadeUp, type MadeUp, type MadeUpAct } from './terminals.ts';
