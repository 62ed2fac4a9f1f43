import type { TerminalStanding } from '@jolly/contracts/fleet-api';
import type { Placed, Size, Spot } from './projection.ts';

/** More markers than this are drawn together where they are near. */
export const MOST_SINGLE = 500;

export const worse: Readonly<Record<TerminalStanding, number>> = {
  stopped: 3,
  attention: 2,
  maintenance: 1,
  'in-service': 0,
};

export interface Cluster extends Spot {
  readonly count: number;
  /** The worst of those in it, and how many are so. */
  readonly state: TerminalStanding;
  readonly worst: number;
}

export interface Drawn {
  readonly single: readonly Placed[];
  readonly clusters: readonly Cluster[];
}

/** Only what is on the sheet; the worst last, so that it lies on top. */
export function visible(placed: readonly Placed[], size: Size, margin: number): Placed[] {
  return placed
    .filter(({ x, y }) => x > -margin && y > -margin && x < size.width + margin && y < size.height + margin)
    .sort((one, other) => worse[one.state] - worse[other.state] || one.id.localeCompare(other.id));
}

/** Up to `MOST_SINGLE` as they are; more are gathered by cells of the sheet, each cell one sign with a count. */
export function drawnOf(placed: readonly Placed[], cell: number, most = MOST_SINGLE): Drawn {
  if (placed.length <= most) return { single: placed, clusters: [] };
  const cells = new Map<string, Placed[]>();
  for (const each of placed) {
    const key = `${Math.floor(each.x / cell)} ${Math.floor(each.y / cell)}`;
    const found = cells.get(key);
    if (found) found.push(each);
    else cells.set(key, [each]);
  }
  const single: Placed[] = [];
  const clusters: Cluster[] = [];
  for (const found of cells.values()) {
    const [first] = found;
    if (first && found.length === 1) single.push(first);
    else clusters.push(clusterOf(found));
  }
  return { single, clusters: clusters.sort((one, other) => worse[one.state] - worse[other.state]) };
}

function clusterOf(found: readonly Placed[]): Cluster {
  let [x, y, worst] = [0, 0, 0];
  let state: TerminalStanding = 'in-service';
  for (const each of found) {
    x += each.x;
    y += each.y;
    if (worse[each.state] > worse[state]) state = each.state;
  }
  for (const each of found) if (each.state === state) worst++;
  return { x: x / found.length, y: y / found.length, count: found.length, state, worst };
}
