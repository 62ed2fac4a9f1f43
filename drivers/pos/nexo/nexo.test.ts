import { cents, ManualClock } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overWeb, parseDeviceUri } from '../../registry/index.ts';
import { type ChargeReference, TIME_NOT_TOLD } from '../port.ts';
import {
  decodeMessage,
  linesOf,
  nexoMask,
  type PaymentResponse,
  paymentRequest,
  toAmount,
  toCents,
} from './codec/index.ts';
import { sealWith } from './seal.ts';
import { chargeServiceId, QuestionIds, reversalServiceId } from './service-id.ts';
import { readSettings } from './settings.ts';
import { judgePayment, judgeStatus, lastOf, shortReference, totalsOf } from './verdict.ts';

const parties = { saleId: 'J1', poiId: 'P400Plus-123456789' };
const reference: ChargeReference = {
  kioskPaymentId: '01890000-0000-7000-8000-000000000001',
  amountCents: cents(1_250),
  lastStan: undefined,
  startedAt: 1_795_000_000_000,
};

describe('an amount', () => {
  it('survives decimal and back, to the cent, for every amount of a card', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (amount) => {
        const text = JSON.stringify(toAmount(amount));
        expect(text).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(toCents(JSON.parse(text) as number)).toBe(amount);
      }),
    );
  });

  it.each([0.001, 12.345, -1, Number.NaN, 1e300])('%s is no amount in cents', (amount) => {
    expect(toCents(amount)).toBeUndefined();
  });
});

describe('the name of a message', () => {
  it('is found again from what the journal holds, and is another one for another attempt', () => {
    const name = chargeServiceId(reference);
    expect(name).toMatch(/^P[0-9A-Z]{9}$/);
    expect(chargeServiceId({ ...reference, lastStan: '7' })).toBe(name);
    expect(chargeServiceId({ ...reference, startedAt: reference.startedAt + 1 })).not.toBe(name);
    expect(chargeServiceId({ ...reference, kioskPaymentId: 'other' })).not.toBe(name);
    expect(reversalServiceId('A.1')).toMatch(/^R[0-9A-Z]{9}$/);
  });

  it('is never the same for two questions, also within one millisecond', () => {
    const clock = new ManualClock();
    const ids = new QuestionIds(clock);
    const names = [ids.next(), ids.next(), ids.next()];
    clock.advance(1);
    names.push(ids.next());
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^Q[0-9A-Z]{9}$/);
  });
});

const approved: PaymentResponse = {
  Response: { Result: 'Success' },
  POIData: {
    POITransactionID: {
      TransactionID: 'BV0q001643892070000.QT6K7WPTSL2V',
      TimeStamp: '2026-11-21T09:24:00+00:00',
    },
  },
  PaymentResult: {
    PaymentInstrumentData: {
      CardData: { PaymentBrand: 'maestro', MaskedPAN: '541275 **** 4321', EntryMode: ['Contactless'] },
    },
    AmountsResp: { Currency: 'EUR', AuthorizedAmount: 12.5 },
    PaymentAcquirerData: { AcquirerID: 'ADYEN', ApprovalCode: '123456' },
  },
};
const known = { poiId: parties.poiId, amountCents: 1_250, now: 0 };

