import { creditorDigitsOk, noticeDigitsOk } from '@jolly/contracts/notice';
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

export interface TypedCheck {
  readonly noticeOk?: boolean;
  readonly creditorOk?: boolean;
  readonly canContinue: boolean;
}

/**
 * Tests of the check digits while they are typed: absent as long as more digits could make the field right. The
 * municipality's own code was set by the installer and is right by definition (pagoPA's test creditor fails the sum).
 */
export function checkTyped(typed: Typed, ownCreditor: string): TypedCheck {
  const noticeOk = noticeDigitsOk(typed.notice);
  const creditorOk = typed.creditor === ownCreditor || creditorDigitsOk(typed.creditor);
  return {
    ...(noticeOk === undefined ? {} : { noticeOk }),
    ...(creditorOk === undefined ? {} : { creditorOk }),
    canContinue: noticeOk === true && creditorOk === true,
  };
}
