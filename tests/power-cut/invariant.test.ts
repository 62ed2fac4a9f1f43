import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { type Evidence, violations } from './invariant.ts';

const card = {
  posTerminalId: '1',
  stan: '000101',
  cardType: 'credit',
  chargedAt: 0,
  amountCents: cents(100),
} as const;
const good: Evidence = {
  pos: [{ kind: 'charge', stan: '000101', amountCents: 100 }],
  node: [{ paymentToken: 't', noticeNumber: 'n', state: 'paid' }],
  journal: [{ id: 'p', noticeNumber: 'n', state: 'CONFIRMED', closed: true, paymentToken: 't', card }],
  chainWhole: true,
  items: [],
  pendingOutcomes: [],
  waitingLetters: 0,
  slips: [{ kind: 'receipt', paymentToken: 't' }],
  links: [],
};
const [payment] = good.journal;
const rules = (change: Partial<Evidence>) => violations({ ...good, ...change }).map(({ rule }) => rule);

describe('the money invariant', () => {
  it('holds for a payment with receipt', () => expect(rules({})).toEqual([]));

  it.each<[string, Partial<Evidence>]>([
    ['chain-broken', { chainWhole: false }],
    ['charged-without-proof', { slips: [] }],
    ['charged-but-not-paid', { node: [], slips: [{ kind: 'provisional-slip', paymentToken: 't' }] }],
    ['charge-nobody-knows', { pos: [...good.pos, { kind: 'charge', stan: '000102', amountCents: 100 }] }],
    ['charge-invented', { pos: [] }],
    ['two-original-receipts', { slips: [...good.slips, ...good.slips] }],
    ['left-open', { waitingLetters: 1 }],
    ['left-open', { journal: good.journal.map((each) => ({ ...each, closed: false })) }],
    ['charged-twice', { journal: [...good.journal, ...good.journal] }],
    ['paid-without-charge', { pos: [], journal: good.journal.map(({ card: _, ...each }) => each) }],
    [
      'locked-for-nothing',
      {
        pos: [],
        slips: [],
        node: [{ paymentToken: 't', noticeNumber: 'n', state: 'locked' }],
        journal: good.journal.map(({ card: _, ...each }) => each),
      },
    ],
    ['receipt-for-unpaid', { node: [{ paymentToken: 't', noticeNumber: 'n', state: 'free' }] }],
  ])('finds %s', (rule, change) => {
    expect(rules(change)).toContain(rule);
  });

  it('accepts what an operator has in hand, and what was given back', () => {
    expect(rules({ slips: [], items: [{ paymentId: 'p' }] })).toEqual([]);
    const reversal = { ...card, stan: '000102' };
    const back = payment ? [{ ...payment, state: 'REFUNDED', reversal }] : [];
    const pos = [...good.pos, { kind: 'reversal' as const, stan: '000102', amountCents: 100 }];
    expect(
      rules({
        journal: back,
        pos,
        node: [{ paymentToken: 't', noticeNumber: 'n', state: 'free' }],
        slips: [],
      }),
    ).toEqual([]);
  });
});
