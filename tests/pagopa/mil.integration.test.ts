import { cents, uuidv7 } from '@jolly/contracts/values';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeWithShared, sharedData } from '../shared-data/index.ts';
import { contentOf, PublishedApi } from './openapi.ts';
import { milGateway } from './rest-gateways.ts';

let simulator: NodeSimulator;
let gateway: ReturnType<typeof milGateway>;
beforeAll(async () => {
  simulator = await startNodeSimulator({ settings: { creditorTimeoutMs: 20 } });
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.node.reset();
  simulator.mil.service.reset();
  simulator.mil.faults.set({ mode: 'none' });
  simulator.mil.exchanges.length = 0;
  gateway = milGateway(simulator);
});

const notice = (label = 'TARI 2026, seconda rata') => {
  const found = simulator.node.books.all().find((position) => position.notice.label === label);
  if (!found) throw new Error(`no notice ${label}`);
  return found.notice;
};
const state = (of = notice()) => simulator.node.books.position(of.creditorTaxCode, of.noticeNumber)?.state;
const prepare = (of = notice(), kioskPaymentId = uuidv7(Date.now())) =>
  gateway.prepareOpen(of, cents(of.amountCents), 600_000, {
    kioskPaymentId,
    shown: { description: 'TARI', creditorName: 'Comune di Prato' },
  });
async function open(of = notice()) {
  const opened = await gateway.sendOpen(prepare(of));
  if (opened.ok !== true) throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return opened;
}
async function announced(of = notice()) {
  const kioskPaymentId = uuidv7(Date.now());
  const { paymentToken, totalCents, suggestedUserFeeCents = cents(0) } = await open(of);
  const request = gateway.announce.prepare({
    kioskPaymentId,
    paymentToken,
    amountCents: totalCents,
    feeCents: suggestedUserFeeCents,
  });
  expect(await gateway.announce.send(request)).toEqual({ ok: true });
  const outcome = (said: 'OK' | 'KO', isAnnounced = true) =>
    gateway.prepareOutcome({
      kioskPaymentId,
      paymentToken,
      outcome: said,
      feeCents: suggestedUserFeeCents,
      paymentMethod: 'bancomat',
      applicationDate: '2026-11-21',
      localTime: '2026-11-21T10:15:30',
      announced: isAnnounced,
    });
  return { request, outcome, paymentToken };
}
const heard = (operation: string) =>
  simulator.mil.exchanges.filter((exchange) => exchange.operation === operation);

describe('a payment through MIL', () => {
  it('is verified, opened, announced, closed, and in the node’s books once', async () => {
    expect(await gateway.verify(notice())).toMatchObject({
      ok: true,
      amountCents: 12_345,
      description: 'TARI 2026 - seconda rata',
      creditorName: 'Comune di Prato',
      office: 'Ufficio Tributi',
    });
    const { outcome, paymentToken } = await announced();
    expect(await gateway.sendOutcome(outcome('OK'))).toEqual({ answer: 'ok' });
    expect(state()).toBe('PAID');
    expect(simulator.mil.service.transactions).toMatchObject([
      { status: 'CLOSED', tokens: [paymentToken], paymentMethod: 'PAGOBANCOMAT' },
    ]);
    expect(heard('token')).toHaveLength(1);
  });

  it('shows what the verification said, and the number’s IUV', async () => {
    expect(await open()).toMatchObject({
      totalCents: 12_345,
      iuv: '02000120456789276',
      description: 'TARI',
      creditorName: 'Comune di Prato',
    });
  });

  it.each([
    ['Già pagato', 'NOTICE_ALREADY_PAID', 'no'],
    ["Scaduto: l'ente non lo incassa più", 'EXPIRED_NOTICE', 'no'],
    ["Annullato dall'ente", 'REVOKED_NOTICE', 'no'],
    ["Sconosciuto all'ente", 'UNKNOWN_NOTICE', 're-enter'],
    ['In corso presso un altro PSP', 'PAYMENT_ALREADY_IN_PROGRESS', 'later'],
    ['Ente sconosciuto', 'WRONG_NOTICE_DATA', 're-enter'],
    ["L'ente non risponde", 'CREDITOR_PROBLEMS', 'later'],
    ["L'ente risponde male", 'CREDITOR_PROBLEMS', 'later'],
    ['Canale disabilitato (guasto nostro)', 'NOTICE_GLITCH', 'no'],
  ])('%s: %s', async (label, problemClass, retry) => {
    const expected = {
      ok: false,
      problem: { class: problemClass, faultCode: `MIL_${problemClass}`, retry },
    };
    expect(await gateway.verify(notice(label))).toEqual(expected);
    expect(heard('verify')).toHaveLength(problemClass === 'CREDITOR_PROBLEMS' ? 2 : 1);
    expect(await gateway.sendOpen(prepare(notice(label)))).toEqual(expected);
  });

  it('charges the amount of the activation, not that of the verification', async () => {
    const changing = notice("Importo che cambia all'attivazione");
    expect(await gateway.verify(changing)).toMatchObject({ amountCents: 8_000 });
    expect(await open(changing)).toMatchObject({ totalCents: 9_250 });
  });

  it('counts who gets a part', async () => {
    expect((await open(notice('Cinque beneficiari'))).transfers).toHaveLength(5);
  });
});

