import type { Activation, CardEvidence, PaymentState, PaymentStatus } from '@jolly/contracts/fleet-api';
import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import {
  arrows,
  defaultSagaSettings as limits,
  newPayment,
  type Payment,
  type PaymentEvent,
  RESTING,
  STATES,
  type Taken,
  transition,
} from './index.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 0);
const card: CardEvidence = {
  posTerminalId: '12345678',
  stan: '000101',
  cardType: 'credit',
  chargedAt: NOW,
  amountCents: cents(5_000),
};
const activation: Activation = {
  paymentToken: 'a'.repeat(32),
  iuv: '00715700000000032',
  amountCents: cents(5_000),
  feeCents: cents(0),
  totalCents: cents(5_000),
  expiresAt: NOW + 600_000,
  description: 'TARI',
  creditorTaxCode: '01199250158',
  creditorName: 'Comune',
  pspName: 'Banca',
  pspTaxCode: '00000000018',
  beneficiaries: 1,
};
const notice = { noticeNumber: '300715700000000032', creditorTaxCode: '01199250158' };
const blank = newPayment('01a1fd6b-7385-7ed1-9ce6-ce9d52aa827e', notice, NOW);
const locked: Partial<Payment> = {
  verified: { amountCents: cents(5_000), feeCents: cents(0) },
  consentedCents: 5_000,
  lock: activation,
};
const charging: Partial<Payment> = { ...locked, charge: { startedAt: NOW, attempts: 1, lastStan: '000100' } };
const charged: Partial<Payment> = { ...charging, card };

const inState = (state: Payment['state'], more: Partial<Payment> = {}): Payment => ({
  ...blank,
  ...more,
  state,
});
const take = (payment: Payment, event: PaymentEvent, now = NOW): Taken => {
  const taken = transition(payment, event, now, limits);
  if (!taken) throw new Error(`${event.type} means nothing in ${payment.state}`);
  return taken;
};
const status = (state: PaymentState, instruction: PaymentStatus['instruction'] = 'none'): PaymentStatus => ({
  kioskPaymentId: blank.id,
  state,
  instruction,
});
const acts = (taken: Taken) => taken.act.map((effect) => effect.do);
const outcomes = (taken: Taken) =>
  taken.tell.flatMap((tell) => ('outcome' in tell ? [tell.outcome.outcome] : []));
const facts = (taken: Taken) => taken.tell.flatMap((tell) => ('fact' in tell ? [tell.fact.fact] : []));

