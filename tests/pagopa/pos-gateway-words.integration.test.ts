import { uuidv7 } from '@jolly/contracts/values';
import type { Rig, TestTerminal } from '@jolly/fleet-server/testing';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { posGatewayConfig, rigOf } from './rest-gateways.ts';

const POS = '00000001';
const FIRST = '111111111111';
const SECOND = '222222222222';
let simulator: NodeSimulator;
let rig: Rig;
let terminal: TestTerminal;
let id: string;
let notice: { noticeNumber: string; creditorTaxCode: string };

beforeAll(async () => {
  simulator = await startNodeSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  simulator.node.reset();
  layer().reset();
  layer().settings.card = 'wait';
  simulator.posGateway.faults.set({ mode: 'none' });
  rig = await rigOf(posGatewayConfig(simulator)).start();
  terminal = await rig.terminal();
  id = uuidv7(rig.clock.now());
  const found = simulator.node.books.all().find((each) => each.notice.label === 'TARI 2026, seconda rata');
  if (!found) throw new Error('no such notice');
  const { noticeNumber, creditorTaxCode } = found.notice;
  notice = { noticeNumber, creditorTaxCode };
  await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice });
  await terminal.call('POST', `/api/v1/payments/${id}/activate`, { notice, amountCents: 12_345 });
});
afterEach(() => rig.close());

const layer = () => simulator.posGateway.service;
const route = () => `/api/v1/payments/${id}/authorisation`;
const ask = async (attempt: number) =>
  (await terminal.call('POST', route(), { posTerminalId: POS, amountCents: 12_345, attempt })).body;
const stands = async (attempt: number) => (await terminal.call('GET', `${route()}?attempt=${attempt}`)).body;
const items = async () => (await (await rig.signIn()).get('/console/api/operator-items')).body;
const open = (kind: string, reason: string) => expect.objectContaining({ kind, reason, state: 'open' });
const session = (nth: number) => layer().sessions[nth]?.sessionId ?? '';
/** The platform's word, as late and as often as the test wants it. */
const say = async (nth: number, outcome: 'AUTHORIZED' | 'DECLINED', rrn = FIRST) => {
  const card = { bin: '453201', lastFourDigits: '1234', paymentAuthCode: '1', rrn, brand: 'VISA' };
  const answer = await rig.server.app.inject({
    method: 'PATCH',
    url: `/gateway/prova/demo-callback-token/pos/ci/sessions/${session(nth)}/auth-requests`,
    headers: { 'content-type': 'application/json' },
    payload: {
      outcome,
      terminalId: POS,
      timestamp: '2026-11-21T10:15:30Z',
      amount: 12_345,
      sessionId: session(nth),
      details: outcome === 'AUTHORIZED' ? { paymentType: 'CARD', details: card } : { errorDescription: 'no' },
    },
  });
  expect(answer.statusCode).toBe(204);
};
/** The notice is free again, and no word of it has come here. */
const endsUnheard = async (nth: number) => {
  layer().settings.callback = 'claimed';
  expect(await layer().decide(session(nth), 'DECLINED', id)).toBe(true);
};
/** The session is to be discarded, so the gateway says when asked. */
const sessionFails = async (nth: number) => {
  await endsUnheard(nth);
  const found = layer().sessions[nth];
  if (!found) throw new Error('no such session');
  found.outcome = 'ERROR';
  await rig.pass(6_000);
};
const confirm = async (attempt: number) => {
  const { card } = (await stands(attempt)) as { card: object };
  return (await terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'OK', card })).body;
};
const giveUp = () =>
  terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'KO', reason: 'device' });

describe('a charge that comes after the session was given up', () => {
  it('is told to a person when a second card was charged', async () => {
    await ask(1);
    await sessionFails(0);
    expect(await stands(1)).toEqual({ state: 'declined', reason: 'SESSION_ERROR' });
    expect(await ask(2)).toEqual({ state: 'waiting' });
    await say(1, 'AUTHORIZED', SECOND);
    expect(await confirm(2)).toMatchObject({ status: { state: 'confirmed' } });
    expect(await items()).toEqual([]);
    await say(0, 'AUTHORIZED', FIRST);
    expect(await items()).toEqual([open('refund', 'charged-twice')]);
    expect(await stands(2)).toMatchObject({ state: 'approved', card: { onlineId: SECOND } });
  });

  it('is told to a person while the second card is still out, whichever comes first', async () => {
    await ask(1);
    await sessionFails(0);
    expect(await ask(2)).toEqual({ state: 'waiting' });
    await say(0, 'AUTHORIZED', FIRST);
    expect(await items()).toEqual([open('refund', 'charged-twice')]);
    await say(1, 'AUTHORIZED', SECOND);
    expect(await items()).toEqual([open('refund', 'charged-twice')]);
  });

  it('counts against a terminal that then gives up, and forbids a third card', async () => {
    await ask(1);
    await sessionFails(0);
    expect(await ask(2)).toEqual({ state: 'waiting' });
    await say(1, 'DECLINED');
    await say(0, 'AUTHORIZED');
    expect(await ask(3)).toMatchObject({ state: 'approved', card: { onlineId: FIRST } });
    expect(layer().sessions).toHaveLength(2);
    await giveUp();
    expect(await items()).toEqual(
      expect.arrayContaining([
        open('refund', 'charged-twice'),
        open('outcome-rejected', 'gateway-charged-nevertheless'),
      ]),
    );
  });

  it('without a second card is completed when the terminal asks again, else a person finds it', async () => {
    await ask(1);
    await sessionFails(0);
    await say(0, 'AUTHORIZED');
    expect(await items()).toEqual([open('charge-unknown', 'gateway-charged-after-refusal')]);
    expect(await ask(2)).toMatchObject({ state: 'approved' });
    expect(await confirm(1)).toMatchObject({ status: { state: 'confirmed' } });
    expect(await items()).toMatchObject([{ kind: 'charge-unknown', state: 'closed' }]);
    expect(layer().sessions).toHaveLength(1);
  });
});

