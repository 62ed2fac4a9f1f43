import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from './projection.ts';

/** The room a drawing has, in CSS pixels, and how large a pixel of the design is in the person's text size. */
export function useSheet(): {
  readonly ref: RefObject<HTMLElement | null>;
  readonly size: Size;
  readonly unit: number;
} {
  const ref = useRef<HTMLElement>(null);
  const [sheet, setSheet] = useState({ size: { width: 600, height: 500 }, unit: 1 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      if (clientWidth === 0 || clientHeight === 0) return;
      const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
      setSheet({ size: { width: clientWidth, height: clientHeight }, unit });
    };
    const watching = new ResizeObserver(measure);
    watching.observe(element);
    measure();
    return () => watching.disconnect();
  }, []);
  return { ref, ...sheet };
}
