import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChargeResult } from '@jolly/drivers/pos';
import { describe, expect, it } from 'vitest';
import { type Ready, startProcess } from '../process/index.ts';
import { bench, charges, cleanups, driver, pay, reference, settle, until } from './test-bench.ts';

/** Faults with what the driver may say at once, and whether money really moved. */
const faults: readonly {
  readonly action: Record<string, unknown>;
  readonly outcome: ChargeResult['outcome'];
  readonly moved: boolean;
}[] = [
  { action: { action: 'approve' }, outcome: 'approved', moved: true },
  { action: { action: 'decline' }, outcome: 'declined', moved: false },
  { action: { action: 'cancel-at-terminal' }, outcome: 'cancelled', moved: false },
  ...(['Busy', 'UnreachableHost', 'DeviceOut', 'InsertedCard', 'MessageFormat', 'NotAllowed'] as const).map(
    (condition) => ({
      action: { action: 'refuse', condition },
      outcome: 'not-started' as const,
      moved: false,
    }),
  ),
  ...(['WrongPIN', 'InvalidCard', 'PaymentRestriction'] as const).map((condition) => ({
    action: { action: 'refuse', condition },
    outcome: 'declined' as const,
    moved: false,
  })),
  { action: { action: 'refuse', condition: 'Aborted' }, outcome: 'cancelled', moved: false },
  { action: { action: 'doubtful' }, outcome: 'uncertain', moved: true },
  { action: { action: 'lost-answer', charged: true }, outcome: 'uncertain', moved: true },
  { action: { action: 'lost-answer', charged: false }, outcome: 'uncertain', moved: false },
  { action: { action: 'slow', ms: 100 }, outcome: 'approved', moved: true },
  { action: { action: 'slow', ms: 800 }, outcome: 'uncertain', moved: true },
  { action: { action: 'duplicate-result' }, outcome: 'uncertain', moved: true },
  { action: { action: 'malformed', charged: true }, outcome: 'uncertain', moved: true },
  { action: { action: 'malformed', charged: false }, outcome: 'uncertain', moved: false },
  { action: { action: 'http-status', status: 503, charged: true }, outcome: 'uncertain', moved: true },
  { action: { action: 'http-status', status: 401, charged: false }, outcome: 'uncertain', moved: false },
  { action: { action: 'reject' }, outcome: 'not-started', moved: false },
  { action: { action: 'split-bytes' }, outcome: 'approved', moved: true },
  ...[1, 2, 3].flatMap((step) => [
    { action: { action: 'drop-at-step', step }, outcome: 'uncertain' as const, moved: false },
    { action: { action: 'drop-at-step', step, continues: true }, outcome: 'uncertain' as const, moved: true },
  ]),
  ...[4, 5].map((step) => ({
    action: { action: 'drop-at-step', step },
    outcome: 'uncertain' as const,
    moved: true,
  })),
];

for (const kind of ['http', 'sealed'] as const) {
  describe(`a nexo terminal over ${kind}`, () => {
    it.for(faults)('$action: says what it knows, and recovery says what happened', async (fault) => {
      const { action, outcome, moved } = fault;
      const { simulated, pos, act } = await bench(kind);
      expect((await pay(pos, reference(1_000))).result.outcome).toBe('approved');
      act(action);
      const ref = reference(1_250);
      const { result, announced } = await pay(pos, ref);
      expect(result.outcome).toBe(outcome);
      expect(announced).toBe(1);
      await until(() => simulated.state().phase === 'idle');
      expect(charges(simulated)).toBe(moved ? 2 : 1);
      const verdict = await settle(pos, ref);
      expect(verdict.verdict).toBe(moved ? 'charged' : 'not-charged');
      if (verdict.verdict === 'charged') {
        expect(verdict.card).toMatchObject({
          stan: simulated.memory.ledger[1]?.stan,
          posReference: simulated.memory.ledger[1]?.reference,
          amountCents: 1_250,
          maskedPan: '541275******4321',
        });
      }
      // The next citizen pays as if nothing had been.
      act({ action: 'reset' });
      expect((await pay(pos, reference(500))).result.outcome).toBe('approved');
      expect(charges(simulated)).toBe(moved ? 3 : 2);
    });
  });
}

