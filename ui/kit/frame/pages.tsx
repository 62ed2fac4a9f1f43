import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { usePress } from '../controls/index.ts';
import { Icon } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';
import { cutsOf, type PageCut, sameCuts, type Whole } from './page-cuts.ts';

/** What belongs together: drawings, controls, and rows whose label and value are read as one. */
const WHOLE = 'svg, img, .qr-frame, button, input, li, dl > div, .amount__head, .amount__foot';

/** Parts of a line's box over its accents and under its tails: the boxes of two lines overlap there, their ink does not. */
const OVER_INK = 0.15;
const UNDER_INK = 0.12;

/** Lines of text, drawings and controls inside `inner`, as spans of its height in its own (unscaled) px. */
function wholesOf(inner: HTMLElement): Whole[] {
  const frame = inner.getBoundingClientRect();
  const scale = inner.offsetHeight === 0 ? 1 : frame.height / inner.offsetHeight;
  const found: Whole[] = [];
  const add = (box: DOMRect, above = 0, below = 0) => {
    if (box.height === 0) return;
    const top = box.top + above * box.height;
    const end = box.bottom - below * box.height;
    found.push({ top: (top - frame.top) / scale, end: (end - frame.top) / scale });
  };
  const walker = document.createTreeWalker(inner, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node instanceof Text) {
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) add(box, OVER_INK, UNDER_INK);
    } else if (node instanceof Element && node.matches(WHOLE)) add(node.getBoundingClientRect());
  }
  return found;
}

/**
 * Content that fits is shown as it is; longer content (large text) is cut into pages with "Su" and "Giù" at its end.
 * Nothing scrolls under the finger, and no line of text is cut in two.
 */
export function Pages({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const [cuts, setCuts] = useState<readonly PageCut[]>([]);
  const [page, setPage] = useState(0);

  useLayoutEffect(() => {
    const measure = () => {
      if (!box.current || !view.current || !inner.current) return;
      // a code may be as tall as a page, and no taller: one that is cut in two is read by no phone
      box.current.style.setProperty('--room', `${view.current.clientHeight}px`);
      const height = inner.current.offsetHeight;
      const tall = height > box.current.clientHeight + 1;
      const next = tall ? cutsOf(wholesOf(inner.current), height, view.current.clientHeight) : [];
      setCuts((before) => (sameCuts(before, next) ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const part of [box.current, view.current, inner.current]) if (part) observer.observe(part);
    return () => observer.disconnect();
  }, []);

  const pages = Math.max(1, cuts.length);
  const now = Math.min(page, pages - 1);
  const cut = cuts[now];
  useLayoutEffect(() => {
    if (view.current) view.current.scrollTop = cut?.top ?? 0;
  }, [cut]);
  const turn = (by: number) => setPage(Math.min(pages - 1, Math.max(0, now + by)));
  // Below the cut nothing is seen: what stands there comes whole on the next page.
  const shown = cut && { clipPath: `inset(0 0 calc(100% - ${cut.end - cut.top}px) 0)` };
  return (
    <div className="pages" ref={box} data-paged={pages > 1 ? true : undefined}>
      <div className="pages__view" ref={view} style={shown}>
        <div className="pages__inner" ref={inner}>
          {children}
        </div>
        {/* room under the last lines, so that the last page too can begin at its own top */}
        {cut ? <div style={{ height: '100%' }} /> : null}
      </div>
      {pages > 1 && (
        <div className="pages__turn" data-told="seldom">
          <Turn
            id="page-up"
            icon="arrow-up"
            label={t('frame.page-up')}
            off={now === 0}
            onPress={() => turn(-1)}
          />
          <span aria-live="polite">{t('frame.page-of', { now: now + 1, all: pages })}</span>
          <Turn
            id="page-down"
            icon="arrow-down"
            label={t('frame.page-down')}
            off={now === pages - 1}
            onPress={() => turn(1)}
          />
        </div>
      )}
    </div>
  );
}

function Turn({
  id,
  icon,
  label,
  off,
  onPress,
}: {
  readonly id: string;
  readonly icon: 'arrow-up' | 'arrow-down';
  readonly label: string;
  readonly off: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="button button--quiet turn"
      data-testid={id}
      {...usePress({ onPress, disabled: off, guardMs: 0 })}
    >
      <span className="press">
        <Icon name={icon} size={40} />
        <span>{label}</span>
      </span>
    </button>
  );
}
