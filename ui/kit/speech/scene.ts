import type { PageElement, PageNode } from './page-tree.ts';

/**
 * A screen as it is told: read from roles, names, headings and live regions of the rendered page, so that no text exists
 * twice. Two attributes say it otherwise: `data-say` (said instead of what stands here; empty: not said) and
 * `data-aloud` (the same, as long as others can hear: names, digits of a pad).
 */
export interface Scene {
  /** Which screen or dialog: another one is told from the start. */
  readonly place: string;
  /** Whose terminal this is. */
  readonly header: readonly string[];
  readonly title: string;
  readonly lines: readonly Line[];
  readonly controls: readonly Control[];
}

export interface Line {
  readonly text: string;
  /** A live region (status, alert, timer, aria-live): told when it changes. */
  readonly live: boolean;
  /** Told when it changes, not with the screen (`data-told="seldom"`): the number of a page that is told as a whole. */
  readonly seldom?: boolean;
}

export interface Control {
  /** Tells controls apart; never said. */
  readonly id: string;
  readonly name: string;
  /** Name of the bar or pad it belongs to. */
  readonly group?: string | undefined;
  /** How its group is told: one by one, only at the start and when asked (`data-told="seldom"`), or by its name alone. */
  readonly told: 'each' | 'seldom' | 'as-pad';
  readonly state?: 'on' | 'off' | undefined;
  readonly possible: boolean;
  readonly focused: boolean;
}

const NEWS_ROLES = new Set(['status', 'alert', 'timer']);
const TEXT_TAGS = new Set(['h1', 'h2', 'h3', 'p', 'li', 'dt', 'dd', 'figcaption']);

/** The same page for one pair of ears: nothing stands in for what others must not hear. */
export function forOneEar(element: PageElement): PageElement {
  const { 'data-aloud': _, ...attributes } = element.attributes;
  const children = element.children.map((child) => (typeof child === 'string' ? child : forOneEar(child)));
  return { ...element, attributes, children };
}

/** Reads the page under `root`: an open dialog, else the main part, else a status that covers everything. */
export function readScene(root: PageElement): Scene {
  const shown = allOf(root);
  const dialog = shown.findLast((it) => it.attributes.role === 'dialog');
  const main = shown.find((it) => it.tag === 'main');
  const cover = shown.find((it) => NEWS_ROLES.has(it.attributes.role ?? ''));
  const stage = dialog ?? main ?? cover;
  const reading = new Reading();
  if (stage) reading.read(stage, { live: false });
  // what the frame itself has to tell stands outside the page
  for (const it of shown) if (it.attributes['data-news'] !== undefined) reading.read(it, { live: true });
  for (const bar of shown) if (bar.tag === 'nav') reading.controlsOf(bar);
  const header = shown.find((it) => it.tag === 'header');
  const title = reading.title ?? reading.lines.shift()?.text ?? '';
  return {
    place: stage?.attributes['data-screen'] ?? stage?.attributes['data-testid'] ?? '',
    header: header ? childElements(header).flatMap(linesOf) : [],
    title,
    lines: reading.lines,
    controls: reading.controls,
  };
}

interface Around {
  readonly live: boolean;
  readonly group?: string | undefined;
  readonly told?: Control['told'];
}

class Reading {
  title: string | undefined;
  readonly lines: Line[] = [];
  readonly controls: Control[] = [];

  read(element: PageElement, around: Around): void {
    if (isHidden(element)) return;
    const { tag, attributes } = element;
    const live = around.live || isLive(element);
    const instead = insteadOf(element);
    if (isControl(element)) {
      this.#control(element, around);
    } else if (instead !== undefined && tag !== 'h1') {
      this.#line(instead, live, around);
    } else if (attributes.role === 'img') {
      this.#line(attributes['aria-label'] ?? '', live, around);
    } else if (attributes.role === 'progressbar') {
      // its words stand beside it
    } else if (tag === 'h1' && this.title === undefined) {
      this.title = textOf(element);
    } else if (isText(element)) {
      this.#line(textOf(element), live, around);
    } else {
      const next = { ...around, live, ...groupOf(element) };
      for (const child of toldChildren(element)) this.read(child, next);
    }
  }

  /** Only what can be pressed: the words of a bar are its name. */
  controlsOf(bar: PageElement): void {
    const lines = this.lines.length;
    this.read(bar, { live: false });
    this.lines.length = lines;
  }

