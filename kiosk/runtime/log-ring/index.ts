/** The last log lines, already redacted, for who fetches them from afar. */
export { LOG_RING_FILE, LogRing } from './log-ring.ts';
