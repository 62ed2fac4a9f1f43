import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { usePress } from '../controls/index.ts';
import { Icon } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';

/**
 * Content that fits is shown as it is; longer content (large text) is cut into pages with "Su" and "Giù" at its end.
 * Nothing scrolls under the finger.
 */
export function Pages({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState(1);
  const [page, setPage] = useState(0);

  useLayoutEffect(() => {
    const measure = () => {
      if (!box.current || !view.current || !inner.current) return;
      const tall = inner.current.offsetHeight > box.current.clientHeight + 1;
      const step = Math.max(1, view.current.clientHeight - OVERLAP);
      const more = Math.ceil((inner.current.offsetHeight - view.current.clientHeight) / step);
      setPages(tall ? 1 + Math.max(1, more) : 1);
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const part of [box.current, view.current, inner.current]) if (part) observer.observe(part);
    return () => observer.disconnect();
  }, []);

  const turn = (by: number) => {
    if (!view.current) return;
    view.current.scrollTop += by * Math.max(1, view.current.clientHeight - OVERLAP);
    setPage((now) => Math.min(pages - 1, Math.max(0, now + by)));
  };
  const now = Math.min(page, pages - 1);
  return (
    <div className="pages" ref={box}>
      <div className="pages__view" ref={view}>
        <div className="pages__inner" ref={inner}>
          {children}
        </div>
      </div>
      {pages > 1 && (
        <div className="pages__turn">
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

/** The last lines of a page come again as the first of the next, px. */
const OVERLAP = 48;

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
