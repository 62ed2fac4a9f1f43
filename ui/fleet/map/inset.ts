import type { Placed, Size, Spot } from './projection.ts';

export interface Rect extends Spot {
  readonly width: number;
  readonly height: number;
}

export interface Inset {
  /** What is shown larger. */
  readonly from: Rect;
  /** Where it is shown. */
  readonly to: Rect;
}

/** Fewer than these in one place need no picture of their own. */
const LEAST = 4;
/** With more than these the whole map is crowded: one larger place would not help. */
const MOST = 120;
/** Sides of the place in markers' widths, small first. */
const SIDES = [2.5, 3.5, 4.5, 5.5, 7] as const;

const inside = (spot: Spot, rect: Rect): boolean =>
  spot.x >= rect.x && spot.x <= rect.x + rect.width && spot.y >= rect.y && spot.y <= rect.y + rect.height;

/**
 * The place where most markers lie on each other, and a corner that hides no other. Undefined where all of them can be told apart, or
 * where there is no room. `marker` is the width of one.
 */
export function insetOf(placed: readonly Placed[], size: Size, marker: number): Inset | undefined {
  const side = Math.min(marker * 9.5, size.width * 0.38, size.height * 0.46);
  if (side < marker * 5) return undefined;
  const crowded = placed.filter((each) =>
    placed.some((other) => other !== each && Math.hypot(other.x - each.x, other.y - each.y) < marker),
  );
  if (crowded.length < LEAST || crowded.length > MOST) return undefined;
  const best = SIDES.map((sides) => bestPlace(crowded, sides * marker));
  const most = best.at(-1)?.count ?? 0;
  const found = best.find(({ count }) => count >= LEAST && count >= most * 0.6);
  if (!found) return undefined;
  const from = found.rect;
  const gap = marker * 0.5;
  const corners: readonly Spot[] = [
    { x: size.width - side - gap, y: size.height - side - gap },
    { x: gap, y: size.height - side - gap },
    { x: size.width - side - gap, y: gap },
    { x: gap, y: gap },
  ];
  const choices = corners
    .map((corner) => ({ ...corner, width: side, height: side }))
    .filter((to) => !overlap(to, from, gap))
    // nothing may be hidden by it, least of all a terminal that is in trouble
    .filter((to) => !placed.some((each) => inside(each, grown(to, marker / 2)) && !inside(each, from)));
  const [to] = choices;
  return to && { from, to };
}

/** Every marker in turn is the corner or the middle of a place: the one with most of them, drawn around their middle. */
function bestPlace(
  crowded: readonly Placed[],
  side: number,
): { readonly rect: Rect; readonly count: number } {
  let best: { rect: Rect; count: number } = { rect: { x: 0, y: 0, width: side, height: side }, count: 0 };
  for (const { x } of crowded) {
    for (const { y } of crowded) {
      const rect = { x, y, width: side, height: side };
      const count = crowded.filter((each) => inside(each, rect)).length;
      if (count > best.count) best = { rect, count };
    }
  }
  const within = crowded.filter((each) => inside(each, best.rect));
  if (within.length === 0) return best;
  const xs = within.map(({ x }) => x);
  const ys = within.map(({ y }) => y);
  const [west, north] = [Math.min(...xs), Math.min(...ys)];
  const spread = Math.max(Math.max(...xs) - west, Math.max(...ys) - north);
  // drawn around them, with some air: none is on the frame
  const own = Math.max(spread * 1.25, side * 0.6);
  const rect = {
    x: (west + Math.max(...xs) - own) / 2,
    y: (north + Math.max(...ys) - own) / 2,
    width: own,
    height: own,
  };
  return { rect, count: best.count };
}

const grown = (rect: Rect, by: number): Rect => ({
  x: rect.x - by,
  y: rect.y - by,
  width: rect.width + 2 * by,
  height: rect.height + 2 * by,
});

const overlap = (one: Rect, other: Rect, gap: number): boolean =>
  one.x - gap < other.x + other.width &&
  other.x < one.x + one.width + gap &&
  one.y - gap < other.y + other.height &&
  other.y < one.y + one.height + gap;

export const isInside = inside;

/** A spot of the place, where the picture shows it. */
export function enlarged(spot: Spot, { from, to }: Inset): Spot {
  return {
    x: to.x + ((spot.x - from.x) / from.width) * to.width,
    y: to.y + ((spot.y - from.y) / from.height) * to.height,
  };
}
