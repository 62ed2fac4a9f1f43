import { systemClock } from '@jolly/contracts/values';
import { useEffect, useRef } from 'react';
import { WedgeFilter } from './wedge.ts';

/** Keeps the keys of a reader in keyboard mode from the page, before anything else hears them; `found` is told once a code. */
export function useWedge(found: () => void): void {
  const latest = useRef(found);
  latest.current = found;
  useEffect(() => {
    const ours = new WeakSet<Event>();
    const targets = new WeakMap<KeyboardEvent, EventTarget>();
    const filter = new WedgeFilter<KeyboardEvent>(
      systemClock,
      (event) => {
        const again = new KeyboardEvent('keydown', {
          ...{ key: event.key, code: event.code, shiftKey: event.shiftKey },
          ...{ bubbles: true, cancelable: true },
        });
        ours.add(again);
        (targets.get(event) ?? window).dispatchEvent(again);
      },
      () => latest.current(),
    );
    const key = (event: KeyboardEvent) => {
      if (ours.has(event) || filter.take(event) === 'pass') return;
      if (event.target) targets.set(event, event.target);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', key, { capture: true });
    return () => {
      window.removeEventListener('keydown', key, { capture: true });
      filter.close();
    };
  }, []);
}
