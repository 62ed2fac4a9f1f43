const FOCUSABLE = 'button:not([disabled]), a[href], [tabindex="0"]';

/**
 * Arrows go to the item before or after in reading order, as on a navigation pad; Tab does the same by itself. An open
 * dialog keeps them inside. Returns whether the key was an arrow.
 */
export function moveFocus(key: string, root: ParentNode = document): boolean {
  const rtl = document.documentElement.dir === 'rtl';
  const forward = key === 'ArrowDown' || key === (rtl ? 'ArrowLeft' : 'ArrowRight');
  const backward = key === 'ArrowUp' || key === (rtl ? 'ArrowRight' : 'ArrowLeft');
  if (!forward && !backward) return false;
  const dialog = root.querySelector('[aria-modal="true"]');
  const items = [...(dialog ?? root).querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (item) => !item.closest('[inert]'),
  );
  if (items.length === 0) return true;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next =
    at < 0 ? (forward ? 0 : items.length - 1) : (at + (forward ? 1 : -1) + items.length) % items.length;
  items[next]?.focus();
  return true;
}
