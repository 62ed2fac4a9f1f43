/** A JSON document, and a merge patch on one (RFC 7396): what is named is replaced, `null` takes it away, lists are values. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };
type JsonObject = { readonly [name: string]: Json | undefined };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that would reach an object's own machinery. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `target` with `patch` laid over it; neither is changed. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (FORBIDDEN.has(name) || value === undefined) continue;
    if (value === null) delete result[name];
    else result[name] = applyMergePatch(result[name], value);
  }
  return result;
}

/** The smallest merge patch that makes `to` of `from`; undefined when they are equal. A `null` inside a document cannot be told. */
export function mergePatchBetween(from: Json | undefined, to: Json): Json | undefined {
  if (!isObject(from) || !isObject(to)) return sameJson(from, to) ? undefined : to;
  const patch: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const value = to[name];
    if (value === undefined) {
      if (from[name] !== undefined) patch[name] = null;
      continue;
    }
    const change = mergePatchBetween(from[name], value);
    if (change !== undefined) patch[name] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, at) => sameJson(value, other[at]));
  }
  if (isObject(one) && isObject(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => sameJson(one[name], other[name]));
  }
  return one === other;
}
