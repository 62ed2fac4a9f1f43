import type { CardEvidence, PosDay } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { field } from './export.ts';
import { type MatchedPayment, matchDay } from './match.ts';
import { canonicalJson, FIRST_SEAL, firstBroken, type SealedDay, sealOf } from './seal.ts';

const card = (amount: number): CardEvidence => ({
  posTerminalId: '12345678',
  stan: '1',
  cardType: 'debit',
  chargedAt: 1,
  amountCents: cents(amount),
});
const charge = (id: string, amount: number, kind: 'charge' | 'reversal' = 'charge') => ({
  kioskPaymentId: id,
  kind,
  card: card(amount),
});
const posDay = (charges: PosDay['charges'], over: Partial<PosDay> = {}): PosDay => ({
  day: '2026-11-21',
  posTerminalId: '12345678',
  closedAt: 1,
  charges,
  ...over,
});
const paid = (id: string, amount: number, over: Partial<MatchedPayment> = {}): MatchedPayment => ({
  kioskPaymentId: id,
  state: 'confirmed',
  outcome: 'OK',
  acknowledged: true,
  totalCents: amount,
  card: card(amount),
  receipt: 'printed',
  ...over,
});
const match = (day: PosDay | undefined, payments: readonly MatchedPayment[]) =>
  matchDay({ day: '2026-11-21', terminalId: 'T', posDay: day, payments });
const kinds = (day: PosDay | undefined, payments: readonly MatchedPayment[]) =>
  match(day, payments).differences.map((difference) => difference.kind);

describe('the match of a day', () => {
  it('balances when the three sides agree', () => {
    const day = posDay([charge('a', 100), charge('b', 250)], { posTotalCents: 350, hostTotalCents: 350 });
    expect(match(day, [paid('a', 100), paid('b', 250, { receipt: 'phone' })])).toMatchObject({
      state: 'balanced',
      pos: { count: 2, totalCents: 350, reportedTotalCents: 350 },
      outcomes: { count: 2, totalCents: 350 },
      receipts: { count: 2, totalCents: 350 },
    });
  });

  it('balances with a charge given back', () => {
    const duplicate = paid('a', 100, { state: 'refunded', receipt: 'none' });
    const day = posDay([charge('a', 100), charge('a', 100, 'reversal')]);
    expect(match(day, [duplicate])).toMatchObject({ state: 'balanced', pos: { count: 0, totalCents: 0 } });
  });

  it('stays open until the terminal closes the day', () => {
    expect(match(undefined, [paid('a', 100)])).toMatchObject({ state: 'open', differences: [] });
  });

  it.each([
    [
      'charge-without-outcome',
      posDay([charge('a', 1)]),
      [paid('a', 1, { state: 'duplicate', receipt: 'none' })],
    ],
    ['charge-unknown-here', posDay([charge('a', 1)]), []],
    ['charged-twice', posDay([charge('a', 1), charge('a', 1)]), [paid('a', 1)]],
    ['amount-differs', posDay([charge('a', 2)]), [paid('a', 1)]],
    ['outcome-without-charge', posDay([]), [paid('a', 1)]],
    ['no-receipt', posDay([charge('a', 1)]), [paid('a', 1, { receipt: 'provisional' })]],
    ['receipt-without-outcome', posDay([]), [paid('a', 1, { state: 'outcome-stored', acknowledged: false })]],
    ['reversed-but-paid', posDay([charge('a', 1), charge('a', 1, 'reversal')]), [paid('a', 1)]],
    ['pos-total-differs', posDay([], { posTotalCents: 5 }), []],
    ['host-total-differs', posDay([], { posTotalCents: 0, hostTotalCents: 5 }), []],
    ['pos-close-failed', posDay([], { failure: 'link-down' }), []],
  ] as const)('finds %s', (kind, day, payments) => {
    expect(kinds(day as PosDay, payments)).toContain(kind);
  });
});

describe('the seal', () => {
  const chain: SealedDay[] = [];
  for (const body of ['{"a":1}', '{"a":2}', '{"a":3}']) {
    const previousSeal = chain.at(-1)?.seal ?? FIRST_SEAL;
    chain.push({ day: `d${chain.length}`, body, previousSeal, seal: sealOf(previousSeal, body) });
  }

  it('holds for an untouched chain', () => {
    expect(firstBroken(chain)).toBeUndefined();
  });

  it('breaks at a changed, removed or exchanged day', () => {
    const touched = chain.map((link, index) => (index === 1 ? { ...link, body: '{"a":9}' } : link));
    expect(firstBroken(touched)).toBe('d1');
    expect(firstBroken(chain.filter((_, index) => index !== 1))).toBe('d2');
    expect(firstBroken(chain.toReversed())).toBe('d2');
  });

  it('is over one text whatever the order of the keys', () => {
    expect(canonicalJson({ b: [1, { d: 'x', c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":"x"}]}');
  });
});

describe('a field of the export', () => {
  it.each([
    ['=cmd()', `"'=cmd()"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@x', `"'@x"`],
    ['a"b', '"a""b"'],
    [undefined, '""'],
  ])('%s is no formula', (value, quoted) => {
    expect(field(value)).toBe(quoted);
  });
});
