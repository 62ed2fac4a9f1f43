export type Shape = 'portrait' | 'landscape';

export interface Fit {
  readonly shape: Shape;
  /** Size of the picture before scaling, px. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** Where its corner stands in the window, px. */
  readonly left: number;
  readonly top: number;
}

/**
 * How the picture stands in a window. Left to itself a window is landscape only when it is a whole 16:9 screen (a
 * mounted landscape terminal); a laptop's window shows the portrait terminal, as high as it goes and centred.
 */
export function fitOf(viewWidth: number, viewHeight: number, wish: Shape | 'auto'): Fit {
  const wide = Math.abs(viewWidth / viewHeight - 16 / 9) < 0.01 && viewHeight >= 1080;
  const shape = wish === 'auto' ? (wide ? 'landscape' : 'portrait') : wish;
  const [width, height] = shape === 'portrait' ? [1080, 1920] : [1920, 1080];
  const scale = Math.min(viewWidth / width, viewHeight / height);
  return {
    shape,
    width,
    height,
    scale,
    left: (viewWidth - width * scale) / 2,
    top: (viewHeight - height * scale) / 2,
  };
}
