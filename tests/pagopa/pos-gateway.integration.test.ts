import { uuidv7 } from '@jolly/contracts/values';
import type { Rig, TestTerminal } from '@jolly/fleet-server/testing';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWithShared, sharedData } from '../shared-data/index.ts';
import { PublishedApi } from './openapi.ts';
import { posGatewayConfig, rigOf } from './rest-gateways.ts';

const POS = '00000001';
let simulator: NodeSimulator;
let rig: Rig;
let terminal: TestTerminal;
let id: string;

beforeAll(async () => {
  simulator = await startNodeSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  simulator.node.reset();
  layer().reset();
  simulator.posGateway.faults.set({ mode: 'none' });
  simulator.posGateway.exchanges.length = 0;
  rig = await rigOf(posGatewayConfig(simulator)).start();
  const url = await rig.server.app.listen({ host: '127.0.0.1', port: 0 });
  layer().settings.callbackUrl = `${url}/gateway/prova/demo-callback-token`;
  terminal = await rig.terminal();
  id = uuidv7(rig.clock.now());
});
afterEach(() => rig.close());

const layer = () => simulator.posGateway.service;
const notice = (label = 'TARI 2026, seconda rata') => {
  const found = simulator.node.books.all().find((position) => position.notice.label === label);
  if (!found) throw new Error(`no notice ${label}`);
  const { noticeNumber, creditorTaxCode } = found.notice;
  return { noticeNumber, creditorTaxCode };
};
const position = () => simulator.node.books.position(notice().creditorTaxCode, notice().noticeNumber);
const verify = async (of = notice()) =>
  (await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: of })).body;
const ready = async () => {
  await verify();
  const wanted = { notice: notice(), amountCents: 12_345 };
  return (await terminal.call('POST', `/api/v1/payments/${id}/activate`, wanted)).body;
};
const route = () => `/api/v1/payments/${id}/authorisation`;
const ask = async (attempt = 1) =>
  (await terminal.call('POST', route(), { posTerminalId: POS, amountCents: 12_345, attempt })).body;
const stands = async (attempt = 1) =>
  (await terminal.call('GET', `${route()}?attempt=${attempt}`)).body as { state: string };
/** The callback comes over a real socket, from the simulator's own time. */
const until = (state: string, attempt = 1) =>
  vi.waitFor(async () => expect(await stands(attempt)).toMatchObject({ state }), {
    timeout: 5_000,
    interval: 10,
  });
const items = async () => (await (await rig.signIn()).get('/console/api/operator-items')).body;

