import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { type ChargeReference, TIME_NOT_TOLD } from '../port.ts';
import { encodeStatusInfo, type StatusInfo, statusInfoOfData } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import { nameOfTransaction, terminalInstant } from './evidence.ts';
import { readSettings } from './settings.ts';
import { type Judging, judgeEnd, judgeLast, lastOf } from './verdict.ts';

const NOON = Date.UTC(2026, 10, 21, 11, 0);
const at: Judging = {
  now: NOON + 120_000,
  timeZone: 'Europe/Rome',
  terminalId: '29001006',
  clockToleranceMs: 900_000,
  resultMs: 180_000,
  settleMs: 90_000,
};
const ours = {
  resultCode: 0,
  amountCents: 1_250,
  trace: '000002',
  receipt: '0002',
  date: '1121',
  time: '120030',
  pan: '************4321',
} as const;
const infoOf = (fields: Partial<StatusInfo>) => statusInfoOfData(encodeStatusInfo(fields).subarray(3));
const reference: ChargeReference = {
  kioskPaymentId: 'x',
  amountCents: cents(1_250),
  lastStan: '000001',
  startedAt: NOON,
};

describe('a lost answer', () => {
  it.each([
    ['is our charge', ours, {}, 'charged'],
    ['is the transaction before', { ...ours, trace: '000001' }, {}, 'not-charged'],
    ['is a refusal after it', { ...ours, resultCode: 5 }, {}, 'not-charged'],
    [
      'is a refusal, after an unknown baseline',
      { ...ours, resultCode: 5 },
      { lastStan: undefined },
      'not-charged',
    ],
    [
      'is a refusal, too early to be sure',
      { ...ours, resultCode: 5 },
      { startedAt: NOON + 119_000 },
      'unreachable',
    ],
    [
      'is a refusal without a name, too early to be sure',
      { ...ours, resultCode: 5, trace: undefined, receipt: undefined },
      { startedAt: NOON + 119_000, lastStan: undefined },
      'unreachable',
    ],
    [
      'is a refusal without a name',
      { ...ours, resultCode: 5, trace: undefined, receipt: undefined },
      { lastStan: undefined },
      'undecidable',
    ],
    ['is a refusal of an hour before', { ...ours, resultCode: 5, time: '110030' }, {}, 'undecidable'],
    ['is a refusal of an hour later', { ...ours, resultCode: 5, time: '130030' }, {}, 'undecidable'],
    ['is a refusal without a time', { ...ours, resultCode: 5, time: undefined }, {}, 'undecidable'],
    ['has another amount', { ...ours, amountCents: 1_251 }, {}, 'undecidable'],
    ['has no amount', { ...ours, amountCents: undefined }, {}, 'undecidable'],
    ['has no time', { ...ours, time: undefined }, {}, 'undecidable'],
    ['is of an hour before', { ...ours, time: '110030' }, {}, 'undecidable'],
    ['is of an hour later', { ...ours, time: '130030' }, {}, 'undecidable'],
    ['has no result', { ...ours, resultCode: undefined }, {}, 'undecidable'],
    ['has no name', { ...ours, trace: undefined, receipt: undefined }, {}, 'undecidable'],
    ['has a receipt number only', { ...ours, trace: '000000' }, {}, 'charged'],
    [
      'was taken back by the terminal',
      { ...ours, trace: '000003', originalTrace: '000002' },
      {},
      'not-charged',
    ],
    ['reversed the payment before', { ...ours, originalTrace: '000001' }, {}, 'undecidable'],
    [
      'reversed something, after an unknown baseline',
      { ...ours, originalTrace: '000002' },
      { lastStan: undefined },
      'undecidable',
    ],
    ['is ours, after an unknown baseline', ours, { lastStan: undefined }, 'charged'],
    [
      'is the old one, too early to be sure',
      { ...ours, trace: '000001' },
      { startedAt: NOON + 60_000 },
      'unreachable',
    ],
  ] as const)('%s', (_, fields, changes, verdict) => {
    expect(judgeLast(infoOf(fields), { ...reference, ...changes }, at).verdict).toBe(verdict);
  });

  it('is never found in a closed day', () => {
    const totals = { receiptFrom: 1, receiptTo: 1, schemes: [] };
    const closed = infoOf({ resultCode: 0, amountCents: 1_250, date: '1121', time: '120030', totals });
    expect(judgeLast(closed, reference, at)).toMatchObject({ verdict: 'undecidable' });
    expect(lastOf(closed, at)).toEqual({ found: 'declined', reason: 'end-of-day', stan: 'E1121120030' });
    expect(judgeLast(closed, { ...reference, lastStan: 'E1121120030' }, at)).toMatchObject({
      verdict: 'not-charged',
    });
  });
});

describe('the last transaction', () => {
  it('is a payment of its own time, and one without a time is never one of just now', () => {
    expect(lastOf(infoOf(ours), at)).toMatchObject({
      kind: 'payment',
      card: { chargedAt: NOON + 30_000, amountCents: 1_250 },
    });
    for (const untimed of [
      { ...ours, time: undefined },
      { ...ours, date: '0231' },
    ])
      expect(lastOf(infoOf(untimed), at)).toMatchObject({
        found: 'approved',
        kind: 'unknown',
        card: { chargedAt: TIME_NOT_TOLD },
      });
    expect(lastOf(infoOf({ ...ours, amountCents: undefined }), at)).toMatchObject({ kind: 'unknown' });
  });
});

