import { z } from 'zod';
import { applyMergePatch, type Json, sameJson } from './merge-patch.ts';
import { TerminalSettings } from './settings.ts';

/** From the widest to the narrowest: what a narrower one says holds. */
export const LAYERS = ['centre', 'municipality', 'site', 'terminal'] as const;
export const Layer = z.enum(LAYERS);
export type Layer = z.infer<typeof Layer>;

/** One layer's word, by layer; what is absent says nothing. */
export type LayerDocuments = Readonly<Partial<Record<Layer, TerminalSettings>>>;

/** All layers put together: the settings a terminal is sent. */
export function effectiveSettings(layers: LayerDocuments): TerminalSettings {
  let all: Json = {};
  for (const layer of LAYERS) {
    const document = layers[layer];
    if (document) all = applyMergePatch(all, document as Json);
  }
  return TerminalSettings.parse(all);
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
    for (const path of leaves((layers[layer] ?? {}) as Json).keys()) {
      for (const known of Object.keys(origins)) {
        if (known.startsWith(`${path}.`) || path.startsWith(`${known}.`)) delete origins[known];
      }
      origins[path] = layer;
    }
  }
  return origins;
}

function leaves(value: Json, path = '', into = new Map<string, Json>()): Map<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    into.set(path, value);
    return into;
  }
  for (const [name, each] of Object.entries(value)) {
    if (each !== undefined) leaves(each, path === '' ? name : `${path}.${name}`, into);
  }
  return into;
}
