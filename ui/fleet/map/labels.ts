import type { Rect } from './inset.ts';
import type { Placed, Size } from './projection.ts';

export interface Label extends Rect {
  readonly of: Placed;
}

/** Names stand only by what has a problem, and never on each other: to the end side, to the start side, above or below the sign. */
export function labelsOf(
  marked: readonly Placed[],
  within: Rect | (Size & { x?: number; y?: number }),
  unit: number,
  taken: readonly Rect[] = [],
): Label[] {
  const labels: Label[] = [];
  const area = { x: within.x ?? 0, y: within.y ?? 0, width: within.width, height: within.height };
  // the worst are last in drawing order, and first to get a place
  for (const of of marked.toReversed()) {
    if (of.state === 'in-service') continue;
    const width = (of.id.length * 8.4 + 18) * unit;
    const height = 28 * unit;
    const off = 16 * unit;
    const places: readonly Rect[] = [
      { x: of.x + off, y: of.y - height / 2, width, height },
      { x: of.x - off - width, y: of.y - height / 2, width, height },
      { x: of.x - width / 2, y: of.y - off - height, width, height },
      { x: of.x - width / 2, y: of.y + off, width, height },
    ];
    const free = places.filter(
      (rect) => fits(rect, area) && ![...labels, ...taken].some((other) => hit(rect, other)),
    );
    // not on another marker where that can be helped
    const place =
      free.find((rect) => !marked.some((other) => other !== of && covers(rect, other, off))) ?? free[0];
    if (place) labels.push({ ...place, of });
  }
  return labels;
}

const fits = (rect: Rect, area: Rect): boolean =>
  rect.x >= area.x + 2 &&
  rect.y >= area.y + 2 &&
  rect.x + rect.width <= area.x + area.width - 2 &&
  rect.y + rect.height <= area.y + area.height - 2;

const covers = (rect: Rect, { x, y }: Placed, by: number): boolean =>
  hit(rect, { x: x - by / 2, y: y - by / 2, width: by, height: by });

const hit = (one: Rect, other: Rect): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

/** From one marker to the next in a direction of the arrow keys: the nearest in that quarter. */
export function nextTowards(
  from: Placed,
  all: readonly Placed[],
  key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight',
): Placed | undefined {
  const [ux, uy] = {
    ArrowUp: [0, -1] as const,
    ArrowDown: [0, 1] as const,
    ArrowLeft: [-1, 0] as const,
    ArrowRight: [1, 0] as const,
  }[key];
  let best: { readonly placed: Placed; readonly cost: number } | undefined;
  for (const placed of all) {
    const along = (placed.x - from.x) * ux + (placed.y - from.y) * uy;
    const aside = Math.abs((placed.x - from.x) * uy) + Math.abs((placed.y - from.y) * ux);
    if (placed.id === from.id || along <= 0 || aside > along * 2) continue;
    const cost = along + aside;
    if (!best || cost < best.cost) best = { placed, cost };
  }
  return best?.placed;
}
