export { boundsOfDay, dayOf, nextDay } from './day.ts';
