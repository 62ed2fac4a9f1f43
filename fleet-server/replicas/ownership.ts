/**
 * Rendezvous hashing: of all replicas that live, the one whose name hashes highest together with the key. Every replica comes to the same
 * answer alone; when one joins or dies, only what it takes or leaves moves.
 */
export function ownerOf(key: string, replicas: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = -1;
  for (const replica of replicas) {
    const weight = hash(`${replica}\n${key}`);
    if (weight > most || (weight === most && best !== undefined && replica < best)) {
      best = replica;
      most = weight;
    }
  }
  return best;
}

/** FNV-1a, then the finisher of MurmurHash3, without which names that differ in one letter hash alike. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A replica as its line in the store says. */
export interface Beat {
  readonly replicaId: string;
  readonly beatAt: number;
}

/** What one replica has seen of the others' lines. */
export type Sightings = ReadonlyMap<string, { readonly beatAt: number; readonly seenAt: number }>;

/**
 * Who lives: whose line changed within `aliveMs` of this replica's own clock, which is compared with nobody else's. A line
 * seen for the first time counts as a change.
 */
export function sight(
  before: Sightings,
  beats: readonly Beat[],
  now: number,
  aliveMs: number,
): { readonly sightings: Sightings; readonly alive: readonly string[] } {
  const sightings = new Map<string, { beatAt: number; seenAt: number }>();
  for (const { replicaId, beatAt } of beats) {
    const known = before.get(replicaId);
    sightings.set(replicaId, known?.beatAt === beatAt ? known : { beatAt, seenAt: now });
  }
  const alive = [...sightings].filter(([, { seenAt }]) => now - seenAt <= aliveMs).map(([id]) => id);
  return { sightings, alive: alive.toSorted() };
}
