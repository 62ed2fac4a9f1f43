import type { Reading } from './events.ts';

/** TEMPORARY until @jolly/contracts/notice has them. */
export function noticeDigitsOk(digits: string): boolean {
  if (!/^[0-3]\d{17}$/.test(digits)) return false;
  if (digits.startsWith('1')) return true;
  return BigInt(digits.slice(0, 16)) % 93n === BigInt(digits.slice(16));
}

export function creditorDigitsOk(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < 10; index++) {
    const value = Number(digits[index]) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return (10 - (sum % 10)) % 10 === Number(digits[10]);
}

export function readScan(text: string): Reading {
  const [magic, version, noticeNumber, creditorTaxCode] = text.split('|');
  if (magic !== 'PAGOPA' || version !== '002' || !noticeNumber || !creditorTaxCode) {
    return { ok: false, reason: 'not-pagopa' };
  }
  return { ok: true, notice: { noticeNumber, creditorTaxCode } };
}
