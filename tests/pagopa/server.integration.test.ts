import { uuidv7 } from '@jolly/contracts/values';
import type { Rig, TestTerminal } from '@jolly/fleet-server/testing';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { milConfig, rigOf, soapConfig } from './rest-gateways.ts';

let simulator: NodeSimulator;
beforeAll(async () => {
  simulator = await startNodeSimulator();
});
afterAll(() => simulator.close());

/** The whole server over each way to the node: what the terminal sees must be the same. */
describe.each(['node-soap', 'mil'] as const)('payments of the server over %s', (kind) => {
  let rig: Rig;
  let terminal: TestTerminal;
  const faults = () => (kind === 'mil' ? simulator.mil.faults : simulator.faults);
  const notice = (label = 'TARI 2026, seconda rata') => {
    const found = simulator.node.books.all().find((position) => position.notice.label === label);
    if (!found) throw new Error(`no notice ${label}`);
    const { noticeNumber, creditorTaxCode } = found.notice;
    return { noticeNumber, creditorTaxCode };
  };
  const position = () => simulator.node.books.position(notice().creditorTaxCode, notice().noticeNumber);
  const start = async (more: object = {}) => {
    rig = await rigOf(kind === 'mil' ? milConfig(simulator, more) : soapConfig(simulator, more)).start();
    terminal = await rig.terminal();
  };
  const pass = async (ms: number) => {
    await rig.pass(ms);
    // What the clock made due is sent over real sockets.
    await rig.server.payments.worker.runDue();
  };

  beforeEach(async () => {
    simulator.node.reset();
    simulator.mil.service.reset();
    simulator.faults.set({ mode: 'none' });
    simulator.mil.faults.set({ mode: 'none' });
    simulator.node.settings.suggestedFeeCents = 0;
    await start();
  });
  afterEach(() => rig.close());

  it('charged: confirmed, and in the books once', async () => {
    const id = await terminal.activated(12_345, notice());
    expect(await terminal.state(id)).toMatchObject({
      state: 'activated',
      activation: {
        description: 'TARI 2026 - seconda rata',
        creditorName: 'Comune di Prato',
        iuv: '02000120456789276',
      },
    });
    expect((await terminal.charged(id)).body).toMatchObject({ status: { state: 'confirmed' } });
    expect(position()).toMatchObject({ state: 'PAID', acquisitions: [{ late: false }] });
  });

  it('left: cancelled, and the notice is free', async () => {
    const id = await terminal.activated(12_345, notice());
    await terminal.call('POST', `/api/v1/payments/${id}/outcome`, { outcome: 'KO', reason: 'left' });
    await pass(0);
    expect(await terminal.state(id)).toMatchObject({ state: 'cancelled' });
    expect(position()?.state).toBe('INSERTED');
  });

  it.each(['drop-before', 'drop-after', 'http-503'] as const)(
    'outcome, %s: stored, and confirmed by the next try',
    async (mode) => {
      const id = await terminal.activated(12_345, notice());
      faults().set({ mode, operation: 'outcome', count: 1 });
      const { body } = await terminal.charged(id);
      expect(body).toMatchObject({ stored: true, status: { state: 'outcome-stored' } });
      await pass(2_000);
      expect(await terminal.state(id)).toMatchObject({ state: 'confirmed' });
      expect(position()?.acquisitions).toHaveLength(1);
    },
  );

  it('activation, answer lost: the same session', async () => {
    faults().set({ mode: 'drop-after', operation: 'activate', count: 1 });
    const id = await terminal.activated(12_345, notice());
    expect(await terminal.state(id)).toMatchObject({
      state: 'activated',
      activation: { paymentToken: position()?.holder },
    });
  });

  it('activation never heard: nobody is charged, and a session found later is cancelled', async () => {
    faults().set({ mode: 'drop-after', operation: 'activate' });
    const id = uuidv7(rig.clock.now());
    await terminal.call('POST', '/api/v1/payments/verify', { kioskPaymentId: id, notice: notice() });
    const wanted = { notice: notice(), amountCents: 12_345 };
    const answer = await terminal.call('POST', `/api/v1/payments/${id}/activate`, wanted);
    expect(answer.body).toMatchObject({ result: 'refused', problem: { class: 'NODE_UNREACHABLE' } });
    expect(position()?.state).toBe('PAYING');
    faults().set({ mode: 'none' });
    await pass(60_000);
    await pass(0);
    expect(await terminal.state(id)).toMatchObject({ state: 'cancelled' });
    expect(position()?.state).toBe('INSERTED');
  });

  it('another PSP has paid: money back where the node says so, a person where it does not', async () => {
    const id = await terminal.activated(12_345, notice());
    const found = position();
    expect(found && simulator.node.payElsewhere(found)).toBe(true);
    const { body } = await terminal.charged(id);
    expect(body).toMatchObject({
      status:
        kind === 'mil'
          ? { state: 'rejected', instruction: 'operator' }
          : { state: 'duplicate', instruction: 'reverse' },
    });
  });

  it('killed after the activation: another process goes on', async () => {
    const id = await terminal.activated(12_345, notice());
    await rig.restart();
    expect((await terminal.charged(id)).body).toMatchObject({ status: { state: 'confirmed' } });
    expect(position()?.acquisitions).toHaveLength(1);
  });

  it('a fee of the citizen is charged on top, and known before the card', async () => {
    await rig.close();
    simulator.node.settings.suggestedFeeCents = 150;
    simulator.mil.service.settings.fees = { PAYMENT_CARD: 150 };
    await start({ fee: 'citizen' });
    const id = await terminal.activated(12_345, notice());
    expect(await terminal.state(id)).toMatchObject({
      activation: { amountCents: 12_345, feeCents: 150, totalCents: 12_495 },
    });
    const paid = await terminal.charged(id, { amountCents: 12_495 as never });
    expect(paid.body).toMatchObject({ status: { state: 'confirmed' } });
  });
});

describe('payments of the server over MIL', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  beforeEach(async () => {
    simulator.node.reset();
    simulator.mil.service.reset();
    simulator.mil.faults.set({ mode: 'none' });
    simulator.mil.exchanges.length = 0;
    rig = await rigOf(milConfig(simulator)).start();
    terminal = await rig.terminal();
  });
  afterEach(() => rig.close());
  const notice = { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' };

  it('the charge is announced before the terminal hears of the session', async () => {
    simulator.mil.faults.set({ mode: 'drop-after', operation: 'pre-close', count: 1 });
    await terminal.activated(12_345, notice);
    expect(simulator.mil.service.transactions).toMatchObject([{ status: 'PRE_CLOSE', totalCents: 12_345 }]);
  });

  it('a result still to come is asked for at MIL’s pace', async () => {
    simulator.mil.service.settings.stuck = true;
    const id = await terminal.activated(12_345, notice);
    await terminal.charged(id);
    const asked = () => simulator.mil.exchanges.filter(({ operation }) => operation === 'status').length;
    const before = asked();
    await rig.pass(29_000);
    expect(asked()).toBe(before);
    const [transaction] = simulator.mil.service.transactions;
    simulator.mil.service.setStatus(transaction?.transactionId ?? '', 'CLOSED');
    await rig.pass(1_000);
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed' });
    const outcomes = simulator.mil.exchanges.filter(({ operation }) => operation === 'outcome');
    expect(outcomes).toHaveLength(1);
  });
});
