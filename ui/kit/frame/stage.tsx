import type { Preferences } from '@jolly/contracts/terminal-channel';
import { type ReactNode, useEffect, useState } from 'react';
import { directionOf, useWords } from '../messages/index.ts';
import { fitOf, type Shape } from './fit.ts';

/** `auto` lets the window decide. */
export type ShapeWish = Shape | 'auto';

/**
 * The picture of fixed size, 1080 × 1920 or 1920 × 1080, scaled as a whole into whatever window there is. Gestures of a
 * browser (menu, selection, drag, pinch) have no place on it.
 */
export function Stage({
  shape,
  preferences,
  dir: wished,
  children,
}: {
  readonly shape: ShapeWish;
  readonly preferences: Preferences;
  readonly dir?: 'ltr' | 'rtl';
  readonly children: ReactNode;
}) {
  // the words in front, not the language asked for: while it is being read the page stays what it is
  const { language } = useWords();
  const dir = wished ?? directionOf(language);
  const [view, setView] = useState({ width: window.innerWidth, height: window.innerHeight });
  useEffect(() => {
    const measure = () => setView({ width: window.innerWidth, height: window.innerHeight });
    const stop = (event: Event) => event.preventDefault();
    window.addEventListener('resize', measure);
    for (const kind of UNWANTED) document.addEventListener(kind, stop, { passive: false });
    return () => {
      window.removeEventListener('resize', measure);
      for (const kind of UNWANTED) document.removeEventListener(kind, stop);
    };
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = dir;
    document.documentElement.dataset.theme = preferences.theme;
  }, [language, preferences.theme, dir]);

  const fit = fitOf(view.width, view.height, shape);
  return (
    <div
      className="stage"
      data-shape={fit.shape}
      data-scale={preferences.textScale}
      data-lowered={preferences.lowered && fit.shape === 'portrait' ? true : undefined}
      data-still={preferences.listen ? true : undefined}
      data-calm={preferences.calm ? true : undefined}
      data-hand={preferences.hand}
      style={{
        inlineSize: fit.width,
        blockSize: fit.height,
        transform: fit.scale === 1 ? undefined : `scale(${fit.scale})`,
        left: fit.left,
        top: fit.top,
      }}
    >
      {children}
    </div>
  );
}

const UNWANTED = ['contextmenu', 'selectstart', 'dragstart', 'gesturestart', 'wheel', 'touchmove'] as const;