describe('an answer', () => {
  it('proves what it says, masked', () => {
    expect(judgePayment(approved, known)).toEqual({
      outcome: 'approved',
      card: {
        posTerminalId: 'P400Plus-123456789',
        stan: 'QT6K7WPTSL2V',
        posReference: 'BV0q001643892070000.QT6K7WPTSL2V',
        authCode: '123456',
        acquirerId: 'ADYEN',
        maskedPan: '541275****4321',
        cardType: 'debit',
        entry: 'CLI',
        chargedAt: Date.parse('2026-11-21T09:24:00Z'),
        amountCents: 1_250,
      },
    });
  });

  it('masks a number that came whole', () => {
    const CardData = { MaskedPAN: '4111111111111111' };
    const whole = { ...approved, PaymentResult: { PaymentInstrumentData: { CardData } } };
    expect(judgePayment(whole, known)).toMatchObject({ card: { maskedPan: '411111******1111' } });
  });

  it.each([
    [
      'another amount',
      { PaymentResult: { AmountsResp: { AuthorizedAmount: 12.51 } } },
      'amount-differs:12.51',
    ],
    ['a part of it', { Response: { Result: 'Partial' as const }, PaymentResult: {} }, 'partial'],
    ['no name of its transaction', { POIData: {} }, 'no-transaction-id'],
    [
      'a condition nobody knows',
      { Response: { Result: 'Failure' as const, ErrorCondition: 'Moon' } },
      'Moon',
    ],
    [
      'still running',
      { Response: { Result: 'Failure' as const, ErrorCondition: 'InProgress' } },
      'InProgress',
    ],
    ['no condition', { Response: { Result: 'Failure' as const } }, 'failure-without-condition'],
  ])('with %s is uncertain', (_, change, reason) => {
    expect(judgePayment({ ...approved, ...change }, known)).toEqual({ outcome: 'uncertain', reason });
  });

  it('tells the bank’s own words where there are any, and nothing that looks like data', () => {
    const refusal = (AdditionalResponse: string): PaymentResponse => ({
      Response: { Result: 'Failure', ErrorCondition: 'Refusal', AdditionalResponse },
    });
    const reason = (text: string) => judgePayment(refusal(text), known);
    expect(reason('message=NOT_ENOUGH_BALANCE&shopperName=Rossi')).toMatchObject({
      reason: 'NOT_ENOUGH_BALANCE',
    });
    expect(reason('{"additionalData":{"cardHolderName":"ROSSI"}}')).toMatchObject({ reason: 'Refusal' });
  });
});

describe('a lost answer', () => {
  const told = (body: Record<string, unknown>) => ({
    Response: { Result: 'Success' as const },
    RepeatedMessageResponse: { RepeatedResponseMessageBody: body },
  });
  const failed = (ErrorCondition: string) => ({ Response: { Result: 'Failure' as const, ErrorCondition } });
  const at = { ...known, settleMs: 5_000, now: reference.startedAt + 5_000 };

  it.each([
    ['the original, approved', told({ PaymentResponse: approved }), 'charged'],
    ['the original, refused', told({ PaymentResponse: failed('Refusal') }), 'not-charged'],
    [
      'the original, of another amount',
      told({ PaymentResponse: { ...approved, Response: { Result: 'Partial' }, PaymentResult: {} } }),
      'undecidable',
    ],
    ['an answer without the original', told({}), 'undecidable'],
    ['never arrived', failed('NotFound'), 'not-charged'],
    ['in progress', failed('InProgress'), 'unreachable'],
    ['busy', failed('Busy'), 'unreachable'],
    ['not allowed to tell', failed('NotAllowed'), 'undecidable'],
  ])('about which the terminal says %s', (_, answer, verdict) => {
    expect(judgeStatus(answer as Parameters<typeof judgeStatus>[0], reference, at).verdict).toBe(verdict);
  });

  it('is not called "not charged" while it may still arrive', () => {
    expect(judgeStatus(failed('NotFound'), reference, { ...at, now: at.now - 1 })).toEqual({
      verdict: 'unreachable',
      reason: 'may-still-arrive',
    });
  });

  it('is nobody’s baseline where a make does not tell its last transaction', () => {
    expect(lastOf(failed('MessageFormat'), known)).toEqual({ found: 'none' });
    expect(lastOf(told({ PaymentResponse: approved }), known)).toMatchObject({
      found: 'approved',
      kind: 'payment',
    });
    expect(lastOf(failed('InProgress'), known)).toMatchObject({ found: 'unreachable' });
  });

  it('is never taken for a payment of just now where the terminal tells no time', () => {
    const lastOfTime = (TimeStamp: string | undefined) => {
      const POITransactionID = { TransactionID: 'A.1', ...(TimeStamp && { TimeStamp }) };
      return lastOf(told({ PaymentResponse: { ...approved, POIData: { POITransactionID } } }), {
        ...known,
        now: reference.startedAt,
      });
    };
    for (const untimed of [undefined, 'just now'])
      expect(lastOfTime(untimed)).toMatchObject({
        found: 'approved',
        kind: 'unknown',
        card: { chargedAt: TIME_NOT_TOLD, amountCents: 1_250 },
      });
    expect(lastOfTime('2026-11-21T09:24:00Z')).toMatchObject({
      kind: 'payment',
      card: { chargedAt: Date.parse('2026-11-21T09:24:00Z') },
    });
  });
});

