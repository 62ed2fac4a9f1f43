/** What our adapters read of the payloads. Absent and `null` say the same: nothing (xfs4iot.md 2). Nothing here throws. */
import type { Payload } from './message.ts';

const LONGEST_WORD = 200;

/** The object under a key; an empty one where there is none. */
export function objectAt(value: Payload, key: string): Payload {
  const found = value[key];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Payload) : {};
}

export function listAt(value: Payload, key: string): readonly Payload[] {
  const found = value[key];
  if (!Array.isArray(found)) return [];
  return found.filter((each): each is Payload => typeof each === 'object' && each !== null);
}

/** A word (a state, an error code): short text, else undefined. */
export function wordAt(value: Payload, key: string): string | undefined {
  const found = value[key];
  return typeof found === 'string' && found.length <= LONGEST_WORD ? found : undefined;
}

export function wordsAt(value: Payload, key: string): readonly string[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter((each): each is string => typeof each === 'string') : [];
}

export function flagAt(value: Payload, key: string): boolean {
  return value[key] === true;
}

/** Base64 as bytes; undefined where there is none or it is no base64. */
export function bytesAt(value: Payload, key: string): Uint8Array | undefined {
  const found = value[key];
  if (typeof found !== 'string' || found.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(found))
    return undefined;
  try {
    return Uint8Array.from(atob(found), (character) => character.charCodeAt(0));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return undefined;
  }
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
