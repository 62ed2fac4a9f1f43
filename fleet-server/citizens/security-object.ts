import type { X509Certificate } from 'node:crypto';
import {
  checkSod,
  entryMatches,
  readSod,
  type SecurityObject,
} from '@jolly/contracts/passive-authentication';
import { isJollyError } from '@jolly/contracts/values';
import { refused } from './refusals.ts';

/** Reads a security object and checks it up to the country's anchors. Throws `sod-untrusted`. */
export function trustedSod(
  file: Uint8Array,
  anchors: readonly X509Certificate[],
  now: number,
): SecurityObject {
  try {
    const sod = readSod(file);
    checkSod(sod, { anchors, at: now });
    return sod;
  } catch (error) {
    if (isJollyError(error)) throw refused('sod-untrusted', error);
    throw error;
  }
}

/** Throws `sod-mismatch` unless every file is the one listed under its number. */
export function listed(sod: SecurityObject, files: readonly (readonly [number, Uint8Array])[]): void {
  if (!files.every(([number, file]) => entryMatches(sod, number, file))) throw refused('sod-mismatch');
}
