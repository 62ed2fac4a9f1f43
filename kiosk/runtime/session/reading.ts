import { readNotice } from '@jolly/contracts/notice';
import { isPreferencesCode, readPreferences } from '@jolly/contracts/preferences';
import type { Reading } from './events.ts';

/**
 * What a scanned text means to the session. Only the notice's key goes on: a postal Data Matrix also carries the
 * debtor's name, and the amount in a code is a hint that is never used. A checksum that does not hold is left to the
 * node to judge (pagopa.md 1).
 */
export function readScan(text: string): Reading {
  if (isPreferencesCode(text)) return { ok: 'preferences', preferences: readPreferences(text) };
  const reading = readNotice(text);
  if (reading.decision === 'reject') return { ok: false, reason: reading.seen ?? reading.reason };
  const { noticeNumber, creditorTaxCode } = reading;
  return { ok: true, notice: { noticeNumber, creditorTaxCode } };
}
