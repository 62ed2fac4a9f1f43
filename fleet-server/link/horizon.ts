import type { Entry, EntryKind } from '@jolly/contracts/fleet-link';

/** How long entries of a kind are kept one by one (ms). */
export type Keeps = (kind: EntryKind) => number;

/**
 * What is still known by its id. An entry older than its kind is kept may have been stored, told and forgotten before, and nobody can tell:
 * once is worth more than late. By the entry's own time, the one by which it would be forgotten.
 */
export function withinHorizon(entries: readonly Entry[], keeps: Keeps, now: number): Entry[] {
  return entries.filter(({ at, data }) => at >= now - keeps(data.kind));
}
