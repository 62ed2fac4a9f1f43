import { creditorDigitsOk, noticeDigitsOk } from './notice-rules.ts';
import type { Typed } from './context.ts';

/** Lengths of the two fields of a typed notice (pagopa.md 1.1, 1.2). */
const LENGTH = { notice: 18, creditor: 11 } as const;

export const startTyping = (creditor: string): Typed => ({ notice: '', creditor, field: 'notice' });

export const hasRoom = (typed: Typed): boolean => typed[typed.field].length < LENGTH[typed.field];

export const withDigit = (typed: Typed, digit: string): Typed =>
  hasRoom(typed) ? { ...typed, [typed.field]: typed[typed.field] + digit } : typed;

export const withoutLast = (typed: Typed): Typed => ({
  ...typed,
  [typed.field]: typed[typed.field].slice(0, -1),
});

export const cleared = (typed: Typed): Typed => ({ ...typed, [typed.field]: '' });

/** Tests of the check digits; undefined while a field is incomplete. */
export function checkTyped(typed: Typed): {
  readonly noticeOk?: boolean;
  readonly creditorOk?: boolean;
  readonly canContinue: boolean;
} {
  const notice = typed.notice.length === LENGTH.notice ? noticeDigitsOk(typed.notice) : undefined;
  const creditor = typed.creditor.length === LENGTH.creditor ? creditorDigitsOk(typed.creditor) : undefined;
  return {
    ...(notice === undefined ? {} : { noticeOk: notice }),
    ...(creditor === undefined ? {} : { creditorOk: creditor }),
    canContinue: notice === true && creditor === true,
  };
}
