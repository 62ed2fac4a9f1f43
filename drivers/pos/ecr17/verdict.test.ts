import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { maskPan } from '../masked-pan.ts';
import type { ChargeReference } from '../port.ts';
import type { PaymentAnswer } from './codec/index.ts';
import { hostInstant } from './evidence.ts';
import { readSettings } from './settings.ts';
import { judgeAnswer, judgeLast, lastOf } from './verdict.ts';

const rome = (iso: string) => Date.parse(iso);
const startedAt = rome('2026-11-21T10:24:00+01:00'); // day 325
const at = {
  now: startedAt + 60_000,
  timeZone: 'Europe/Rome',
  clockToleranceMs: 900_000,
  resultMs: 150_000,
  settleMs: 30_000,
};

const answer = (changes: Partial<PaymentAnswer> = {}): PaymentAnswer => ({
  kind: 'payment',
  code: 'E',
  form: 'extended',
  terminalId: '12345678',
  result: '00',
  outcome: 'approved',
  pan: '000533317******5938',
  entry: 'CLI',
  authCode: 'ABC123',
  hostDateTime: '3251025',
  reason: null,
  cardType: '1',
  acquirerId: '00000000003',
  stan: '000043',
  onlineId: '000099',
  actionCode: '000',
  hostAmountCents: 1_250,
  ...changes,
});
const reference = (changes: Partial<ChargeReference> = {}): ChargeReference => ({
  kioskPaymentId: 'x',
  amountCents: cents(1_250),
  lastStan: '000042',
  startedAt,
  ...changes,
});

describe('a lost answer', () => {
  it('is ours with another STAN, the same amount and a host time within the window', () => {
    expect(judgeLast(answer(), reference(), at)).toMatchObject({
      verdict: 'charged',
      card: { stan: '000043', maskedPan: '533317******5938', cardType: 'debit', amountCents: 1_250 },
    });
  });

  it('is not called "not charged" while the terminal may still take the card', () => {
    const early = { ...at, now: startedAt + 29_999 };
    expect(judgeLast(answer({ stan: '000042' }), reference(), early)).toEqual({
      verdict: 'unreachable',
      reason: 'may-still-be-serving',
    });
  });

  it.for<[string, Partial<PaymentAnswer>, Partial<ChargeReference>, object]>([
    ['the STAN known before', { stan: '000042' }, {}, { verdict: 'not-charged', reason: 'same-stan' }],
    ['the same STAN written shorter', { stan: '42' }, {}, { verdict: 'not-charged', reason: 'same-stan' }],
    [
      'a refusal',
      { result: '01', outcome: 'refused', reason: 'NEGATA' },
      {},
      { verdict: 'not-charged', reason: 'NEGATA' },
    ],
    ['another amount', { hostAmountCents: 1_251 }, {}, { verdict: 'undecidable', reason: 'amount-differs' }],
    [
      'an unreadable amount',
      { hostAmountCents: null },
      {},
      { verdict: 'undecidable', reason: 'amount-unknown' },
    ],
    ['a reversal', { form: 'reversal' }, {}, { verdict: 'undecidable', reason: 'last-is-a-reversal' }],
    [
      'an hour before',
      { hostDateTime: '3250924' },
      {},
      { verdict: 'undecidable', reason: 'host-time-outside-window' },
    ],
    ['no time', { hostDateTime: '0000000' }, {}, { verdict: 'undecidable', reason: 'host-time-unknown' }],
    [
      'a result of its own',
      { result: '77', outcome: 'unknown' },
      {},
      { verdict: 'undecidable', reason: 'unknown-result:77' },
    ],
    ['no STAN known before', {}, { lastStan: undefined }, { verdict: 'charged' }],
  ])('with %s', ([, changed, known, verdict]) => {
    expect(judgeLast(answer(changed), reference(known), at)).toMatchObject(verdict);
  });

  it('of 31 December is matched on 1 January', () => {
    const new_ = rome('2027-01-01T00:02:00+01:00');
    const ref = reference({ startedAt: rome('2026-12-31T23:58:00+01:00') });
    expect(judgeLast(answer({ hostDateTime: '3652359' }), ref, { ...at, now: new_ }).verdict).toBe('charged');
    expect(judgeLast(answer({ hostDateTime: '0010000' }), ref, { ...at, now: new_ }).verdict).toBe('charged');
  });
});

describe('the time of the host', () => {
  it('counts the days of leap years', () => {
    const near = rome('2028-07-29T15:20:00+02:00');
    expect(hostInstant('2111520', near, 'Europe/Rome')).toBe(near);
    expect(hostInstant('2111520', rome('2026-07-29T15:20:00+02:00'), 'Europe/Rome')).toBe(
      rome('2026-07-30T15:20:00+02:00'),
    );
    expect(hostInstant('3660000', rome('2027-01-01T00:00:00+01:00'), 'Europe/Rome')).toBeUndefined();
  });

  it('is not believed when more than a day away', () => {
    expect(hostInstant('1000000', startedAt, 'Europe/Rome')).toBeUndefined();
  });
});

describe('a direct answer', () => {
  it('with another amount than asked is uncertain', () => {
    expect(judgeAnswer(answer({ hostAmountCents: 9 }), 1_250, at)).toEqual({
      outcome: 'uncertain',
      reason: 'amount-differs:9',
    });
  });

  it('tells the red key and the card that never came from a refusal', () => {
    const refused = (reason: string) =>
      judgeAnswer(answer({ result: '01', outcome: 'refused', reason }), 1_250, at).outcome;
    expect(refused('OPERAZIONE ANNULLATA')).toBe('cancelled');
    expect(refused('TEMPO SCADUTO')).toBe('cancelled');
    expect(refused('CARTA RIFIUTATA')).toBe('declined');
  });
});

describe('the last transaction', () => {
  it('is none when a refusal has no STAN', () => {
    expect(lastOf(answer({ result: '01', outcome: 'refused', stan: '000000' }), at)).toEqual({
      found: 'none',
    });
  });

  it('names what it was by the length of the answer', () => {
    expect(lastOf(answer(), at)).toMatchObject({ kind: 'payment' });
    expect(lastOf(answer({ form: 'reversal' }), at)).toMatchObject({ kind: 'reversal' });
    expect(lastOf(answer({ form: 'plain' }), at)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a card number', () => {
  it('leaves masked, whatever the terminal sent', () => {
    expect(maskPan('0000000004111111111')).toBe('******1111');
    expect(maskPan('0005333171234565938')).toBe('533317******5938');
    expect(maskPan('000533317******5938')).toBe('533317******5938');
    expect(maskPan('                   ')).toBeUndefined();
  });
});

describe('the settings', () => {
  it('name every fault at once', () => {
    expect(() => readSettings(new URLSearchParams('lrc=xor&terminal=abc&result-timeout=soon'))).toThrow(
      expect.objectContaining({
        code: 'POS_SETTINGS_INVALID',
        detail: { faults: expect.stringMatching(/lrc.*terminal.*result-timeout/) },
      }),
    );
  });
});
