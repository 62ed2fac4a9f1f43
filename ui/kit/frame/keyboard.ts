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
  const grid = document.activeElement?.closest<HTMLElement>('[data-grid]');
  if (grid && moveInGrid(grid, key)) return true;
  const dialog = root.querySelector('[aria-modal="true"]');
  const items = [...(dialog ?? root).querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (item) => !item.closest('[inert]'),
  );
  if (items.length === 0) return true;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const from = at < 0 ? beforeFirstAfter(items, document.activeElement, forward) : at;
  items[(from + (forward ? 1 : -1) + items.length) % items.length]?.focus();
  return true;
}

/** A title has the focus: on goes to what stands after it on the page, back to what stands before. */
function beforeFirstAfter(items: readonly HTMLElement[], here: Element | null, forward: boolean): number {
  if (!here || here === document.body) return forward ? -1 : 0;
  const after = items.findIndex(
    (item) => here.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const first = after < 0 ? items.length : after;
  return forward ? first - 1 : first;
}

/**
 * A keyboard is walked as the grid it is: left and right key by key through all rows, up and down to the nearest key of the row
 * beside, so that no key is further than rows and columns together. Off its upper and lower edge the page goes on.
 */
function moveInGrid(grid: HTMLElement, key: string): boolean {
  const rows = [...grid.querySelectorAll('[data-grid-row]')].map((row) => [
    ...row.querySelectorAll<HTMLElement>('button'),
  ]);
  const here = document.activeElement as HTMLElement;
  const at = rows.findIndex((row) => row.includes(here));
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const all = rows.flat();
    const next = all[all.indexOf(here) + (key === 'ArrowRight' ? 1 : -1)];
    next?.focus();
    return next !== undefined;
  }
  const beside = rows[at + (key === 'ArrowDown' ? 1 : -1)];
  if (!beside) {
    // from its edge the arrows go on as everywhere: over the keys of this row
    const edge = key === 'ArrowDown' ? rows.at(-1)?.at(-1) : rows[0]?.[0];
    edge?.focus();
    return false;
  }
  const middle = (box: DOMRect) => box.left + box.width / 2;
  const x = middle(here.getBoundingClientRect());
  const distance = (each: HTMLElement) => Math.abs(middle(each.getBoundingClientRect()) - x);
  beside.toSorted((one, other) => distance(one) - distance(other))[0]?.focus();
  return true;
}