describe('the fee', () => {
  beforeEach(() => {
    gateway = milGateway(simulator, { fee: 'citizen' });
  });

  it('is asked for after the activation, announced and closed with it', async () => {
    simulator.mil.service.settings.fees = { PAYMENT_CARD: 150 };
    const { outcome } = await announced();
    expect(await gateway.sendOutcome(outcome('OK'))).toEqual({ answer: 'ok' });
    expect(simulator.mil.service.transactions).toMatchObject([{ totalCents: 12_345, feeCents: 150 }]);
  });

  it('is none when MIL knows none', async () => {
    expect(await open()).toMatchObject({ suggestedUserFeeCents: 0 });
  });

  it('not to be had: nobody may be charged, and the same request finds the same session', async () => {
    simulator.mil.service.settings.fees = { PAYMENT_CARD: 150 };
    simulator.mil.faults.set({ mode: 'http-503', operation: 'fee', count: 1 });
    const request = prepare();
    expect(await gateway.sendOpen(request)).toEqual({ ok: 'unknown', reason: 'NODE_HTTP_STATUS 503' });
    const [first] = simulator.node.books.tokens().filter(({ status }) => status === 'alive');
    expect(await gateway.sendOpen(request)).toMatchObject({
      ok: true,
      paymentToken: simulator.node.books.position(notice().creditorTaxCode, notice().noticeNumber)?.holder,
      suggestedUserFeeCents: 150,
    });
    expect(first).toBeDefined();
  });

  it('is not asked for where the creditor bears it', async () => {
    gateway = milGateway(simulator);
    await open();
    expect(heard('fee')).toHaveLength(0);
  });
});

describe('the token', () => {
  it('refused in the middle of its life: another is asked for, once', async () => {
    await gateway.verify(notice());
    simulator.mil.endTokens();
    expect(await gateway.verify(notice())).toMatchObject({ ok: true });
    expect(heard('token')).toHaveLength(2);
  });

  it('refused again: our configuration, not the notice', async () => {
    const wrong = milGateway(simulator, {}, 'x'.repeat(36));
    expect(await wrong.verify(notice())).toEqual({
      ok: false,
      problem: { class: 'NOTICE_GLITCH', faultCode: 'MIL_009000021', retry: 'no' },
    });
    expect(heard('token')).toHaveLength(1);
    const stranger = milGateway(simulator, { acquirerId: '1' });
    expect(await stranger.verify(notice())).toMatchObject({ problem: { faultCode: 'MIL_009000013' } });
  });

  it('a terminal without a name at MIL calls nobody', () => {
    expect(() => gateway.forTerminal('TOTEM-99')).toThrow(
      expect.objectContaining({ code: 'MIL_TERMINAL_UNKNOWN' }),
    );
  });
});