describe('the end of a payment', () => {
  const ended = (more: Partial<Extract<ProcedureOutput, { ok: true }>>): ProcedureOutput => ({
    ok: true,
    ended: 'completed',
    code: undefined,
    info: infoOf(ours),
    contradictory: false,
    completion: undefined,
    ...more,
  });
  const refused = infoOf({ resultCode: 5, text: 'Abgelehnt', trace: '000002' });
  const aborted = { ended: 'aborted', info: undefined } as const;

  it.each([
    ['approved', ended({}), 'approved'],
    ['approved without an amount', ended({ info: infoOf({ ...ours, amountCents: undefined }) }), 'approved'],
    ['approved for another amount', ended({ info: infoOf({ ...ours, amountCents: 1 }) }), 'uncertain'],
    ['completed without a result', ended({ info: undefined }), 'uncertain'],
    ['two results', ended({ contradictory: true }), 'uncertain'],
    ['approved, then aborted', ended({ ended: 'aborted', code: 0xcc }), 'uncertain'],
    ['refused by the host', ended({ ended: 'aborted', code: 5, info: refused }), 'declined'],
    ['refused and completed', ended({ info: refused }), 'declined'],
    ['aborted by the citizen', ended({ ...aborted, code: 0x6c }), 'cancelled'],
    ['aborted without a word', ended(aborted), 'uncertain'],
    ['a system error', ended({ ...aborted, code: 0xff }), 'uncertain'],
    ['no paper', ended({ ...aborted, code: 0xcc }), 'not-started'],
    ['a day to be closed', ended({ ...aborted, code: 0xf0 }), 'not-started'],
    ['84', { ok: false, failure: 'refused', detail: '', code: 0x9c }, 'not-started'],
    ['a refused frame', { ok: false, failure: 'nak', detail: '', code: undefined }, 'not-started'],
    ['a broken link', { ok: false, failure: 'lost', detail: 'end', code: undefined }, 'uncertain'],
    ['silence', { ok: false, failure: 'silent', detail: '', code: undefined }, 'uncertain'],
    ['no result', { ok: false, failure: 'no-result', detail: '', code: undefined }, 'uncertain'],
  ] as const)('%s', (_, output, outcome) => {
    expect(judgeEnd(output as ProcedureOutput, 1_250, at).outcome).toBe(outcome);
  });

  it('says why in the terminal’s words', () => {
    expect(judgeEnd(ended({ ended: 'aborted', code: 5, info: refused }), 1_250, at)).toEqual({
      outcome: 'declined',
      reason: 'Abgelehnt',
      actionCode: '05',
      stan: '000002',
    });
  });

  it('proves the charge without ever showing a whole number', () => {
    const whole = judgeEnd(ended({ info: infoOf({ ...ours, pan: '5413330089010434' }) }), 1_250, at);
    expect(whole).toMatchObject({
      card: { posTerminalId: '29001006', maskedPan: '541333******0434', chargedAt: NOON + 30_000 },
    });
  });
});

describe('the terminal’s clock', () => {
  const instant = (date: string, time: string, near: number) =>
    terminalInstant({ date, time }, near, 'Europe/Rome');

  it('has no year: the nearest is taken', () => {
    const newYear = Date.UTC(2026, 11, 31, 23, 5);
    expect(instant('1231', '235930', newYear)).toBe(Date.UTC(2026, 11, 31, 22, 59, 30));
    expect(instant('0101', '000010', Date.UTC(2026, 11, 31, 22, 59))).toBe(Date.UTC(2026, 11, 31, 23, 0, 10));
    expect(instant('0229', '120000', Date.UTC(2028, 1, 29, 11, 0))).toBe(Date.UTC(2028, 1, 29, 11, 0));
  });

  it.each([
    ['1121', '246000'],
    ['0231', '120000'],
    ['1321', '120000'],
    ['0521', '120000'],
    ['', ''],
  ])('is not believed when it says %s %s', (date, time) => {
    expect(instant(date, time, NOON)).toBeUndefined();
  });
});

it('a transaction is named by its trace, else by its receipt', () => {
  expect(nameOfTransaction(infoOf({ trace: '000470', receipt: '0470' }))).toBe('000470');
  expect(nameOfTransaction(infoOf({ trace: '000000', receipt: '0008' }))).toBe('R0008');
  expect(nameOfTransaction(infoOf({ resultCode: 0 }))).toBeUndefined();
});

describe('settings', () => {
  const read = (text: string) => readSettings(new URLSearchParams(text));
  it('have the kiosk’s values unless set', () => {
    expect(read('')).toMatchObject({ password: '000000', config: 0xbe, print: 'ecr', resultMs: 180_000 });
    expect(read('print=pos').config).toBe(0x38);
    expect(read('svc=03&config=9e&password=123456&payment-type=40')).toMatchObject({
      service: 3,
      config: 0x9e,
      password: '123456',
      paymentType: 0x40,
    });
  });
  it('are refused by name', () => {
    for (const wrong of ['password=12345', 'svc=3', 'text=utf8', 'result-timeout=0', 'time-zone=Mars/Base'])
      expect(() => read(wrong)).toThrow(expect.objectContaining({ code: 'POS_SETTINGS_INVALID' }));
  });
});