describe('totals', () => {
  it('count what was given back, and nothing that moved no money', () => {
    const row = (TransactionType: string, TransactionAmount: number) => ({
      TransactionType,
      TransactionAmount,
    });
    expect(
      totalsOf({
        Response: { Result: 'Success' },
        TransactionTotals: [
          { PaymentTotals: [row('Debit', 20.1), row('ReverseDebit', 5), row('Declined', 99)] },
          { PaymentTotals: [row('Credit', 0.1)] },
        ],
      }),
    ).toEqual({ posTotalCents: 1_500 });
  });
});

describe('receipt lines', () => {
  it('are put together as received', () => {
    const OutputText = [
      { Text: 'EUR ', EndOfLineFlag: false, CharacterStyle: 'Bold' },
      { Text: '12,50', EndOfLineFlag: true },
      { Text: 'name=Data&value=21%2F11&key=txdate' },
      { Text: 'fine' },
    ];
    expect(linesOf({ OutputText })).toEqual([
      { style: 'doubleHeightBold', text: 'EUR 12,50' },
      { style: 'normal', text: 'Data  21/11' },
      { style: 'normal', text: 'fine' },
    ]);
  });
});

describe('a recorded message', () => {
  const masked = (text: string) => new TextDecoder().decode(nexoMask('in', new TextEncoder().encode(text)));

  it('keeps no card number, no track and no name, wherever and however they are written', () => {
    const texts = [
      '4111111111111111',
      '4111 1111 1111 1111',
      '4111-1111-1111-1111',
      'ROSSI MARIO',
      'PIN 15973',
    ];
    for (const text of texts) {
      const secrets = text.split(/[ -]/).filter((part) => part !== 'PIN');
      const message = JSON.stringify({
        PAN: text,
        MaskedPAN: `${text} 4321`,
        TransactionID: text,
        CardholderName: text,
        ApprovalCode: text,
        unknown: [text, { TrackData: `${text}=2512` }],
        OutputText: [{ Text: text }, { Text: `name=Titolare&value=${text}&key=cardHolderName` }],
        AdditionalResponse: `message=${text}`,
        number: 4_111_111_111_111_111,
      });
      for (const kept of [masked(message), masked(`HTTP/1.1 200 OK ${text}`)])
        for (const secret of secrets) expect(kept).not.toContain(secret);
    }
  });

  it('keeps what a technician looks for', () => {
    const message = JSON.stringify(
      paymentRequest(parties, 'P000000001', { amountCents: 1_250, saleReference: 'x', at: 0 }),
    );
    expect(masked(message)).toBe(message);
    const id = '{"TransactionID":"BV0q001643892070000.QT6K7WPTSL2V"}'.replace(
      '001643892070000',
      '0016438920',
    );
    expect(masked(id)).toBe(id);
    expect(masked('{"MaskedPAN":"541275 **** 4321"}')).toBe('{"MaskedPAN":"****** **** 4321"}');
  });
});

