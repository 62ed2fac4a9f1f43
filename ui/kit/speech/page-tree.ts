/** The page as a tree without a browser: what the reading of a screen needs, so that it is a pure function. */
export type PageNode = string | PageElement;

export interface PageElement {
  /** Lower case. */
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly PageNode[];
  /** It has the focus. */
  readonly focused?: true;
}

/** The shown part of a rendered element; undefined when it is not shown at all. */
export function treeOf(element: Element): PageElement | undefined {
  const tag = element.tagName.toLowerCase();
  if (tag === 'style' || tag === 'script') return undefined;
  // not checkVisibility: a box that lends its place to its children (display: contents) counts as unseen there
  const { display, visibility } = getComputedStyle(element);
  if (display === 'none' || visibility === 'hidden') return undefined;
  const children: PageNode[] = [];
  // a drawing is read by its label alone
  if (tag !== 'svg') {
    for (const node of element.childNodes) {
      // where a long word may be parted is for the eye
      if (node instanceof Text) children.push(node.data.replaceAll('\u00ad', ''));
      else if (node instanceof Element) {
        const child = treeOf(node);
        if (child) children.push(child);
      }
    }
  }
  const attributes: Record<string, string> = {};
  for (const { name, value } of element.attributes) attributes[name] = value;
  const tree = { tag, attributes, children };
  return element === document.activeElement ? { ...tree, focused: true } : tree;
}
