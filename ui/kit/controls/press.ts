import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef, useState } from 'react';

export interface PressOptions {
  readonly onPress?: (() => void) | undefined;
  /** Not acting now, but still focusable: the label says why. */
  readonly disabled?: boolean;
  /** A second press within this many milliseconds is a tremor, not a wish (EN 301 549 5.8). Keys of a pad take 0. */
  readonly guardMs?: number;
  /** Bystanders must not see which key is touched: it never looks pressed and takes no focus from a finger. */
  readonly discreet?: boolean;
  /** A key of a keyboard: a finger on it leaves the focus where it is. */
  readonly keepsFocus?: boolean;
}

/**
 * How everything touchable behaves: pressed at touch down, acts at touch up, sliding off cancels and coming back takes
 * it up again. A click without a pointer (Enter, Space, assistive technology) acts at once; a held key acts once.
 */
export function usePress({
  onPress,
  disabled = false,
  guardMs = 500,
  discreet = false,
  keepsFocus = discreet,
}: PressOptions) {
  const [pressed, setPressed] = useState(false);
  const pointer = useRef<number>(undefined);
  const last = useRef(Number.NEGATIVE_INFINITY);

  const act = (at: number) => {
    if (disabled || at - last.current < guardMs) return;
    last.current = at;
    onPress?.();
  };
  const isOver = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  };
  const release = () => {
    pointer.current = undefined;
    setPressed(false);
  };

  return {
    'data-pressed': pressed && !discreet ? true : undefined,
    'aria-disabled': disabled ? (true as const) : undefined,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (disabled || !event.isPrimary || event.button !== 0) return;
      pointer.current = event.pointerId;
      event.currentTarget.setPointerCapture(event.pointerId);
      setPressed(true);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (pointer.current === event.pointerId) setPressed(isOver(event));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (pointer.current !== event.pointerId) return;
      const over = isOver(event);
      release();
      if (over) act(event.timeStamp);
    },
    onPointerCancel: release,
    onMouseDown: keepsFocus ? (event: MouseEvent<HTMLElement>) => event.preventDefault() : undefined,
    onClick: (event: MouseEvent<HTMLElement>) => {
      if (event.detail === 0) act(event.timeStamp);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
    },
  };
}
