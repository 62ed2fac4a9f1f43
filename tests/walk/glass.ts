/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What the browser itself answers: functions of the page, without anything from outside. */

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** On the page of a long text that is in front. */
  readonly inFront: boolean;
  readonly possible: boolean;
  /** Its words may be others than its name (a pad says "key"). */
  readonly secret: boolean;
}

/** Everything on the glass that can be pressed or focused, in the order of the page. */
export function itemsOnGlass(): Item[] {
  const textOf = (it: Element) => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest('[aria-hidden="true"]')) texts.push(node.nodeValue ?? '');
    return texts.join(' ');
  };
  // what lies under a sheet or a warning is inert
  const all = [
    ...document.querySelectorAll<HTMLElement>(
      'a[href],button,input,select,textarea,[role="button"],[tabindex="0"]',
    ),
  ];
  return all
    .filter((it) => !it.closest('[inert]') && !it.hasAttribute('disabled'))
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && it.getBoundingClientRect().width > 0)
    .map((it, index) => {
      it.dataset.walk = String(index);
      const { left, top, right, bottom } = it.getBoundingClientRect();
      const region = it.closest('main, nav, [role="dialog"]');
      const frame = it.closest('.pages__view')?.getBoundingClientRect();
      const words = it.getAttribute('aria-label') ?? textOf(it);
      return {
        id: it.dataset.testid ?? words.trim(),
        name: words.replaceAll(/\s+/g, ' ').trim(),
        region: region?.getAttribute('aria-label') ?? region?.tagName.toLowerCase() ?? '',
        ...{ left, top, right, bottom },
        inFront: !frame || (top >= frame.top - 1 && bottom <= frame.bottom + 1),
        possible: it.getAttribute('aria-disabled') !== 'true',
        secret: it.closest('[data-aloud]') !== null || it.hasAttribute('data-say'),
      };
    });
}

export interface Focus {
  /** Place in `itemsOnGlass`; -1 when something else has the focus. */
  readonly index: number;
  /** A ring of at least 2 px is drawn around it. */
  readonly ringed: boolean;
  /** All that the caption line has to tell. */
  readonly told: string;
}

export function focusNow(): Focus {
  const element = document.activeElement as HTMLElement | null;
  const caption = document.querySelector<HTMLElement>('[data-said]');
  const style = element ? getComputedStyle(element) : undefined;
  const ringed =
    style !== undefined &&
    ((style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2) ||
      style.boxShadow !== 'none');
  return {
    index: element?.dataset.walk === undefined ? -1 : Number(element.dataset.walk),
    ringed,
    told: caption?.dataset.said ?? '',
  };
}

/** Words of the page that a person reads, each once: what must have been said when it came. */
export function wordsOnGlass(): string[] {
  const textOf = (it: Element) => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest('[aria-hidden="true"]')) texts.push(node.nodeValue ?? '');
    return texts.join(' ');
  };
  const dialog = [...document.querySelectorAll('[role="dialog"]')].at(-1);
  const root = dialog ?? document.querySelector('main') ?? document.body;
  const found: string[] = [];
  for (const it of root.querySelectorAll<HTMLElement>('h1,h2,h3,p,li,dt,dd')) {
    if (it.closest('[aria-hidden="true"],[inert],.caption,button,nav,fieldset,[data-say],[data-aloud]'))
      continue;
    if (it.querySelector('[data-say],[data-aloud]') || it.querySelector('h1,h2,h3,p,li,dt,dd,button'))
      continue;
    if (!it.checkVisibility({ visibilityProperty: true })) continue;
    // of a list of steps the present one is told, and what comes when it comes
    const step = it.closest('ol > li');
    if (step?.parentElement?.querySelector(':scope > [aria-current]') && !step.hasAttribute('aria-current'))
      continue;
    const words = textOf(it).replaceAll(/\s+/g, ' ').trim();
    if (words.length > 2) found.push(words);
  }
  return found;
}

export interface Limits {
  /** Smallest target and gap, px. */
  readonly target: number;
  readonly gap: number;
  /** Everything touchable lies under this line, px from above. */
  readonly reach: number;
}

/** Faults of measure: targets, gaps, the reach line, what runs out of its box or of the glass. */
export function measure({ target, gap, reach }: Limits): string[] {
  const found: string[] = [];
  const nameOf = (it: Element) => it.getAttribute('data-testid') ?? it.className.toString();
  const shown = (it: Element) => {
    const box = it.getBoundingClientRect();
    const frame = it.closest('.pages__view')?.getBoundingClientRect();
    const seen = box.width > 0 && it.checkVisibility({ visibilityProperty: true });
    return seen && (!frame || (box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1));
  };
  const targets = [...document.querySelectorAll('button,a[href],input,[role="button"]')].filter(
    (it) => !it.closest('[inert]') && shown(it),
  );
  const boxes = targets.map((it) => ({ it, box: it.getBoundingClientRect() }));
  for (const { it, box } of boxes) {
    if (box.width < target || box.height < target)
      found.push(`target ${nameOf(it)} is ${Math.round(box.width)}×${Math.round(box.height)}`);
    if (box.top < reach - 0.5)
      found.push(`${nameOf(it)} is at ${Math.round(box.top)}, over the line of reach`);
    if (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      found.push(`${nameOf(it)} is off the glass`);
    const label = it.querySelector('.press')?.getBoundingClientRect();
    if (label && (label.width > box.width + 0.5 || label.height > box.height + 0.5))
      found.push(`the label of ${nameOf(it)} runs out of it`);
  }
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const across = Math.max(other.box.left - one.box.right, one.box.left - other.box.right);
      const down = Math.max(other.box.top - one.box.bottom, one.box.top - other.box.bottom);
      // keys of a keyboard stand closer (screens.md 6)
      const keys = one.it.closest('.keyboard') !== null && other.it.closest('.keyboard') !== null;
      if (Math.max(across, down) < (keys ? gap - 2 : gap) - 0.5)
        found.push(`${nameOf(one.it)} and ${nameOf(other.it)} are too close`);
    }
  }
  for (const it of document.querySelectorAll(
    'h1,.facade__lead,.cornice__who,.idle__sheet,.sheet,.pages__view',
  )) {
    if (!it.closest('[inert]') && it.scrollWidth > it.clientWidth + 2)
      found.push(`${nameOf(it)} is wider than its place`);
  }
  for (const it of document.querySelectorAll('.facade__body,.home,.idle,.frame,.sheet')) {
    if (!it.closest('[inert]') && it.scrollHeight > it.clientHeight + 2)
      found.push(`${nameOf(it)} is too tall by ${it.scrollHeight - it.clientHeight}`);
  }
  return found;
}