describe('a request for the card that was refused', () => {
  it('and is charged all the same: a person is told, and once more for a second charge', async () => {
    const found = simulator.node.books.position(notice.creditorTaxCode, notice.noticeNumber);
    expect(found && simulator.node.payElsewhere(found)).toBe(true);
    for (const attempt of [1, 2]) {
      expect(await ask(attempt)).toEqual({ state: 'not-started', reason: 'ACTIVATION_ERROR' });
    }
    await say(1, 'AUTHORIZED', SECOND);
    expect(await items()).toEqual([open('charge-unknown', 'gateway-charged-after-refusal')]);
    await say(0, 'AUTHORIZED', FIRST);
    expect(await items()).toEqual(expect.arrayContaining([open('refund', 'charged-twice')]));
  });

  it('because the network delivered it twice is a request that was made', async () => {
    simulator.posGateway.faults.set({ mode: 'duplicate', operation: 'auth-request', count: 1 });
    expect(await ask(1)).toEqual({ state: 'waiting' });
    expect(await ask(2)).toEqual({ state: 'waiting' });
    expect(layer().sessions).toHaveLength(1);
    await say(0, 'AUTHORIZED');
    expect(await stands(1)).toMatchObject({ state: 'approved' });
    expect(await items()).toEqual([]);
  });
});

describe('words of two sessions', () => {
  it('a late refusal of one leaves the question about the other open', async () => {
    await ask(1);
    await sessionFails(0);
    simulator.posGateway.faults.set({ mode: 'drop-before', operation: 'auth-request', count: 1 });
    await ask(2);
    await rig.pass(180_000);
    const question = [open('charge-unknown', 'gateway-card-session-ongoing')];
    expect(await items()).toEqual(question);
    await say(0, 'DECLINED');
    expect(await items()).toEqual(question);
    await say(1, 'DECLINED');
    expect(await items()).toMatchObject([{ kind: 'charge-unknown', state: 'closed' }]);
  });

  it('each request is told its own end, and one never begun is none', async () => {
    await ask(1);
    await endsUnheard(0);
    await say(0, 'DECLINED');
    expect(await stands(1)).toMatchObject({ state: 'declined' });
    expect(await stands(2)).toEqual({ state: 'none' });
    await ask(2);
    expect(await stands(2)).toEqual({ state: 'waiting' });
    expect(await ask(1)).toMatchObject({ state: 'declined' });
    expect(layer().sessions).toHaveLength(2);
  });
});

describe('a session that contradicts itself', () => {
  it('charged after it was refused: a person is told, and no other card is asked for', async () => {
    await ask(1);
    await say(0, 'DECLINED');
    await say(0, 'AUTHORIZED');
    await say(0, 'AUTHORIZED');
    expect(await items()).toEqual([open('charge-unknown', 'gateway-charged-after-refusal')]);
    expect(await ask(2)).toMatchObject({ state: 'approved' });
    expect(layer().sessions).toHaveLength(1);
  });

  it('refused after it was charged: nobody knows, so a person must', async () => {
    await ask(1);
    await say(0, 'AUTHORIZED');
    await say(0, 'DECLINED');
    expect(await stands(1)).toEqual({ state: 'unknown', reason: 'REFUSED_AFTER_CHARGE' });
    expect(await ask(2)).toMatchObject({ state: 'unknown' });
    await giveUp();
    expect(await items()).toMatchObject([{ kind: 'charge-unknown', state: 'open' }]);
  });

  it('is not explained by another card that was charged', async () => {
    await ask(1);
    await sessionFails(0);
    expect(await ask(2)).toEqual({ state: 'waiting' });
    await say(1, 'AUTHORIZED', SECOND);
    await say(0, 'AUTHORIZED', FIRST);
    await say(0, 'DECLINED');
    expect(await confirm(2)).toMatchObject({ status: { state: 'confirmed' } });
    expect(await items()).toEqual(
      expect.arrayContaining([
        open('refund', 'charged-twice'),
        open('charge-unknown', 'gateway-refused-after-charge'),
      ]),
    );
  });

  it('charged twice: the second charge goes back', async () => {
    await ask(1);
    await say(0, 'AUTHORIZED', FIRST);
    await say(0, 'AUTHORIZED', SECOND);
    expect(await items()).toEqual([open('refund', 'charged-twice')]);
    expect(await stands(1)).toMatchObject({ state: 'approved', card: { onlineId: FIRST } });
  });
});
