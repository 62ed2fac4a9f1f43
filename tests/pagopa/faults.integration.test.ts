import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cents } from '@jolly/contracts/values';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { startProcess } from '@jolly/simulators/process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingGateway } from './gateway.ts';

interface Ready {
  readonly url: string;
  readonly control: string;
}
const script = resolve(import.meta.dirname, '../../simulators/pagopa-node/main.ts');

async function control<Answer>(base: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${base}/control/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return (await response.json()) as Answer;
}

let simulator: NodeSimulator;
let wire: ReturnType<typeof recordingGateway>;
beforeAll(async () => {
  simulator = await startNodeSimulator({ settings: { creditorTimeoutMs: 20 } });
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.node.reset();
  simulator.faults.set({ mode: 'none' });
  wire = recordingGateway(simulator.url, {
    timeouts: { connectMs: 2_000, verifyMs: 500, activateMs: 500, outcomeMs: 500 },
  });
});

const first = () => {
  const position = simulator.node.books.all()[0];
  if (!position) throw new Error('no notice');
  return position;
};
const prepare = () => wire.gateway.prepareOpen(first().notice, cents(12_345), 600_000);
const outcome = (paymentToken: string, gateway = wire.gateway) =>
  gateway.prepareOutcome({
    paymentToken,
    outcome: 'OK',
    feeCents: cents(0),
    paymentMethod: 'bancomat',
    applicationDate: '2026-11-21',
    kioskPaymentId: '01a2b3c4-0000-7000-8000-000000000001',
    localTime: '2026-11-21T10:15:30',
    announced: false,
  });

describe('a wire that fails (pagopa.md 10.7)', () => {
  const cases = [
    ['drop-before', 'NODE_CONNECTION_LOST', false],
    ['drop-after', 'NODE_CONNECTION_LOST', true],
    ['reset', 'NODE_CONNECTION_LOST', false],
    ['delay', 'NODE_ANSWER_TIMEOUT', true],
    ['http-429', 'NODE_HTTP_STATUS 429', false],
    ['http-500', 'NODE_HTTP_STATUS 500', false],
    ['http-503', 'NODE_HTTP_STATUS 503', false],
    ['malformed', 'SOAP_NOT_XML', true],
  ] as const;

  it.each(cases)('%s: nobody knows, and the same request finds out', async (mode, reason, processed) => {
    const fault = { mode, count: 1, ...(mode === 'delay' && { delayMs: 1_200 }) };
    const request = prepare();
    simulator.faults.set({ ...fault, operation: 'activate' });
    expect(await wire.gateway.sendOpen(request)).toEqual({ ok: 'unknown', reason });
    expect(first().state).toBe(processed ? 'PAYING' : 'INSERTED');
    const opened = await wire.gateway.sendOpen(request);
    if (opened.ok !== true) throw new Error('not opened');

    const said = outcome(opened.paymentToken);
    simulator.faults.set({ ...fault, operation: 'outcome' });
    expect(await wire.gateway.sendOutcome(said)).toEqual({ answer: 'unreachable', reason });
    expect(first().state).toBe(processed ? 'PAID' : 'PAYING');
    expect(await wire.gateway.sendOutcome(said)).toEqual({ answer: 'ok' });
    expect(first().acquisitions).toHaveLength(1);
  });

  it('a request delivered twice opens once and pays once', async () => {
    simulator.faults.set({ mode: 'duplicate' });
    const opened = await wire.gateway.sendOpen(prepare());
    if (opened.ok !== true) throw new Error('not opened');
    expect(await wire.gateway.sendOutcome(outcome(opened.paymentToken))).toEqual({ answer: 'ok' });
    expect(first().acquisitions).toHaveLength(1);
    expect(simulator.node.books.outcomes()[opened.paymentToken]).toHaveLength(2);
  });

  it('verify is sent again after a broken connection, twice at most', async () => {
    simulator.faults.set({ mode: 'drop-after', count: 2 });
    expect(await wire.gateway.verify(first().notice)).toMatchObject({ ok: true });
    expect(wire.sent).toHaveLength(3);
    simulator.faults.set({ mode: 'reset' });
    expect(await wire.gateway.verify(first().notice)).toEqual({
      ok: false,
      problem: { class: 'NODE_UNREACHABLE', faultCode: 'NODE_CONNECTION_LOST', retry: 'later' },
    });
    expect(wire.sent).toHaveLength(6);
  });

  it('a creditor that was silent once is asked again', async () => {
    const silent = simulator.node.books.all().find(({ notice }) => notice.scenario === 'creditor-silent');
    if (!silent) throw new Error('no silent creditor');
    expect(await wire.gateway.verify(silent.notice)).toMatchObject({
      problem: { class: 'CREDITOR_PROBLEMS' },
    });
    expect(wire.sent).toHaveLength(2);
  });

  it('nobody there: the connection is refused at once', async () => {
    const gone = await startNodeSimulator();
    await gone.close();
    wire = recordingGateway(gone.url);
    expect(await wire.gateway.verify(first().notice)).toMatchObject({
      problem: { class: 'NODE_UNREACHABLE', faultCode: 'NODE_CONNECT_FAILED' },
    });
  });

  it('the node itself answers in under 3 ms', async () => {
    await wire.gateway.verify(first().notice);
    const bytes = Buffer.from(wire.sent[0] ?? '');
    const times: number[] = [];
    for (let round = 0; round < 60; round++) {
      const before = performance.now();
      await simulator.node.handle(bytes, undefined);
      times.push(performance.now() - before);
    }
    // The best of many: a machine that does other things cannot make it better.
    expect(Math.min(...times)).toBeLessThan(3);
  });
});

