import { cents, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTICE, Rig, ScriptedGateway, type TestTerminal } from '../testing/index.ts';

describe('the announcement of a charge', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  let id: string;

  beforeEach(async () => {
    rig = new Rig();
    rig.gateway = new ScriptedGateway({ announces: true });
    await rig.start();
    terminal = await rig.terminal();
    id = uuidv7(rig.clock.now());
    await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: NOTICE });
  });
  afterEach(() => rig.close());

  const activate = async () => {
    const wanted = { notice: NOTICE, amountCents: 12_345 };
    return (await terminal.call('POST', `/api/v1/payments/${id}/activate`, wanted)).body;
  };
  const announced = () => rig.gateway.sentOf('announce');

  it('is made before the terminal hears of the session, once however often that is asked for', async () => {
    for (let times = 0; times < 2; times++) await activate();
    expect(await activate()).toMatchObject({ result: 'activated' });
    expect(announced()).toHaveLength(1);
  });

  it('is repeated byte by byte when its answer was lost', async () => {
    rig.gateway.announceAnswers = [{ ok: 'unknown', reason: 'lost' }];
    expect(await activate()).toMatchObject({ result: 'activated' });
    expect(announced()).toHaveLength(2);
    expect(announced()[1]).toEqual(announced()[0]);
  });

  it.each([
    ['refused', [{ ok: false, faultCode: 'MIL_008000033' }] as const, 1],
    ['never answered', Array.from({ length: 3 }, () => ({ ok: 'unknown', reason: 'lost' }) as const), 3],
  ])('%s: no card may follow, and the session is cancelled', async (_name, answers, tries) => {
    rig.gateway.announceAnswers = [...answers];
    expect(await activate()).toMatchObject({
      result: 'refused',
      problem: { class: 'NODE_UNREACHABLE' },
    });
    await rig.pass(0);
    expect(announced()).toHaveLength(tries);
    const [outcome] = rig.gateway.sentOf('sendPaymentOutcomeV2');
    expect(JSON.parse(outcome?.body ?? '')).toMatchObject({ outcome: 'KO', announced: false });
    expect(await terminal.state(id)).toMatchObject({ state: 'cancelled' });
  });

  it('goes on after a kill in the middle; until then nobody is told of a session', async () => {
    rig.gateway.before = (request) =>
      request.operation === 'announce' ? new Promise(() => undefined) : undefined;
    const lost = activate();
    while (announced().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await terminal.state(id)).not.toHaveProperty('activation');
    const [first] = announced();

    const dead = rig.server;
    rig.gateway = new ScriptedGateway({ announces: true });
    await rig.restart();
    expect(await activate()).toMatchObject({ result: 'activated' });
    expect(announced()).toEqual([first]);
    expect(rig.gateway.sentOf('activatePaymentNoticeV2')).toHaveLength(0);
    void lost;
    void dead;
  });

  it('left open by a terminal that never came back ends the session', async () => {
    rig.gateway.before = (request) =>
      request.operation === 'announce' ? new Promise(() => undefined) : undefined;
    void activate();
    while (announced().length === 0) await new Promise((resolve) => setImmediate(resolve));
    rig.gateway = new ScriptedGateway({ announces: true });
    await rig.restart();
    await rig.pass(180_000);
    await rig.pass(0);
    expect(await terminal.state(id)).toMatchObject({ state: 'cancelled' });
    expect(announced()).toHaveLength(0);
  });
});

describe('a fee', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  afterEach(() => rig.close());

  const activated = async (fee: 'none' | 'citizen') => {
    rig = new Rig();
    rig.gateway.capabilities = { ...rig.gateway.capabilities, fee };
    rig.gateway.feeCents = cents(150);
    await rig.start();
    terminal = await rig.terminal();
    const id = uuidv7(rig.clock.now());
    await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: NOTICE });
    const wanted = { notice: NOTICE, amountCents: 12_345 };
    const { body } = await terminal.call('POST', `/api/v1/payments/${id}/activate`, wanted);
    return { id, body };
  };
  const told = () => JSON.parse(rig.gateway.sentOf('sendPaymentOutcomeV2')[0]?.body ?? '');

  it('of the citizen is on top of the amount, in the charge and in the outcome', async () => {
    const { id, body } = await activated('citizen');
    expect(body).toMatchObject({
      activation: { amountCents: 12_345, feeCents: 150, totalCents: 12_495 },
    });
    expect((await terminal.charged(id)).body).toMatchObject({ code: 'CHARGE_DIFFERS' });
    await rig.close();
    const other = await activated('citizen');
    const done = await terminal.charged(other.id, { amountCents: cents(12_495) });
    expect(done.body).toMatchObject({ status: { state: 'confirmed' } });
    expect(told()).toMatchObject({ outcome: 'OK', feeCents: 150 });
  });

  it('is nothing to the citizen where the creditor bears it, whatever the platform suggests', async () => {
    const { id, body } = await activated('none');
    expect(body).toMatchObject({ activation: { feeCents: 0, totalCents: 12_345 } });
    await terminal.charged(id);
    expect(told()).toMatchObject({ feeCents: 0 });
  });
});