describe('a wire that fails', () => {
  it.each(['drop-before', 'drop-after', 'reset', 'http-429', 'http-500', 'http-503', 'malformed'] as const)(
    'activation, %s: nobody knows, and the same request finds out',
    async (mode) => {
      simulator.mil.faults.set({ mode, operation: 'activate', count: 1 });
      const request = prepare();
      expect(await gateway.sendOpen(request)).toMatchObject({ ok: 'unknown' });
      if (mode === 'http-429') gateway = milGateway(simulator);
      expect(await gateway.sendOpen(request)).toMatchObject({ ok: true });
      expect(simulator.node.books.tokens().filter(({ status }) => status === 'alive')).toHaveLength(2);
    },
  );

  it('a verification over a broken connection is sent again at once', async () => {
    simulator.mil.faults.set({ mode: 'reset', operation: 'verify', count: 2 });
    expect(await gateway.verify(notice())).toMatchObject({ ok: true });
  });

  it('too many calls: MIL is left alone for as long as it asks', async () => {
    simulator.mil.faults.set({ mode: 'http-429', operation: 'verify', count: 1 });
    expect(await gateway.verify(notice())).toMatchObject({
      problem: { class: 'NODE_UNREACHABLE', faultCode: 'NODE_HTTP_STATUS 429' },
    });
    expect(await gateway.verify(notice())).toMatchObject({ problem: { faultCode: 'MIL_RATE_LIMIT' } });
    expect(heard('verify')).toHaveLength(0);
  });

  it('an announcement whose answer was lost is found to be ours', async () => {
    const { request, paymentToken } = await announced();
    expect(await gateway.announce.send(request)).toEqual({ ok: true });
    const other = { ...request, body: request.body.replaceAll('12345', '12346') };
    expect(await gateway.announce.send(other)).toEqual({ ok: false, faultCode: 'MIL_TRANSACTION_EXISTS' });
    // Same transaction and amount, but for another session's token: somebody else's.
    const strange = { ...request, body: request.body.replaceAll(paymentToken, 'f'.repeat(32)) };
    expect(strange.body).not.toBe(request.body);
    expect(await gateway.announce.send(strange)).toEqual({ ok: false, faultCode: 'MIL_TRANSACTION_EXISTS' });
    expect(simulator.mil.service.transactions).toHaveLength(1);
  });

  it('an outcome whose answer was lost is asked after, not sent again', async () => {
    const { outcome } = await announced();
    simulator.mil.faults.set({ mode: 'drop-after', operation: 'outcome', count: 1 });
    const request = outcome('OK');
    expect(await gateway.sendOutcome(request, 1)).toMatchObject({ answer: 'unreachable' });
    expect(await gateway.sendOutcome(request, 2)).toEqual({ answer: 'ok' });
    expect(heard('outcome')).toHaveLength(1);
  });

  it('an outcome that never arrived is sent again, the same', async () => {
    const { outcome } = await announced();
    simulator.mil.faults.set({ mode: 'drop-before', operation: 'outcome', count: 1 });
    const request = outcome('OK');
    expect(await gateway.sendOutcome(request, 1)).toMatchObject({ answer: 'unreachable' });
    expect(await gateway.sendOutcome(request, 2)).toEqual({ answer: 'ok' });
    expect(state()).toBe('PAID');
  });
});

describe('the outcome by the state of its transaction', () => {
  it('PENDING: asked again at MIL’s pace, then at our own', async () => {
    simulator.mil.service.settings.stuck = true;
    const { outcome } = await announced();
    const request = outcome('OK');
    const pending = { answer: 'pending', reason: 'MIL_PENDING', againInMs: 30_000 };
    for (const attempt of [1, 2, 3]) expect(await gateway.sendOutcome(request, attempt)).toEqual(pending);
    expect(await gateway.sendOutcome(request, 4)).toEqual({ answer: 'unreachable', reason: 'MIL_PENDING' });
    expect(heard('outcome')).toHaveLength(1);
  });

  it('KO before the announcement: ABORT; after it: ERROR_ON_PAYMENT; the notice is free either way', async () => {
    const first = await announced();
    expect(await gateway.sendOutcome(first.outcome('KO', false))).toEqual({ answer: 'ok' });
    expect(state()).toBe('INSERTED');
    const second = await announced();
    expect(await gateway.sendOutcome(second.outcome('KO'))).toEqual({ answer: 'ok' });
    expect(state()).toBe('INSERTED');
    expect(simulator.mil.service.transactions.map(({ status }) => status)).toEqual([
      'ABORTED',
      'ERROR_ON_PAYMENT',
    ]);
  });

  it.each([
    [
      'ERROR_ON_CLOSE',
      { answer: 'rejected', faultCode: 'MIL_ERROR_ON_CLOSE' },
      { answer: 'token-expired-ko' },
    ],
    [
      'ERROR_ON_RESULT',
      { answer: 'rejected', faultCode: 'MIL_ERROR_ON_RESULT' },
      { answer: 'token-expired-ko' },
    ],
    ['ERROR_ON_PAYMENT', { answer: 'already-opposite' }, { answer: 'ok' }],
    ['ABORTED', { answer: 'already-opposite' }, { answer: 'ok' }],
    ['CLOSED', { answer: 'ok' }, { answer: 'already-opposite' }],
  ] as const)('%s', async (status, afterCharge, afterCancel) => {
    const { outcome } = await announced();
    const [transaction] = simulator.mil.service.transactions;
    simulator.mil.service.setStatus(transaction?.transactionId ?? '', status);
    expect(await gateway.sendOutcome(outcome('OK'), 2)).toEqual(afterCharge);
    expect(await gateway.sendOutcome(outcome('KO'), 2)).toEqual(afterCancel);
  });

  it('another PSP has won: an error on closing, which a person must look at', async () => {
    const { outcome } = await announced();
    const position = simulator.node.books.position(notice().creditorTaxCode, notice().noticeNumber);
    expect(position && simulator.node.payElsewhere(position)).toBe(true);
    expect(await gateway.sendOutcome(outcome('OK'))).toEqual({
      answer: 'rejected',
      faultCode: 'MIL_ERROR_ON_CLOSE',
    });
  });

  it('of a transaction MIL never heard of', async () => {
    const { outcome } = await announced();
    simulator.mil.service.reset();
    expect(await gateway.sendOutcome(outcome('OK'))).toEqual({ answer: 'token-unknown' });
    expect(await gateway.sendOutcome(outcome('KO', false))).toEqual({ answer: 'token-expired-ko' });
  });
});

