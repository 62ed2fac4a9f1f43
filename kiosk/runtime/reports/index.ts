/** How the terminal is, told to the fleet server: the reported half of the twin. */

export { Consumables } from './consumables.ts';
export { DeviceNews } from './device-news.ts';
export { ReportedTeller } from './reporter.ts';