describe('a card that the gateway drives', () => {
  it('is approved: the notice is paid by the PSP, confirmed here, and no outcome of ours is sent', async () => {
    expect(await verify()).toMatchObject({
      result: 'payable',
      notice: { amountCents: 12_345, feeCents: 0, creditorName: 'Comune di Prato' },
    });
    expect(await ready()).toMatchObject({ result: 'activated', activation: { totalCents: 12_345 } });
    expect(await stands()).toEqual({ state: 'none' });
    await ask();
    await until('approved');
    const { card } = (await stands()) as unknown as { card: object };
    expect(card).toMatchObject({ amountCents: 12_345, maskedPan: '453201******1234', authCode: '889900' });
    const done = await terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'OK', card });
    expect(done.body).toMatchObject({ status: { state: 'confirmed' } });
    expect(position()).toMatchObject({ state: 'PAID', acquisitions: [{}] });
    expect(await items()).toEqual([]);
  });

  it.each([
    ['DECLINED', 'declined'],
    ['REFUSED', 'declined'],
    ['TIMEOUT', 'declined'],
    ['CANCELED_BY_USER', 'cancelled'],
  ] as const)('%s is %s; another card may be tried, in a session of its own', async (card, state) => {
    layer().settings.card = card;
    await ready();
    await ask();
    await until(state);
    expect(position()?.state).toBe('INSERTED');
    layer().settings.card = 'AUTHORIZED';
    await ask(2);
    await until('approved', 2);
    expect(new Set(layer().asked.map(({ sessionId }) => sessionId)).size).toBe(2);
  });

  it('is asked for once, however often the terminal asks', async () => {
    layer().settings.card = 'wait';
    await ready();
    for (let times = 0; times < 3; times++) expect(await ask()).toEqual({ state: 'waiting' });
    expect(layer().asked).toHaveLength(1);
  });

  it.each(['drop-after', 'drop-before', 'http-503'] as const)(
    'request, %s: never a second one; the session or the callback tells',
    async (mode) => {
      layer().settings.card = 'wait';
      await ready();
      simulator.posGateway.faults.set({ mode, operation: 'auth-request', count: 1 });
      expect(await ask()).toEqual({ state: 'waiting' });
      expect(await ask()).toEqual({ state: 'waiting' });
      if (mode !== 'drop-after') {
        expect(layer().asked).toHaveLength(0);
        // Nothing more will come: after the PSP's time and a margin it is a question for a person.
        await rig.pass(180_000);
        expect(await stands()).toMatchObject({ state: 'unknown', reason: 'SESSION_ONGOING' });
        expect(await ask()).toMatchObject({ state: 'unknown' });
        expect(await items()).toMatchObject([{ kind: 'charge-unknown' }]);
        return;
      }
      const [asked] = layer().asked;
      expect(await layer().decide(asked?.sessionId ?? '', 'AUTHORIZED', id)).toBe(true);
      await until('approved');
      expect(layer().asked).toHaveLength(1);
    },
  );

  it('busy terminal, or a notice that cannot be locked: not started', async () => {
    await ready();
    layer().settings.terminals = [{ id: POS, status: 'MAINTENANCE' }];
    expect(await ask()).toEqual({ state: 'not-started', reason: 'TERMINAL_UNAVAILABLE' });
    layer().settings.terminals = [{ id: POS, status: 'AVAILABLE' }];
    const found = position();
    expect(found && simulator.node.payElsewhere(found)).toBe(true);
    expect(await ask()).toEqual({ state: 'not-started', reason: 'ACTIVATION_ERROR' });
  });

  it('a callback that is lost though the gateway calls it done: unknown, never charged again', async () => {
    layer().settings.callback = 'claimed';
    await ready();
    await ask();
    await vi.waitFor(() => expect(position()?.state).toBe('PAID'));
    await rig.pass(10_000);
    expect(await stands()).toEqual({ state: 'unknown', reason: 'CALLBACK_MISSING' });
    expect(await items()).toMatchObject([{ kind: 'charge-unknown', state: 'open' }]);
  });

  it('a callback after the terminal has given up: a person is told that the notice is paid', async () => {
    layer().settings.card = 'wait';
    await ready();
    await ask();
    const ko = { outcome: 'KO', reason: 'device' };
    await terminal.call('POST', `/api/v1/payments/${id}/outcome`, ko);
    expect(await items()).toMatchObject([{ kind: 'charge-unknown', reason: 'gateway-still-open' }]);
    const [asked] = layer().asked;
    await layer().decide(asked?.sessionId ?? '', 'AUTHORIZED', id);
    await until('approved');
    expect(await items()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'charge-unknown', state: 'closed' }),
        expect.objectContaining({ kind: 'outcome-rejected', reason: 'charged-after-cancel', state: 'open' }),
      ]),
    );
  });

  it('another amount than was agreed is not confirmed, and a person is told', async () => {
    const changing = notice("Importo che cambia all'attivazione");
    expect(await verify(changing)).toMatchObject({ notice: { amountCents: 8_000 } });
    const wanted = { notice: changing, amountCents: 8_000 };
    await terminal.call('POST', `/api/v1/payments/${id}/activate`, wanted);
    await terminal.call('POST', route(), { posTerminalId: POS, amountCents: 8_000, attempt: 1 });
    await until('approved');
    const { card } = (await stands()) as unknown as { card: object };
    const told = await terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'OK', card });
    expect(told.body).toMatchObject({ code: 'CHARGE_DIFFERS' });
    expect(await items()).toMatchObject([{ kind: 'refund', amountCents: 9_250, state: 'open' }]);
  });

  it('a charge the gateway does not know is not confirmed', async () => {
    await ready();
    expect((await terminal.charged(id)).body).toMatchObject({
      status: { state: 'rejected', instruction: 'operator' },
    });
  });

  it('goes on after a kill between request and callback', async () => {
    layer().settings.card = 'wait';
    await ready();
    await ask();
    await rig.server.app.close();
    await rig.restart();
    const url = await rig.server.app.listen({ host: '127.0.0.1', port: 0 });
    layer().settings.callbackUrl = `${url}/gateway/prova/demo-callback-token`;
    const [asked] = layer().asked;
    await layer().decide(asked?.sessionId ?? '', 'AUTHORIZED', id);
    await until('approved');
    expect(layer().asked).toHaveLength(1);
  });
});

