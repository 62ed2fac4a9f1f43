export { boundsOfDay, dayOf, localTimeOf, nextDay } from './day.ts';