describe('the node as a process', () => {
  it('is driven by its control and keeps its books and ports across a kill', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'node-')), 'node.json');
    const started = await startProcess<Ready>(script, ['--state-file', stateFile]);
    const { url, control: base } = started.ready;
    type Row = { noticeNumber: string; creditorTaxCode: string; qr: string; state: string; scenario: string };
    const notices = await control<Row[]>(base, 'notices');
    expect(notices[0]).toMatchObject({
      noticeNumber: '302000120456789276',
      qr: 'PAGOPA|002|302000120456789276|84006890481|12345',
      state: 'INSERTED',
      scenario: 'payable',
    });
    const added = await control<Row>(base, 'notices', { amountCents: 700, beneficiaries: 2 });
    const { gateway } = recordingGateway(url);
    const request = gateway.prepareOpen(added, cents(700), 60_000);
    const opened = await gateway.sendOpen(request);
    if (opened.ok !== true) throw new Error('not opened');
    await started.stop('SIGKILL');

    const again = await startProcess<Ready>(script, ['--state-file', stateFile]);
    try {
      expect(again.ready).toMatchObject({ url, control: base });
      expect(await gateway.sendOpen(request)).toEqual(opened);
      await control(base, 'clock', { offsetMs: 60_000 });
      expect(await control(base, 'expire-job', {})).toEqual({ expired: 1 });
      expect(await gateway.sendOutcome(outcome(opened.paymentToken, gateway))).toEqual({
        answer: 'token-expired',
      });
      const ledger = await control<{ paid: { token: string; timesAcquired: number; late: boolean }[] }>(
        base,
        'ledger',
      );
      expect(ledger.paid.find(({ token }) => token === opened.paymentToken)).toMatchObject({
        timesAcquired: 1,
        late: true,
        psp: 'BDIMITMM',
      });
      expect(await control(base, 'pay-elsewhere', { noticeNumber: added.noticeNumber })).toMatchObject({
        code: 'NOTICE_PAID',
      });
      expect(await control(base, 'faults', { mode: 'nonsense' })).toMatchObject({
        code: 'ORDER_INVALID',
        faults: [{ path: 'mode' }],
      });
      expect(await control(base, 'reset', {})).toMatchObject({ notices: notices.length });
    } finally {
      await again.stop();
    }
  });
});
