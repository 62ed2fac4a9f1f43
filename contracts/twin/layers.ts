import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject, sameJson } from './merge-patch.ts';
import { TerminalSettings } from './settings.ts';

/** From the widest to the narrowest: what a narrower one says holds. */
export const LAYERS = ['centre', 'municipality', 'site', 'terminal'] as const;
export const Layer = z.enum(LAYERS);
export type Layer = z.infer<typeof Layer>;

/** One layer's word, by layer; what is absent says nothing. */
export type LayerDocuments = Readonly<Partial<Record<Layer, TerminalSettings>>>;

/**
 * Groups that are one word: a notice of the municipality is not put together of two layers' titles and texts. Empty, it says that there
 * is none here.
 */
const WHOLE: ReadonlySet<string> = new Set(['attract']);

/** All layers put together: the settings a terminal is sent. Never changes with what says nothing, such as an empty group. */
export function effectiveSettings(layers: LayerDocuments): TerminalSettings {
  let all: JsonObject = {};
  for (const layer of LAYERS) {
    const document = layers[layer];
    if (document) all = overlay(all, document as JsonObject);
  }
  return TerminalSettings.parse(all);
}

/** Not a merge patch: here `null` is a word, a day on which nobody is served. What a narrower layer does not name stays. */
function overlay(wide: JsonObject, narrow: JsonObject): JsonObject {
  const all: Record<string, Json | undefined> = { ...wide };
  for (const [name, value] of Object.entries(narrow)) {
    if (value === undefined) continue;
    if (!isJsonObject(value) || WHOLE.has(name)) all[name] = value;
    else if (Object.keys(value).length > 0) {
      const before = all[name];
      all[name] = overlay(isJsonObject(before) ? before : {}, value);
    }
  }
  return all;
}

/** One line of a diff: a path like `idle.warnAfterSeconds`, what was and what is. */
export const SettingChange = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type SettingChange = z.infer<typeof SettingChange>;

/** Every single value that differs, in the order of their paths. Lists and hours of a day are one value. */
export function changesBetween(before: TerminalSettings, after: TerminalSettings): SettingChange[] {
  const one = leaves(before as Json);
  const other = leaves(after as Json);
  return [...new Set([...one.keys(), ...other.keys()])]
    .toSorted()
    .filter((path) => !sameJson(one.get(path), other.get(path)))
    .map((path) => ({
      path,
      ...(one.has(path) ? { before: one.get(path) } : {}),
      ...(other.has(path) ? { after: other.get(path) } : {}),
    }));
}

/** Which layer said each value that holds. */
export function originsOf(layers: LayerDocuments): Record<string, Layer> {
  const origins: Record<string, Layer> = {};
  for (const layer of LAYERS) {
    const document = (layers[layer] ?? {}) as JsonObject;
    for (const known of Object.keys(origins)) {
      const [group = ''] = known.split('.');
      if (WHOLE.has(group) && document[group] !== undefined) delete origins[known];
    }
    for (const path of leaves(document).keys()) origins[path] = layer;
  }
  return origins;
}

/** Every single value by its path. A list is one value, and so are the hours of a day. */
function leaves(value: Json, path = '', into = new Map<string, Json>()): Map<string, Json> {
  if (!isJsonObject(value)) {
    into.set(path, value);
    return into;
  }
  if (WHOLE.has(path) && Object.values(value).every((each) => each === undefined)) into.set(path, value);
  for (const [name, each] of Object.entries(value)) {
    if (each !== undefined) leaves(each, path === '' ? name : `${path}.${name}`, into);
  }
  return into;
}
