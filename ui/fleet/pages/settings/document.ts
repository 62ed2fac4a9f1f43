import {
  effectiveSettings,
  LAYERS,
  type Layer,
  type LayerDocuments,
  originsOf,
  type TerminalSettings,
} from '@jolly/contracts/twin';

/** A layer's document while it is edited: as typed, checked by the server with every fault listed. */
export type Draft = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `idle.warnAfterSeconds` leads to. */
export function valueAt(document: Draft, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (!isGroup(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** The document with one value said, or no longer said (`undefined`): a group that says nothing more goes with it. */
export function withValue(document: Draft, path: string, value: unknown): Draft {
  const [name = '', ...rest] = path.split('.');
  const next: Record<string, unknown> = { ...document };
  if (rest.length === 0) {
    if (value === undefined) delete next[name];
    else next[name] = value;
    return next;
  }
  const group = next[name];
  const inner = withValue(isGroup(group) ? group : {}, rest.join('.'), value);
  if (Object.keys(inner).length === 0) delete next[name];
  else next[name] = inner;
  return next;
}

export interface Inherited {
  /** What holds here as long as this layer says nothing. */
  readonly values: TerminalSettings;
  readonly origins: Readonly<Record<string, Layer>>;
}

/** What the wider layers say together. */
export function inheritedBy(layer: Layer, documents: LayerDocuments): Inherited {
  const wider = LAYERS.slice(0, LAYERS.indexOf(layer));
  const above: LayerDocuments = Object.fromEntries(
    wider.flatMap((each) => (documents[each] ? [[each, documents[each]]] : [])),
  );
  return { values: effectiveSettings(above), origins: originsOf(above) };
}

/** Which layer a shown value comes from: this one, a wider one, or the terminal's own file. A group comes from whoever said any of it. */
export function originOf(
  path: string,
  draft: Draft,
  layer: Layer,
  inherited: Inherited,
): { readonly from: Layer | 'file'; readonly own: boolean } {
  if (valueAt(draft, path) !== undefined) return { from: layer, own: true };
  const direct = inherited.origins[path];
  if (direct) return { from: direct, own: false };
  const within = Object.entries(inherited.origins).find(([each]) => each.startsWith(`${path}.`));
  return { from: within?.[1] ?? 'file', own: false };
}

/** How many single values a document says. */
export function countSaid(document: Draft): number {
  let count = 0;
  for (const value of Object.values(document)) {
    count += isGroup(value) && Object.keys(value).length > 0 ? countSaid(value) : 1;
  }
  return count;
}

/** One place up or down; the first and the last stay. */
export function movedInList<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  const to = at + by;
  const next = [...list];
  const [one, other] = [next[at], next[to]];
  if (one === undefined || other === undefined) return next;
  next[at] = other;
  next[to] = one;
  return next;
}
