/** Something that must not be cut in two: a line of text, a drawing, a button. Px from the top of the content. */
export interface Whole {
  readonly top: number;
  readonly end: number;
}

/** What one page shows of the content: from `top` to `end`, px. */
export type PageCut = Whole;

/** Half a pixel of rounding is not an overlap. */
const SLACK = 0.5;

/**
 * Cuts content of `height` into pages of at most `room` px, each ending before what would not fit whole. What is taller
 * than a page is cut where the page ends: it cannot be shown otherwise.
 */
export function cutsOf(wholes: readonly Whole[], height: number, room: number): readonly PageCut[] {
  if (room <= 0) return [];
  // what is taller than a page cannot be kept whole: its own lines are, and it leaves no empty page before it
  const kept = wholes.filter(({ top, end }) => end - top <= room + SLACK);
  const cuts: PageCut[] = [];
  let top = 0;
  while (top < height - SLACK) {
    let end = Math.min(height, top + room);
    for (;;) {
      const broken = kept.filter((whole) => whole.top < end - SLACK && whole.end > end + SLACK);
      if (broken.length === 0) break;
      const before = Math.min(...broken.map((whole) => whole.top));
      if (before <= top + SLACK) {
        end = Math.min(height, top + room);
        break;
      }
      end = before;
    }
    // a margin alone is no page
    const seen = wholes.some((whole) => whole.top < end - SLACK && whole.end > top + SLACK);
    if (seen || wholes.length === 0) cuts.push({ top, end });
    top = end;
  }
  return cuts;
}

export const sameCuts = (one: readonly PageCut[], other: readonly PageCut[]): boolean =>
  one.length === other.length &&
  one.every((cut, at) => cut.top === other[at]?.top && cut.end === other[at]?.end);