describeWithShared('messages of MIL', ['pagopa', 'openapi', 'mil', 'mil-payment-notice.yaml'], (file) => {
  const auth = sharedData('pagopa', 'openapi', 'mil', 'mil-auth_not_admin.yaml') ?? '';
  const fees = sharedData('pagopa', 'openapi', 'mil', 'mil-fee-calculator.yaml') ?? '';
  const apis = {
    notice: new PublishedApi(file),
    auth: new PublishedApi(auth),
    fees: new PublishedApi(fees),
  };
  const form = 'application/x-www-form-urlencoded';
  const parts = {
    token: ['auth', contentOf('requestBodies/GetAccessToken', form), 'responses/AccessToken'],
    verify: ['notice', undefined, 'responses/VerifyProcessed'],
    activate: ['notice', contentOf('requestBodies/Activate'), 'responses/ActivateProcessed'],
    fee: ['fees', contentOf('requestBodies/GetFee'), 'responses/FeeFound'],
    'pre-close': ['notice', contentOf('requestBodies/PreCloseOrAbort'), 'responses/PreCloseOrAbortProcessed'],
    abort: ['notice', contentOf('requestBodies/PreCloseOrAbort'), undefined],
    outcome: ['notice', contentOf('requestBodies/Close'), undefined],
    status: ['notice', undefined, 'responses/PaymentStatus'],
  } as const;
  const HEADERS = {
    requestid: 'RequestId',
    acquirerid: 'AcquirerId',
    channel: 'Channel',
    terminalid: 'TerminalId',
  };

  const faultsOf = () =>
    simulator.mil.exchanges.flatMap(({ operation, headers, body, status, answer }) => {
      const [name, asked, said] = parts[operation as keyof typeof parts];
      const api = apis[name];
      const found = Object.entries(HEADERS).flatMap(([header, parameter]) =>
        api.faults(`parameters/${parameter}/schema`, headers[header]),
      );
      if (asked) found.push(...api.faults(asked, body));
      const good = status < 300 ? said : 'responses/Error';
      if (answer !== undefined && good) found.push(...api.faults(contentOf(good), answer));
      return found.map((fault) => `${operation} ${status}: ${fault}`);
    });

  /** What the interface cannot say: no fee. */
  const noFee = "pre-close 201:  must have required property 'fee'";

  it('follow the published interfaces, in both directions', async () => {
    gateway = milGateway(simulator, { fee: 'citizen' });
    simulator.mil.service.settings.fees = { PAYMENT_CARD: 150 };
    for (const { notice: each } of simulator.node.books.all()) {
      await gateway.verify(each);
      const opened = await gateway.sendOpen(prepare(each));
      if (opened.ok !== true) continue;
      const facts = {
        kioskPaymentId: uuidv7(Date.now()),
        paymentToken: opened.paymentToken,
        amountCents: opened.totalCents,
        feeCents: opened.suggestedUserFeeCents ?? cents(0),
      };
      const announcement = gateway.announce.prepare(facts);
      await gateway.announce.send(announcement);
      await gateway.announce.send(announcement);
      const more = {
        applicationDate: '2026-11-21',
        localTime: '2026-11-21T10:15:30',
        announced: true,
      } as const;
      const told = { ...facts, ...more, paymentMethod: 'other' } as const;
      const said = each.amountCents % 2 === 0 ? 'OK' : 'KO';
      await gateway.sendOutcome(gateway.prepareOutcome({ ...told, outcome: said }));
      await gateway.sendOutcome(gateway.prepareOutcome({ ...told, outcome: 'KO', announced: false }));
    }
    await milGateway(simulator, {}, 'x'.repeat(36)).verify(notice());
    expect(new Set(simulator.mil.exchanges.map(({ operation }) => operation))).toEqual(
      new Set(Object.keys(parts)),
    );
    expect(faultsOf()).toEqual([]);
  });

  it('without a fee differ in one thing only: the fee that cannot be zero is left out', async () => {
    await announced();
    const other = faultsOf().filter((fault) => !fault.startsWith('pre-close'));
    expect(other).toEqual([]);
    expect(faultsOf()).toContain(noFee);
  });

  afterEach(() => {
    simulator.mil.exchanges.length = 0;
  });
});
