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
const payment: Evidence['journal'][number] = {
  id: 'p',
  noticeNumber: 'n',
  state: 'CONFIRMED',
  closed: true,
  paymentToken: 't',
  amountCents: 100,
  announced: {},
  card,
};
const { card: _, ...uncharged } = payment;
const charge = (stan: string, amountCents = 100) => ({ kind: 'charge' as const, stan, amountCents });
const reversal = (stan: string, amountCents = 100) => ({ kind: 'reversal' as const, stan, amountCents });
const token = (state: Evidence['node'][number]['state'], paymentToken = 't', noticeNumber = 'n') => ({
  paymentToken,
  noticeNumber,
  state,
});
const good: Evidence = {
  pos: [charge('000101')],
  node: [token('paid')],
  journal: [payment],
  chainWhole: true,
  items: [],
  pendingOutcomes: [],
  waitingLetters: 0,
  slips: [{ kind: 'receipt', paymentToken: 't' }],
  links: [],
};
const inHand = [{ paymentId: 'p' }];
/** Announced, then nobody could tell whether the terminal charged: a person has been called. */
const undecided: Evidence = {
  ...good,
  journal: [{ ...uncharged, state: 'MANUAL' }],
  node: [token('free')],
  items: inHand,
  slips: [],
};
/** Another notice of the same day, at the same terminal, in an operator's hands without a charge. */
const neighbour: Evidence['journal'][number] = {
  ...uncharged,
  id: 'q',
  noticeNumber: 'm',
  state: 'MANUAL',
  paymentToken: 'u',
  amountCents: 200,
};
const neighbourInHand = [{ paymentId: 'q' }];
const rules = (change: Partial<Evidence>, of = good) =>
  violations({ ...of, ...change }).map(({ rule }) => rule);

describe('the money invariant', () => {
  it('holds for a payment with receipt', () => expect(rules({})).toEqual([]));

  it.each<[string, Partial<Evidence>]>([
    ['chain-broken', { chainWhole: false }],
    ['charged-without-proof', { slips: [] }],
    ['charged-but-not-paid', { node: [], slips: [{ kind: 'provisional-slip', paymentToken: 't' }] }],
    ['charge-invented', { pos: [] }],
    ['two-original-receipts', { slips: [...good.slips, ...good.slips] }],
    ['left-open', { waitingLetters: 1 }],
    ['left-open', { journal: [{ ...payment, closed: false }] }],
    ['paid-without-charge', { pos: [], journal: [uncharged] }],
    ['locked-for-nothing', { pos: [], slips: [], node: [token('locked')], journal: [uncharged] }],
    ['receipt-for-unpaid', { node: [token('free')] }],
  ])('finds %s', (rule, change) => {
    expect(rules(change)).toContain(rule);
  });

  it('accepts what an operator has in hand, and what was given back', () => {
    expect(rules({ slips: [], items: inHand })).toEqual([]);
    expect(rules({}, undecided)).toEqual([]);
    expect(rules({ pos: [] }, undecided)).toEqual([]);
    const back = { ...payment, state: 'REFUNDED', reversal: { ...card, stan: '000102' } };
    const pos = [...good.pos, reversal('000102')];
    expect(rules({ journal: [back], pos, node: [token('free')], slips: [] })).toEqual([]);
  });

  it('accepts a second charge of a notice whose first was given back', () => {
    const back = { ...payment, id: 'o', state: 'REFUNDED', paymentToken: 's', reversal: card };
    const again = { ...payment, card: { ...card, stan: '000103' } };
    const pos = [charge('000101'), reversal('000102'), charge('000103')];
    expect(rules({ pos, journal: [back, again] })).toEqual([]);
  });

  it('refuses to judge two notices of one amount', () => {
    expect(() => rules({ journal: [payment, { ...neighbour, amountCents: 100 }] })).toThrow('both cost 100');
  });
});

describe('a second charge', () => {
  const twice = { pos: [charge('000101'), charge('000102')] };

  it('is found where a person has been called for the payment', () => {
    expect(rules(twice, undecided)).toEqual(['charged-twice', 'charge-nobody-knows']);
    expect(rules({ ...twice, items: inHand })).toContain('charged-twice');
  });

  it('is found where the journal knows both, each with its person', () => {
    const again = { ...payment, id: 'o', card: { ...card, stan: '000102' } };
    const items = [...inHand, { paymentId: 'o' }];
    expect(rules({ ...twice, journal: [payment, again], items })).toEqual(['charged-twice']);
  });

  it('is found where two undecided payments of one notice have one each', () => {
    const journal = [...undecided.journal, { ...uncharged, id: 'o', state: 'MANUAL' }];
    const items = [...inHand, { paymentId: 'o' }];
    expect(rules({ ...twice, journal, items }, undecided)).toEqual(['charged-twice']);
  });

  it('is found where only one of two was given back, and the payment says so', () => {
    const back = { ...payment, state: 'REFUNDED', reversal: { ...card, stan: '000104' } };
    const pos = [charge('000101'), charge('000102'), charge('000103'), reversal('000104')];
    expect(rules({ pos, journal: [back], node: [], slips: [] })).toContain('charged-twice');
  });
});

describe('a charge of another payment', () => {
  it('is not excused by a person called for somebody else', () => {
    const pos = [...good.pos, charge('000102')];
    const journal = [{ ...payment }, neighbour];
    expect(rules({ pos, journal, items: neighbourInHand })).toEqual(['charged-twice', 'charge-nobody-knows']);
    expect(rules({ journal: [uncharged, neighbour], items: neighbourInHand })).toContain(
      'charge-nobody-knows',
    );
  });

  it('cannot be taken for the own one', () => {
    const journal = [payment, { ...neighbour, card: { ...card, amountCents: cents(200) } }];
    expect(rules({ journal, items: neighbourInHand })).toEqual(['charge-of-another']);
    expect(rules({ journal: [payment, { ...payment, id: 'o', paymentToken: 'v' }] })).toContain(
      'charge-of-another',
    );
  });
});

describe('money without its counterpart', () => {
  it('is found when the terminal charged and no payment has this amount', () => {
    expect(rules({ pos: [...good.pos, charge('000102', 999)], items: inHand })).toEqual([
      'charge-nobody-knows',
    ]);
  });

  it('is found when the terminal charged and nobody was called', () => {
    expect(rules({ items: [] }, undecided)).toEqual(['charge-nobody-knows']);
  });

  it('is found when a notice is paid and its charge went back, unknown to the journal', () => {
    expect(rules({ pos: [...good.pos, reversal('000102')] })).toEqual([
      'reversal-nobody-knows',
      'paid-without-charge',
    ]);
  });

  it('is found when one charge pays two tokens', () => {
    const second = { ...uncharged, id: 'o', paymentToken: 'v' };
    expect(rules({ journal: [payment, second], node: [token('paid'), token('paid', 'v')] })).toContain(
      'paid-without-charge',
    );
  });

  it('is found when a reversal is told that the terminal never made, or made twice', () => {
    const back = { ...payment, state: 'REFUNDED', reversal: card };
    expect(rules({ journal: [back], node: [token('free')], slips: [] })).toEqual(['reversal-invented']);
    const pos = [...good.pos, reversal('000102'), reversal('000103')];
    expect(rules({ pos, journal: [back], node: [token('free')], slips: [] })).toEqual(['given-back-twice']);
  });
});