  #line(text: string, live: boolean, { told }: Around): void {
    if (text !== '') this.lines.push(told === 'seldom' ? { text, live, seldom: true } : { text, live });
  }

  #control(element: PageElement, { group, told = 'each' }: Around): void {
    const { attributes, focused } = element;
    const name = insteadOf(element) ?? attributes['aria-label'] ?? textOf(element);
    const pressed = attributes['aria-pressed'];
    // a key whose name is kept from the room is not given away by what it can do
    const discreet = attributes['data-aloud'] !== undefined;
    this.controls.push({
      id: attributes['data-testid'] ?? name,
      name,
      group,
      told,
      state: pressed === undefined ? undefined : pressed === 'true' ? 'on' : 'off',
      possible: discreet || (attributes['aria-disabled'] !== 'true' && attributes.disabled === undefined),
      focused: focused === true,
    });
  }
}

function groupOf(element: PageElement): Pick<Around, 'group' | 'told'> {
  const { tag, attributes } = element;
  if (tag === 'fieldset') {
    const legend = childElements(element).find((it) => it.tag === 'legend');
    return { group: legend && plainText(legend), told: 'as-pad' };
  }
  const told = attributes['data-told'] === 'seldom' ? ({ told: 'seldom' } as const) : {};
  return tag === 'nav' ? { group: attributes['aria-label'], ...told } : told;
}

/** In a list of steps only the present one is told; the name of a pad is the name of its group. */
function toldChildren(element: PageElement): PageElement[] {
  const children = childElements(element).filter(
    (child) => child.tag !== 'legend' || insteadOf(child) !== undefined,
  );
  const current = children.filter((child) => isCurrent(child));
  return element.tag === 'ol' && current.length > 0 ? current : children;
}

const isCurrent = ({ attributes: { 'aria-current': current } }: PageElement): boolean =>
  current !== undefined && current !== 'false';

const isControl = ({ tag, attributes }: PageElement): boolean =>
  tag === 'button' || (tag === 'a' && attributes.href !== undefined) || attributes.role === 'button';

const isHidden = ({ tag, attributes }: PageElement): boolean =>
  attributes['aria-hidden'] === 'true' ||
  attributes.inert !== undefined ||
  attributes.hidden !== undefined ||
  (tag === 'svg' && attributes['aria-label'] === undefined);

const isLive = ({ attributes }: PageElement): boolean =>
  NEWS_ROLES.has(attributes.role ?? '') || (attributes['aria-live'] ?? 'off') !== 'off';

/** A whole sentence or row: told as one. */
function isText(element: PageElement): boolean {
  const inner = allOf(element);
  if (inner.some(isControl)) return false;
  if (isRow(element)) return true;
  if (TEXT_TAGS.has(element.tag)) return true;
  return element.children.some((child) => typeof child === 'string' && child.trim() !== '');
}

/** A label and its value. */
const isRow = (element: PageElement): boolean =>
  element.tag !== 'dl' && childElements(element).some((child) => child.tag === 'dt');

function insteadOf({ attributes }: PageElement): string | undefined {
  return attributes['data-aloud'] ?? attributes['data-say'];
}

function textOf(element: PageElement): string {
  return insteadOf(element) ?? plainText(element);
}

/** Words beside each other flow; parts without words between them are told with a pause. */
function plainText(element: PageElement): string {
  const flows = element.children.some((child) => typeof child === 'string' && child.trim() !== '');
  const parts = element.children.map((child: PageNode) =>
    typeof child === 'string' ? child : isHidden(child) ? '' : (roleText(child) ?? textOf(child)),
  );
  if (flows) return parts.join('').replaceAll(/\s+/g, ' ').trim();
  const pause = isRow(element) ? ': ' : ', ';
  return parts
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part !== '')
    .reduce((said, part) => (said === '' ? part : said + (/[.:?…]$/.test(said) ? ' ' : pause) + part), '');
}

const roleText = ({ attributes }: PageElement): string | undefined =>
  attributes.role === 'img' ? (attributes['aria-label'] ?? '') : undefined;

function linesOf(element: PageElement): string[] {
  const reading = new Reading();
  reading.read(element, { live: false });
  return reading.lines.map(({ text }) => text);
}

const childElements = (element: PageElement): PageElement[] =>
  element.children.filter((child): child is PageElement => typeof child !== 'string');

/** The element and all in it that a person can reach. */
function allOf(element: PageElement): PageElement[] {
  return isHidden(element) ? [] : [element, ...childElements(element).flatMap(allOf)];
}
