/** The terminal's half of the twin: settings from the server over its own file, checked, applied when nobody is there, taken back when they fail. */
export { applied, devicesDiffer, type Fault } from './applied.ts';
export { checkSettings, type Probe, probeDevice } from './check.ts';
export { nextOpening, type Opening } from './opening-hours.ts';
export { openTwin, type SettingsNews, type Twin, type TwinHost } from './twin.ts';
