import { domToBlob } from 'modern-screenshot';

/** Wider is no help to who looks at it. */
const WIDEST = 1080;
/** Never drawn: what is marked as somebody's, what somebody typed, the camera's picture. */
const NOT_DRAWN = '[data-private], input, textarea, video, iframe';

/** Draws the page as it is. Read only when a picture is asked for: the first screen does not pay for it. */
export function drawPage(page: HTMLElement): Promise<Blob> {
  return domToBlob(page, {
    type: 'image/webp',
    quality: 0.8,
    scale: Math.min(1, WIDEST / Math.max(1, page.clientWidth)),
    filter: (node) => !(node instanceof Element && node.matches(NOT_DRAWN)),
  });
}