describe('a sealed message', () => {
  const key = { keyIdentifier: 'k', keyVersion: 1, passphrase: 'prova' };
  const request = paymentRequest(parties, 'P000000001', { amountCents: 1, saleReference: 'x', at: 0 });
  const text = JSON.stringify(request);
  const header = request.SaleToPOIRequest.MessageHeader;

  it('is opened by the same key alone, and only unchanged', () => {
    const seal = sealWith(key);
    const closed = seal.close(header, text);
    expect(closed).not.toContain('RequestedAmount');
    expect(seal.open(closed)).toBe(text);
    expect(sealWith({ ...key, passphrase: 'altra' }).open(closed)).toBeUndefined();
    expect(sealWith({ ...key, keyVersion: 2 }).open(closed)).toBeUndefined();
    const message = JSON.parse(closed) as { SaleToPOIRequest: { NexoBlob: string } };
    const blob = Buffer.from(message.SaleToPOIRequest.NexoBlob, 'base64');
    for (let at = 0; at < blob.length; at += 7) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 1;
      message.SaleToPOIRequest.NexoBlob = changed.toString('base64');
      expect(seal.open(JSON.stringify(message))).toBeUndefined();
    }
    for (const other of ['', 'null', '{}', text]) expect(seal.open(other)).toBeUndefined();
  });

  it('looks different each time', () => {
    const seal = sealWith(key);
    expect(seal.close(header, text)).not.toBe(seal.close(header, text));
  });
});

describe('a message', () => {
  it.each(['', '{', 'null', '[]', '{"SaleToPOIResponse":{}}', '"x"'])('is not %s', (text) => {
    expect(decodeMessage(text)).toBeUndefined();
  });

  it('never makes the reader throw, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        decodeMessage(text);
        decodeMessage(`{"SaleToPOIResponse":${text}}`);
      }),
    );
  });
});

describe('a transaction’s name', () => {
  it('is shortened to its changing end', () => {
    expect(shortReference('SIM001000000001.PSP000000000042')).toBe('000000000042');
    expect(shortReference('42')).toBe('42');
  });
});

describe('the settings', () => {
  const read = (uri: string) => readSettings(overWeb(parseDeviceUri(uri)));

  it('believe "never arrived" only when no system still sends what a dead kiosk had written', () => {
    expect(read('nexo+https://pos.local/nexo?sale=a&poi=b').settleMs).toBe(120_000);
  });

  it('name every fault at once', () => {
    expect(() => read('nexo+http://192.168.1.9/nexo?poi=a%20b&probe=often&last=maybe')).toThrow(
      expect.objectContaining({
        code: 'POS_SETTINGS_INVALID',
        detail: {
          faults: expect.stringMatching(
            /only to this computer.*sale.*poi.*probe.*last|only to this computer/,
          ),
        },
      }),
    );
    expect(() => read('nexo+wss://h/nexo?sale=a&poi=b')).toThrow(
      expect.objectContaining({ code: 'POS_SETTINGS_INVALID' }),
    );
  });

  it('take no user and no password in the address', () => {
    for (const user of ['till:s3cret@', 'till@', ':s3cret@'])
      expect(() => read(`nexo+https://${user}pos.local/nexo?sale=a&poi=b`)).toThrow(
        expect.objectContaining({ detail: { faults: expect.not.stringContaining('s3cret') } }),
      );
  });

  it('call an address in clear only on this computer', () => {
    for (const host of ['127.0.0.1:1', 'localhost', '[::1]:9', '127.8.8.8'])
      expect(read(`nexo+http://${host}/nexo?sale=a&poi=b`).saleId).toBe('a');
    for (const host of ['10.0.0.1', 'localhost.example', '127.0.0.1.example'])
      expect(() => read(`nexo+http://${host}/nexo?sale=a&poi=b`)).toThrow();
  });

  it('expect the host’s own name in the certificate, or another that is said', () => {
    expect(read('nexo+https://pos.local:8443/nexo?sale=a&poi=b').certificateName).toBe('pos.local');
    expect(read('nexo+https://10.0.0.1:8443/nexo?sale=a&poi=b').certificateName).toBeUndefined();
    expect(read('nexo+https://10.0.0.1/nexo?sale=a&poi=b&name=x.example').certificateName).toBe('x.example');
  });
});