describe('the table of recovery', () => {
  it('verify times out: repeats twice, then gives up', () => {
    const first = take(inState('NEW'), { type: 'server-silent' });
    expect(acts(first)).toEqual(['verify']);
    const second = take(first.payment, { type: 'server-silent' });
    const third = take(second.payment, { type: 'server-silent' });
    expect(third.payment).toMatchObject({ state: 'REFUSED', problem: { kind: 'network-down' } });
  });

  it('activate times out: three tries with the same id, then a KO in case it was locked', () => {
    let taken = take(inState('ACTIVATING', { ...locked }), { type: 'server-silent' });
    expect(acts(taken)).toEqual(['activate']);
    taken = take(take(taken.payment, { type: 'server-silent' }).payment, { type: 'server-silent' });
    expect(taken.payment.state).toBe('CANCELLING');
    expect(outcomes(taken)).toEqual(['KO']);
  });

  it.each(['FEE_SHOWN', 'NOT_CHARGED'] as const)('the citizen leaves in %s: KO now', (state) => {
    const taken = take(inState(state, charging), { type: 'leave', reason: 'left' });
    expect(taken.payment).toMatchObject({ state: 'CANCELLING', gone: 'left' });
    expect(outcomes(taken)).toEqual(['KO']);
  });

  it('a leave during the activation is remembered and cancels', () => {
    const left = take(inState('ACTIVATING', locked), { type: 'leave', reason: 'idle' });
    expect(outcomes(take(left.payment, { type: 'activated', activation }))).toEqual(['KO']);
  });

  it('card declined: another card while 120 s remain, else KO', () => {
    const result = { outcome: 'declined', reason: 'FONDI' } as const;
    const early = take(inState('CHARGING', charging), { type: 'charge-ended', result });
    expect(early.payment.state).toBe('NOT_CHARGED');
    expect(take(early.payment, { type: 'retry-card' }).payment.state).toBe('CONSENTED');
    const late = take(inState('CHARGING', charging), { type: 'charge-ended', result }, NOW + 490_000);
    expect(late.payment.state).toBe('CANCELLING');
  });

  it('another card: what the terminal approved since the first attempt is never charged again', () => {
    const again = (more: Partial<CardEvidence>, gone?: 'left') => {
      const payment = inState('CONSENTED', gone ? { ...charging, gone } : charging);
      const found = { found: 'approved', kind: 'payment', card: { ...card, ...more } } as const;
      return take(payment, { type: 'ready', lastStan: found.card.stan, found });
    };
    expect(again({ stan: '000100' }).payment.state).toBe('ANNOUNCED');
    for (const gone of [undefined, 'left'] as const) {
      const after = again({}, gone);
      expect([after.payment.state, outcomes(after)]).toEqual(['CHARGED', ['OK']]);
      for (const odd of [{ amountCents: cents(0) }, { chargedAt: NOW - 3_600_000 }]) {
        const unclear = again(odd, gone);
        expect([unclear.payment.state, outcomes(unclear), facts(unclear)]).toEqual([
          'MANUAL',
          [],
          ['charge-unknown'],
        ]);
      }
    }
  });

  it('answer lost: asks the terminal, sends nothing, charges nothing', () => {
    const lost = take(inState('CHARGING', charging), {
      type: 'charge-ended',
      result: { outcome: 'uncertain', reason: 'link-lost' },
    });
    expect([lost.payment.state, acts(lost), outcomes(lost)]).toEqual(['CHARGE_UNKNOWN', ['ask-pos'], []]);
    const silent = { type: 'recovered', verdict: { verdict: 'unreachable', reason: 'silent' } } as const;
    expect(acts(take(lost.payment, silent))).toEqual(['ask-pos', 'print']);
    const found = take(lost.payment, { type: 'recovered', verdict: { verdict: 'charged', card } });
    expect([found.payment.state, outcomes(found)]).toEqual(['CHARGED', ['OK']]);
    const none = take(lost.payment, {
      type: 'recovered',
      verdict: { verdict: 'not-charged', reason: 'same-stan' },
    });
    expect([none.payment.state, facts(none)]).toEqual(['NOT_CHARGED', ['charge-not-made']]);
    const nobody = take(lost.payment, {
      type: 'recovered',
      verdict: { verdict: 'undecidable', reason: 'x' },
    });
    expect([nobody.payment.state, facts(nobody), outcomes(nobody)]).toEqual([
      'MANUAL',
      ['charge-unknown'],
      [],
    ]);
    expect(take(lost.payment, silent, NOW + 550_000).payment.state).toBe('MANUAL');
  });

  it('power cut while charging: asks the terminal before anything else', () => {
    const back = take(inState('CHARGING', charging), { type: 'restarted' });
    expect([back.payment.state, acts(back)]).toEqual(['CHARGE_UNKNOWN', ['ask-pos']]);
  });

  it('power cut before the first byte: cancels, for nothing was sent', () => {
    expect(outcomes(take(inState('ANNOUNCED', charging), { type: 'restarted' }))).toEqual(['KO']);
  });

  it.each([
    ['confirmed', 'none', 'CONFIRMED', ['print', 'link']],
    ['confirmed-late', 'do-not-reverse', 'CONFIRMING', ['print', 'link']],
    ['duplicate', 'reverse', 'REFUND_DUE', ['reverse']],
    ['discordant', 'reverse', 'REFUND_DUE', ['reverse']],
    ['token-unknown', 'reverse', 'REFUND_DUE', ['reverse']],
    ['rejected', 'operator', 'MANUAL', ['deliver', 'print', 'link']],
    ['outcome-stored', 'wait', 'CONFIRMING', ['ask-node']],
  ] as const)('the node says %s', (state, instruction, to, effects) => {
    const taken = take(inState('CHARGED', charged), {
      type: 'outcome-stored',
      status: status(state, instruction),
    });
    expect([taken.payment.state, acts(taken)]).toEqual([to, effects]);
  });

  it('money to give back and nobody there: a person refunds', () => {
    const away = inState('CHARGED', { ...charged, gone: 'restart' });
    const taken = take(away, { type: 'outcome-stored', status: status('duplicate', 'reverse') });
    expect([taken.payment.state, facts(taken), taken.payment.closed]).toEqual([
      'MANUAL',
      ['reversal-failed'],
      true,
    ]);
    expect(take(inState('REFUND_DUE', charged), { type: 'restarted' }).payment.state).toBe('MANUAL');
  });

  it('an amount other than the total is never reported as paid', () => {
    const other = { ...card, amountCents: cents(4_999) };
    const taken = take(inState('CHARGING', charging), {
      type: 'charge-ended',
      result: { outcome: 'approved', card: other },
    });
    expect([taken.payment.state, outcomes(taken), facts(taken)]).toEqual(['MANUAL', [], ['operator-needed']]);
  });

  it('a token too short is replaced once', () => {
    const short = { type: 'not-ready', why: 'token-short' } as const;
    const first = take(inState('CONSENTED', locked), short);
    expect(first.payment).toMatchObject({ state: 'CANCELLING', succeed: true });
    expect(acts(take(first.payment, { type: 'outcome-stored', status: status('cancelled') }))).toEqual([
      'succeed',
    ]);
    const second = take(inState('CONSENTED', { ...locked, again: true }), short);
    expect(second.payment).toMatchObject({ succeed: false, problem: { kind: 'token-too-short' } });
  });

  it('who was charged and has nothing in hand is a person’s business', () => {
    const printing = {
      slip: 'receipt',
      state: 'printing',
      pending: 1,
      receipts: 1,
      given: false,
      shown: true,
    } as const;
    const cut = take(inState('CONFIRMED', { ...charged, paper: printing }), { type: 'restarted' });
    expect([facts(cut), cut.payment.closed]).toEqual([['operator-needed'], true]);
  });
});

