import { describe, expect, it } from 'vitest';
import { answerOfStatus, problemOfStatus } from './meaning.ts';
import { closeBody, preCloseBody, transactionIdOf } from './messages.ts';

describe('what MIL means', () => {
  it.each([
    [400, ['008000003'], 'WRONG_NOTICE_DATA', 're-enter'],
    [400, ['00800002B'], 'WRONG_NOTICE_DATA', 're-enter'],
    [400, ['008000005'], 'UNEXPECTED_ERROR', 'no'],
    [400, ['008000024'], 'NOTICE_GLITCH', 'no'],
    [500, ['008000028'], 'NODE_UNREACHABLE', 'later'],
    [401, ['009000021'], 'NOTICE_GLITCH', 'no'],
    [403, [], 'NOTICE_GLITCH', 'no'],
    [404, [], 'UNKNOWN_NOTICE', 're-enter'],
    [429, [], 'NODE_UNREACHABLE', 'later'],
    [503, [], 'NODE_UNREACHABLE', 'later'],
    [418, [], 'UNEXPECTED_ERROR', 'no'],
  ])('by HTTP %i %o: %s', (status, codes, problemClass, retry) => {
    const [code] = codes;
    expect(problemOfStatus(status, codes)).toEqual({
      class: problemClass,
      faultCode: code === undefined ? `MIL_HTTP_STATUS ${status}` : `MIL_${code}`,
      retry,
    });
  });

  it('never calls a charge confirmed, or given back, that it has not settled', () => {
    for (const status of ['PENDING', 'ERROR_ON_CLOSE', 'ERROR_ON_RESULT'] as const) {
      expect(['pending', 'rejected']).toContain(Object(answerOfStatus(status, true, 1)).answer);
    }
    expect(answerOfStatus('PRE_CLOSE', true, 1)).toBe('not-told');
  });
});

describe('what is written to MIL', () => {
  it('an announcement leaves a fee out that is none', () => {
    const of = { paymentToken: 't', transactionId: 'a'.repeat(32), totalAmount: 100 };
    expect(JSON.parse(preCloseBody({ ...of, fee: 0 }))).not.toHaveProperty('fee');
    expect(JSON.parse(preCloseBody({ ...of, fee: 50 }))).toMatchObject({ totalAmount: 100, fee: 50 });
  });

  it('a transaction’s id is the payment’s, in 32 letters and digits', () => {
    expect(transactionIdOf('01a2b3c4-0000-7000-8000-000000000001')).toMatch(/^[a-zA-Z0-9]{32}$/);
  });

  it('an outcome tells method and local time', () => {
    expect(JSON.parse(closeBody('CLOSE', 'PAGOBANCOMAT', '2026-11-21T10:15:30'))).toEqual({
      outcome: 'CLOSE',
      paymentMethod: 'PAGOBANCOMAT',
      paymentTimestamp: '2026-11-21T10:15:30',
    });
  });
});
