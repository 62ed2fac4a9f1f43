import type { PadKey } from '@jolly/contracts/terminal-channel';
import { KEY_OF_PAD } from './keys.ts';

/**
 * A key of the tactile keypad, pressed where the focus is: it goes the way of the keyboard's key of the same meaning, so that
 * whatever hears the one hears the other. A page cannot press Enter on a button: that is done for it.
 */
export function pressPad(key: PadKey, page: Document): void {
  const at = page.activeElement ?? page.body;
  const event = new KeyboardEvent('keydown', { key: KEY_OF_PAD[key], bubbles: true, cancelable: true });
  const free = at.dispatchEvent(event);
  if (key === 'ok' && free && at instanceof HTMLElement && at.matches('button, a[href], [role="button"]'))
    at.click();
}
