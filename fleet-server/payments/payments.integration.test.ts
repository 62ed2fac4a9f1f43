import { uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTICE, Rig, ScriptedGateway, type TestTerminal } from '../testing/index.ts';

const activate = { notice: NOTICE, amountCents: 12_345 };

describe.each([
  ['that needs no announcement', false],
  ['that wants charges announced', true],
])('a payment on the server, by a gateway %s', (_name, announces) => {
  let rig: Rig;
  let terminal: TestTerminal;

  beforeEach(async () => {
    rig = new Rig();
    rig.gateway = new ScriptedGateway({ announces });
    await rig.start();
    terminal = await rig.terminal();
  });
  afterEach(() => rig.close());

  it('goes from verify to confirmed', async () => {
    const id = uuidv7(rig.clock.now());
    const verified = await terminal.call('POST', '/api/v1/payments/verify', {
      kioskPaymentId: id,
      notice: NOTICE,
    });
    expect(verified.body).toMatchObject({ result: 'payable', notice: { amountCents: 12_345, feeCents: 0 } });
    const activated = await terminal.call('POST', `/api/v1/payments/${id}/activate`, activate);
    expect(activated.body).toMatchObject({
      result: 'activated',
      activation: { totalCents: 12_345, expiresAt: rig.clock.now() + 600_000, beneficiaries: 1 },
    });
    const outcome = await terminal.charged(id);
    expect(outcome.body).toMatchObject({
      stored: true,
      status: { state: 'confirmed', instruction: 'none', acknowledgedAt: rig.clock.now() },
    });
    expect(outcome.raw.headers['jolly-time']).toBe(String(rig.clock.now()));
    expect(rig.gateway.sentOf('announce')).toHaveLength(announces ? 1 : 0);
    const [told] = rig.gateway.sentOf('sendPaymentOutcomeV2');
    expect(JSON.parse(told?.body ?? '')).toMatchObject({ outcome: 'OK', announced: announces });
  });

  it('is unknown to every other terminal', async () => {
    const id = await terminal.activated();
    const other = await rig.terminal('TOTEM-02');
    expect((await other.call('GET', `/api/v1/payments/${id}`)).status).toBe(404);
    expect((await other.call('POST', `/api/v1/payments/${id}/activate`, activate)).status).toBe(404);
    expect((await other.charged(id)).body).toMatchObject({ code: 'PAYMENT_UNKNOWN' });
  });

  it('is activated once, however often it is asked for', async () => {
    const id = await terminal.activated();
    const again = await terminal.call('POST', `/api/v1/payments/${id}/activate`, activate);
    expect(again.body).toMatchObject({ result: 'activated' });
    expect(rig.gateway.sentOf('activatePaymentNoticeV2')).toHaveLength(1);
    const other = await terminal.call('POST', `/api/v1/payments/${id}/activate`, {
      ...activate,
      amountCents: 1,
    });
    expect(other.body).toMatchObject({ code: 'PAYMENT_AMOUNT_DIFFERS' });
  });

  it('tries an unanswered activation three times with the same bytes, then cancels what it may have opened', async () => {
    const silent = { ok: 'unknown', reason: 'timeout' } as const;
    rig.gateway.openAnswers = [silent, silent, silent, silent];
    const id = uuidv7(rig.clock.now());
    await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: NOTICE });
    const answer = await terminal.call('POST', `/api/v1/payments/${id}/activate`, activate);
    expect(answer.body).toMatchObject({ result: 'refused', problem: { class: 'NODE_UNREACHABLE' } });
    const tries = rig.gateway.sentOf('activatePaymentNoticeV2');
    expect(tries).toHaveLength(3);
    expect(new Set(tries.map((request) => request.body + request.idempotencyKey)).size).toBe(1);
    await rig.pass(60_000);
    await rig.pass(60_000);
    await rig.pass(0);
    expect(await terminal.state(id)).toMatchObject({ state: 'cancelled' });
    expect(rig.gateway.sentOf('activatePaymentNoticeV2')).toHaveLength(5);
    expect(rig.gateway.sentOf('sendPaymentOutcomeV2')[0]?.body).toContain('"outcome":"KO"');
  });

  it('never sells a stamp: the session is cancelled at once', async () => {
    rig.gateway.stamp = true;
    const id = uuidv7(rig.clock.now());
    await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: NOTICE });
    const answer = await terminal.call('POST', `/api/v1/payments/${id}/activate`, activate);
    expect(answer.body).toMatchObject({ result: 'refused', problem: { class: 'STAMP_NOT_SOLD' } });
    await rig.pass(0);
    // begun in the background by the answer: it may still be under way
    await expect.poll(() => terminal.state(id)).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    [{ answer: 'already-same' }, 'confirmed', 'none'],
    [{ answer: 'token-expired' }, 'confirmed-late', 'do-not-reverse'],
    [{ answer: 'duplicate' }, 'duplicate', 'reverse'],
    [{ answer: 'already-opposite' }, 'discordant', 'reverse'],
    [{ answer: 'token-unknown' }, 'token-unknown', 'reverse'],
    [{ answer: 'rejected', faultCode: 'PPT_SEMANTICA' }, 'rejected', 'operator'],
  ] as const)('after %o it is %s: %s', async (answer, state, instruction) => {
    rig.gateway.outcomeAnswers = [answer];
    const id = await terminal.activated();
    expect((await terminal.charged(id)).body).toMatchObject({ status: { state, instruction } });
    await rig.pass(3_600_000);
    expect(rig.gateway.sentOf('sendPaymentOutcomeV2')).toHaveLength(1);
  });

  it('verifies a late payment until the node calls it paid', async () => {
    rig.gateway.outcomeAnswers = [{ answer: 'token-expired' }];
    const id = await terminal.activated();
    await terminal.charged(id);
    await rig.pass(10_000);
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed-late' });
    rig.gateway.verifyAnswers = [{ ok: false, problem: { class: 'NOTICE_ALREADY_PAID', retry: 'no' } }];
    await rig.pass(30_000);
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed', instruction: 'none' });
  });

  it('is refunded when the terminal reversed the charge', async () => {
    rig.gateway.outcomeAnswers = [{ answer: 'duplicate' }];
    const id = await terminal.activated();
    await terminal.charged(id);
    const fact = {
      facts: [{ seq: 1, at: rig.clock.now(), fact: { fact: 'charge-reversed', card: rig.card() } }],
    };
    for (let times = 0; times < 2; times++) {
      expect((await terminal.call('POST', `/api/v1/payments/${id}/facts`, fact)).status).toBe(200);
    }
    expect(await terminal.state(id)).toMatchObject({ state: 'refunded' });
    const other = { facts: [{ seq: 1, at: 0, fact: { fact: 'charge-not-made' } }] };
    expect((await terminal.call('POST', `/api/v1/payments/${id}/facts`, other)).body).toMatchObject({
      code: 'FACT_CONTRADICTS',
    });
  });

  it('refuses an outcome that contradicts the first, and gives a late charge back', async () => {
    const id = await terminal.activated();
    await terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'KO', reason: 'left' });
    expect((await terminal.charged(id)).body).toMatchObject({ code: 'OUTCOME_CONTRADICTS', status: 409 });
    expect(await terminal.state(id)).toMatchObject({ state: 'discordant', instruction: 'reverse' });
  });

  it('calls a person again when a question once settled is followed by another', async () => {
    const id = await terminal.activated();
    await rig.pass(600_000 + 30 * 60_000 + 1);
    const person = await rig.signIn();
    const items = async () => (await person.get('/console/api/operator-items')).body;
    expect(await items()).toMatchObject([
      { kind: 'charge-unknown', reason: 'terminal-silent', state: 'open' },
    ]);
    await terminal.charged(id);
    expect(await items()).toMatchObject([{ state: 'closed' }]);
    const unknown = { fact: 'charge-unknown', reason: 'last-result-not-told', amountCents: 12_345 };
    const facts = { facts: [{ seq: 0, at: rig.clock.now(), fact: unknown }] };
    for (let times = 0; times < 2; times++)
      await terminal.call('POST', `/api/v1/payments/${id}/facts`, facts);
    expect(await items()).toMatchObject([
      {
        reason: 'last-result-not-told',
        state: 'open',
        history: [
          { act: 'opened' },
          { act: 'settled' },
          { act: 'opened-again', note: 'last-result-not-told' },
        ],
      },
    ]);
  });

  it('tells a receipt nobody took from a charge nobody knows', async () => {
    const id = await terminal.activated();
    await terminal.charged(id);
    const fact = { fact: 'operator-needed', reason: 'receipt-not-given', amountCents: 12_345 };
    await terminal.call('POST', `/api/v1/payments/${id}/facts`, {
      facts: [{ seq: 0, at: rig.clock.now(), fact }],
    });
    const person = await rig.signIn();
    expect((await person.get('/console/api/operator-items')).body).toMatchObject([
      { kind: 'receipt-missing', state: 'open' },
    ]);
  });

  it('does not take a notice again while a person is finding out whether it was charged', async () => {
    const id = await terminal.activated();
    const verify = async () => {
      const body = { kioskPaymentId: uuidv7(rig.clock.now()), notice: NOTICE };
      return (await terminal.call('POST', '/api/v1/payments/verify', body)).body;
    };
    const fact = { fact: 'charge-unknown', reason: 'last-result-not-told', amountCents: 12_345 };
    await terminal.call('POST', `/api/v1/payments/${id}/facts`, {
      facts: [{ seq: 0, at: rig.clock.now(), fact }],
    });
    expect(await verify()).toMatchObject({
      result: 'refused',
      problem: { class: 'PAYMENT_ALREADY_IN_PROGRESS', faultCode: 'CHARGE_IN_QUESTION' },
    });
    const person = await rig.signIn();
    const [item] = (await person.get('/console/api/operator-items')).body as { id: string }[];
    const route = `/console/api/operator-items/${item?.id}`;
    await person.post(`${route}/take`, {});
    await person.post(`${route}/resolve`, {
      resolution: 'charge-not-found',
      note: 'la banca non ha addebiti',
      proof: 'E-77',
    });
    expect(await verify()).toMatchObject({ result: 'payable' });
  });

  it('goes on with identical body and key after it was killed between store and answer', async () => {
    const id = await terminal.activated();
    rig.gateway.before = () => new Promise(() => undefined);
    const lost = terminal.charged(id);
    while (rig.gateway.sentOf('sendPaymentOutcomeV2').length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [first] = rig.gateway.sentOf('sendPaymentOutcomeV2');
    rig.clock.advance(1_500);
    expect((await lost).body).toMatchObject({ stored: true, status: { state: 'outcome-stored' } });

    const dead = rig.server;
    rig.gateway = new ScriptedGateway({ announces });
    await rig.restart();
    await rig.pass(2_000);
    expect(rig.gateway.sentOf('sendPaymentOutcomeV2')).toEqual([first]);
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed' });
    await rig.pass(3_600_000);
    expect(rig.gateway.sentOf('sendPaymentOutcomeV2')).toHaveLength(1);
    await dead.app.close();
  });
});