describe('the door of the callbacks', () => {
  const knock = async (token: string, body: object, session = layer().asked[0]?.sessionId ?? '') =>
    rig.server.app.inject({
      method: 'PATCH',
      url: `/gateway/prova/${token}/pos/ci/sessions/${session}/auth-requests`,
      headers: { 'content-type': 'application/json' },
      payload: body,
    });
  const declined = () => ({
    outcome: 'DECLINED',
    terminalId: POS,
    timestamp: '2026-11-21T10:15:30Z',
    amount: 12_345,
    sessionId: layer().asked[0]?.sessionId,
    details: { errorDescription: 'no' },
  });

  it('opens to the token only, and to a session of ours; a repetition changes nothing', async () => {
    layer().settings.card = 'wait';
    await ready();
    await ask();
    expect((await knock('wrong', declined())).statusCode).toBe(401);
    expect((await knock('demo-callback-token', {})).statusCode).toBe(400);
    const strange = '01a2b3c4-0000-4000-8000-000000000001';
    const other = { ...declined(), sessionId: strange };
    expect((await knock('demo-callback-token', other, strange)).statusCode).toBe(404);
    expect(await stands()).toEqual({ state: 'waiting' });
    const elsewhere = { ...declined(), terminalId: '00000002' };
    expect((await knock('demo-callback-token', elsewhere)).statusCode).toBe(404);
    expect(await stands()).toEqual({ state: 'waiting' });
    for (let times = 0; times < 2; times++) {
      expect((await knock('demo-callback-token', declined())).statusCode).toBe(204);
      expect(await stands()).toMatchObject({ state: 'declined' });
    }
    expect(await items()).toEqual([]);
  });

  it('slows down who guesses, and nobody else', async () => {
    layer().settings.card = 'wait';
    await ready();
    await ask();
    const statuses: number[] = [];
    for (let tries = 0; tries < 25; tries++) statuses.push((await knock('wrong', declined())).statusCode);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    const told = await knock('demo-callback-token', declined());
    expect(told.statusCode).toBe(204);
  });
});

describe('the amount for consent', () => {
  it.each([
    ['Già pagato', 'NOTICE_ALREADY_PAID'],
    ["Scaduto: l'ente non lo incassa più", 'EXPIRED_NOTICE'],
    ["Annullato dall'ente", 'REVOKED_NOTICE'],
    ["Sconosciuto all'ente", 'UNKNOWN_NOTICE'],
    ['In corso presso un altro PSP', 'PAYMENT_ALREADY_IN_PROGRESS'],
    ['Ente sconosciuto', 'WRONG_NOTICE_DATA'],
  ])('%s: %s', async (label, problemClass) => {
    expect(await verify(notice(label))).toMatchObject({
      result: 'refused',
      problem: { class: problemClass },
    });
  });

  it('not to be had: nothing can be paid', async () => {
    simulator.posGateway.faults.set({ mode: 'http-500', operation: 'options' });
    expect(await verify()).toMatchObject({ result: 'refused', problem: { class: 'NODE_UNREACHABLE' } });
  });
});

describeWithShared(
  'messages of the POS gateway',
  ['pagopa', 'openapi', 'pos-gateway-draft', 'pos_ci_layer.json'],
  (file) => {
    const api = new PublishedApi(file);
    const options = new PublishedApi(
      sharedData('pagopa', 'openapi', 'pagopa-api', 'orgs_payment_options.json') ?? '',
    );
    /** The draft asks for a field that it does not describe. */
    const draft = "auth-request:  must have required property 'debtPosition'";

    it('follow the draft and the payment options interface, in both directions', async () => {
      await verify(notice('Già pagato'));
      for (const [attempt, card] of (['DECLINED', 'AUTHORIZED'] as const).entries()) {
        layer().settings.card = card;
        await ready();
        await ask(attempt);
        await until(card === 'AUTHORIZED' ? 'approved' : 'declined', attempt);
      }
      const schemas = {
        session: ['PosSessionRequest', 'PosSessionResponse'],
        'auth-request': ['PaymentRequest', 'PaymentResponse'],
      } as const;
      const found = simulator.posGateway.exchanges.flatMap(({ operation, body, answer, status }) => {
        const named = operation as keyof typeof schemas;
        const faults =
          operation === 'options'
            ? options.faults(`schemas/${status === 200 ? 'PaymentOptionsResponse' : 'ErrorResponse'}`, answer)
            : [
                ...api.faults(`schemas/${schemas[named][0]}`, body),
                ...api.faults(`schemas/${schemas[named][1]}`, answer),
              ];
        return faults.map((fault) => `${operation}: ${fault}`);
      });
      expect(new Set(found)).toEqual(new Set([draft]));
      expect(layer().sent).toHaveLength(2);
      for (const { body } of layer().sent) {
        expect(api.faults('schemas/AuthorizationCallbackRequest', body)).toEqual([]);
      }
    });
  },
);