describe('a nexo terminal', () => {
  it('over TLS is trusted by the authority named, and by no other', async () => {
    const { pos, uri } = await bench('https');
    expect(await pos.status()).toEqual({ operative: true, detail: 'ok' });
    expect((await pay(pos, reference(100))).result.outcome).toBe('approved');
    const stranger = driver(uri.replace(/&ca=[^&]*/, ''));
    expect(await pay(stranger, reference(100))).toMatchObject({
      announced: 0,
      result: { outcome: 'not-started', reason: expect.stringMatching(/^link-down:.*SELF_SIGNED/) },
    });
    const renamed = driver(`${uri}&name=another.example`);
    expect((await pay(renamed, reference(100))).result).toEqual({
      outcome: 'not-started',
      reason: 'link-down:ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('hands over receipt lines and evidence', async () => {
    const { pos, simulated } = await bench('http');
    const { result, lines } = await pay(pos, reference(6_50));
    expect(lines).toContain('EUR 6,50');
    // The cashier's copy is nobody's.
    expect(lines.filter((line) => line.startsWith('TML'))).toHaveLength(1);
    expect(result).toMatchObject({
      outcome: 'approved',
      card: {
        posTerminalId: 'SIM-12345678',
        stan: simulated.memory.ledger[0]?.stan,
        authCode: 'A00001',
        cardType: 'credit',
        entry: 'CLI',
        amountCents: 650,
      },
    });
  });

  it('charges once for a message that comes twice', async () => {
    const { pos, simulated } = await bench('http');
    const ref = reference(100);
    const [first, second] = [await pay(pos, ref), await pay(pos, ref)];
    expect(second.result).toEqual(first.result);
    expect(charges(simulated)).toBe(1);
  });

  it('is asked again while it serves, and told to stop', async () => {
    const { pos, simulated, act } = await bench('http', 'result-timeout=0.2');
    act({ action: 'hold-card' });
    const ref = reference(100);
    const running = pay(pos, ref);
    await until(() => simulated.state().phase === 'waiting-card');
    // The long timeout ends in an abort: the terminal is free at once, not after its own timeout.
    expect((await running).result).toEqual({ outcome: 'uncertain', reason: 'silent' });
    await until(() => simulated.state().phase === 'idle', 400);
    act({ action: 'in-progress', times: 2 });
    expect(await pos.recover(ref)).toEqual({ verdict: 'unreachable', reason: 'in-progress' });
    expect(await settle(pos, ref)).toMatchObject({ verdict: 'not-charged', reason: 'Aborted' });
  });

  it('stops waiting for the card when the citizen cancels at the kiosk', async () => {
    const { pos, simulated, act } = await bench('http');
    act({ action: 'hold-card' });
    const stop = new AbortController();
    const running = pay(pos, reference(100), stop.signal);
    await until(() => simulated.state().phase === 'waiting-card');
    stop.abort();
    expect((await running).result).toEqual({ outcome: 'cancelled', reason: 'Aborted' });
    expect(charges(simulated)).toBe(0);
  });

  it('that was cancelled before anything left is not asked at all', async () => {
    const { pos, simulated } = await bench('http');
    expect(await pay(pos, reference(100), AbortSignal.abort())).toMatchObject({
      announced: 0,
      result: { outcome: 'cancelled' },
    });
    expect(simulated.memory.ledger).toEqual([]);
  });

  it('that charged another amount is not believed', async () => {
    const { pos, act } = await bench('http');
    act({ action: 'partial', amountCents: 40 });
    const ref = reference(100);
    expect((await pay(pos, ref)).result).toEqual({ outcome: 'uncertain', reason: 'amount-differs:0.4' });
    expect(await settle(pos, ref)).toMatchObject({ verdict: 'undecidable' });
  });

  it('is not called "not charged" while the message may still arrive', async () => {
    const { pos } = await bench('http', 'settle=600');
    expect(await pos.recover(reference(100))).toEqual({ verdict: 'unreachable', reason: 'may-still-arrive' });
  });

  it('gives back on the same card, once', async () => {
    const { pos, simulated } = await bench('sealed');
    const paid = (await pay(pos, reference(2_000))).result;
    if (paid.outcome !== 'approved') throw new Error(paid.outcome);
    const back = () => pos.reverse(paid.card, {}, { beforeMoney: () => undefined });
    const first = await back();
    expect(first).toMatchObject({
      outcome: 'approved',
      card: { amountCents: 2_000, maskedPan: '541275******4321' },
    });
    expect(first).not.toMatchObject({ card: { stan: paid.card.stan } });
    expect(await back()).toEqual(first);
    expect(simulated.memory.ledger.map(({ kind }) => kind)).toEqual(['charge', 'reversal']);
    expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'reversal' });
    const { posReference: _, ...unknown } = paid.card;
    expect(await pos.reverse(unknown, {}, { beforeMoney: () => undefined })).toEqual({
      outcome: 'not-started',
      reason: 'no-reference',
    });
  });

  it.each([
    [{ action: 'decline', on: 'reversal' }, 'declined', 0],
    [{ action: 'doubtful', on: 'reversal' }, 'uncertain', 1],
    [{ action: 'lost-answer', charged: false, on: 'reversal' }, 'uncertain', 0],
  ] as const)('reversing with %o ends %s', async (action, outcome, reversals) => {
    const { pos, simulated, act } = await bench('http');
    const paid = (await pay(pos, reference(2_000))).result;
    if (paid.outcome !== 'approved') throw new Error(paid.outcome);
    act(action);
    expect((await pos.reverse(paid.card, {}, { beforeMoney: () => undefined })).outcome).toBe(outcome);
    expect(simulated.memory.ledger.filter(({ kind }) => kind === 'reversal')).toHaveLength(reversals);
    const last = await pos.lastTransaction();
    expect(last.found === 'approved' && last.kind === 'reversal').toBe(reversals === 1);
  });

  it('tells its totals, and begins anew when closed', async () => {
    const { pos } = await bench('http');
    await pay(pos, reference(1_999));
    await pay(pos, reference(1));
    expect(await pos.totals()).toEqual({ posTotalCents: 2_000 });
    expect(await pos.closeSession()).toEqual({ posTotalCents: 2_000 });
    expect(await pos.totals()).toEqual({ posTotalCents: 0 });
  });

  it('is signed on to when it wants that', async () => {
    const { pos, act } = await bench('http');
    act({ action: 'logged-out' });
    expect((await pay(pos, reference(100))).result).toEqual({ outcome: 'not-started', reason: 'LoggedOut' });
    expect(await pos.status()).toEqual({ operative: true, detail: 'ok' });
    expect((await pay(pos, reference(100))).result.outcome).toBe('approved');
  });

  it.each([
    [{ action: 'not-operative' }, 'not-operative:Maintenance'],
    [{ action: 'busy' }, 'not-operative:Busy'],
    [{ action: 'silent' }, 'silent'],
  ])('with %o says so before a citizen needs it', async (action, detail) => {
    const { pos, act } = await bench('http', 'answer-timeout=0.2');
    await until(() => pos.health().state === 'ready');
    act(action);
    expect(await pos.status()).toEqual({ operative: false, detail });
    expect(pos.health()).toMatchObject({ state: 'unavailable', reasons: [detail] });
  });

  it('that is unplugged is noticed, and ready again after it was plugged in', async () => {
    const { pos, port } = await bench('http', 'probe=0.05');
    await until(() => pos.health().state === 'ready');
    await port.plug(false);
    await until(() => pos.health().state === 'unavailable');
    expect(await pay(pos, reference(100))).toMatchObject({
      announced: 0,
      result: { outcome: 'not-started', reason: 'link-down:ECONNREFUSED' },
    });
    await port.plug(true);
    expect((await pay(pos, reference(100))).result.outcome).toBe('approved');
    expect((await pos.selfTest()).every(({ ok }) => ok)).toBe(true);
  });

  it('is let go of at once, and what it was doing is uncertain', async () => {
    const { pos, simulated, act } = await bench('http', 'result-timeout=60');
    act({ action: 'hold-card' });
    const running = pay(pos, reference(100));
    await until(() => simulated.state().phase === 'waiting-card');
    await pos.close();
    expect((await running).result).toMatchObject({ outcome: 'uncertain' });
    await expect(pos.status()).rejects.toMatchObject({ code: 'POS_UNREACHABLE' });
  });

  it('with another key than ours is not understood', async () => {
    const { uri, simulated } = await bench('sealed');
    const other = driver(uri.replace(/&key-file=[^&]*/, ''));
    expect((await pay(other, reference(100))).result).toEqual({ outcome: 'uncertain', reason: 'http-400' });
    expect(charges(simulated)).toBe(0);
  });

  it('keeps a fault of the journal from moving money', async () => {
    const { pos, simulated } = await bench('http');
    const broken = () => {
      throw new Error('the disk is full');
    };
    await expect(pos.charge(reference(100), {}, { beforeMoney: broken })).rejects.toThrow('the disk is full');
    expect(simulated.memory.ledger).toEqual([]);
    expect((await pay(pos, reference(100))).result.outcome).toBe('approved');
  });
});