describe('the chart', () => {
  const all = arrows();

  it('names every arrow and leads to known states only', () => {
    for (const { to, why } of all) {
      expect(STATES).toContain(to);
      expect(why).not.toBe('');
    }
  });

  it('reaches every state from NEW, and a resting state from every state', () => {
    const reach = (from: string): Set<string> => {
      const seen = new Set([from]);
      for (let grown = true; grown; ) {
        grown = false;
        for (const { from: at, to } of all) {
          if (seen.has(at) && !seen.has(to)) grown = Boolean(seen.add(to));
        }
      }
      return seen;
    };
    expect([...reach('NEW')].sort()).toEqual([...STATES].sort());
    for (const state of STATES)
      expect([...reach(state)].some((to) => RESTING.has(to as Payment['state']))).toBe(true);
  });

  it('lets money move only through ANNOUNCED, and asks before it charges again', () => {
    expect(all.filter(({ to, from }) => to === 'CHARGING' && from !== 'CHARGING')).toMatchObject([
      { from: 'ANNOUNCED' },
    ]);
    expect(all.filter(({ to, from }) => to === 'ANNOUNCED' && from !== 'ANNOUNCED')).toMatchObject([
      { from: 'CONSENTED' },
    ]);
    expect(all.filter(({ from, to }) => from === 'CHARGE_UNKNOWN' && to === 'CONSENTED')).toEqual([]);
  });

  it('answers a restart in every state that is not at rest', () => {
    for (const state of STATES)
      expect(all.some(({ from, event }) => from === state && event === 'restarted')).toBe(true);
  });

  it('knows nothing after the end', () => {
    for (const state of STATES) {
      expect(
        transition({ ...inState(state), closed: true }, { type: 'restarted' }, NOW, limits),
      ).toBeUndefined();
    }
  });
});
