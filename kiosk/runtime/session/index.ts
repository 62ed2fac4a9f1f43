/** The citizen's session: its statechart, the page it shows, and the runner that joins it to the terminal. */

export type { UsageStep } from './events.ts';
export {
  type PersonCall,
  Session,
  type SessionCounters,
  type SessionPorts,
  type UsageRecorder,
} from './session.ts';
export type { ServiceView } from './settings.ts';
export { placeOf, screenOf, snapshotOf } from './snapshot.ts';
export { reachableScreens } from './walk.ts';