describe('the simulator as a process', () => {
  it('takes actions over HTTP, and remembers over its own restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jolly-nexo-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = (name: string) => join(folder, name);
    const args = [
      '--wire',
      'https:0',
      '--delay',
      '0',
      '--state-file',
      file('pos.json'),
      '--ca-file',
      file('ca.pem'),
    ];
    const start = async () => {
      const process = await startProcess<Ready>(join(import.meta.dirname, 'main.ts'), args);
      cleanups.push(() => process.stop());
      const pos = driver(`nexo+${process.ready.wire}?sale=J1&poi=SIM-12345678&settle=0&ca=${file('ca.pem')}`);
      return { process, pos };
    };
    const first = await start();
    const act = (body: unknown) =>
      fetch(`${first.process.ready.control}/act`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await act({ action: 'explode' })).status).toBe(400);
    expect((await act({ action: 'doubtful' })).status).toBe(200);
    const ref = reference(4_200);
    expect((await pay(first.pos, ref)).result.outcome).toBe('uncertain');
    await first.process.stop('SIGKILL');
    const second = await start();
    expect(await settle(second.pos, ref)).toMatchObject({ verdict: 'charged', card: { amountCents: 4_200 } });
    const state = (await (await fetch(`${second.process.ready.control}/state`)).json()) as { device: object };
    expect(state.device).toMatchObject({ phase: 'idle', ledger: [{ amountCents: 4_200, kind: 'charge' }] });
  });
});
