/** A JSON document, and a merge patch on one (RFC 7396): what is named is replaced, `null` takes it away, lists are values. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };
export type JsonObject = { readonly [name: string]: Json | undefined };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that would reach an object's own machinery. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Deeper than any document of ours: a patch made to be deep must not use up the stack. Below, it is taken as it is. */
const DEEPEST = 32;

/** What an object itself has under a name: `toString` and its like are nobody's word. */
const own = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** `target` with `patch` laid over it; neither is changed. */
export function applyMergePatch(target: Json | undefined, patch: Json, depth = 0): Json {
  if (!isJsonObject(patch) || depth > DEEPEST) return patch;
  const result: Record<string, Json | undefined> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (FORBIDDEN.has(name) || value === undefined) continue;
    if (value === null) delete result[name];
    else result[name] = applyMergePatch(own(result, name), value, depth + 1);
  }
  return result;
}

/** The smallest merge patch that makes `to` of `from`; undefined when they are equal. A `null` inside a document cannot be told. */
export function mergePatchBetween(from: Json | undefined, to: Json): Json | undefined {
  if (!isJsonObject(from) || !isJsonObject(to)) return sameJson(from, to) ? undefined : to;
  const patch: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (FORBIDDEN.has(name)) continue;
    const value = own(to, name);
    if (value === undefined) {
      if (own(from, name) !== undefined) patch[name] = null;
      continue;
    }
    const change = mergePatchBetween(own(from, name), value);
    if (change !== undefined) patch[name] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Equal as JSON: the order of names says nothing, and a name without a value is not there. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, at) => sameJson(value, other[at]));
  }
  if (isJsonObject(one) && isJsonObject(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => sameJson(own(one, name), own(other, name)));
  }
  return one === other;
}
