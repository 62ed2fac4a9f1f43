import type { ChargeResult } from '@jolly/drivers/pos';
import { lrcModes } from '@jolly/drivers/pos/ecr17';
import { describe, expect, it } from 'vitest';
import { bench, charged, lastStan, pay, reference, settle, socat, until } from './test-bench.ts';

/** Faults with what the driver may say at once, and whether money really moved. */
const faults: readonly {
  readonly action: Record<string, unknown>;
  readonly outcome: readonly ChargeResult['outcome'][];
  readonly moved: boolean;
}[] = [
  { action: { action: 'approve' }, outcome: ['approved'], moved: true },
  { action: { action: 'decline' }, outcome: ['declined'], moved: false },
  { action: { action: 'cancel-at-terminal' }, outcome: ['cancelled'], moved: false },
  { action: { action: 'doubtful' }, outcome: ['uncertain'], moved: true },
  { action: { action: 'lost-answer', charged: true }, outcome: ['uncertain'], moved: true },
  { action: { action: 'lost-answer', charged: false }, outcome: ['uncertain'], moved: false },
  { action: { action: 'slow', ms: 1_500 }, outcome: ['approved'], moved: true },
  { action: { action: 'corrupt-lrc-once' }, outcome: ['approved'], moved: true },
  { action: { action: 'duplicate-result' }, outcome: ['approved'], moved: true },
  { action: { action: 'answer-before-ack' }, outcome: ['approved'], moved: true },
  { action: { action: 'delay-ack', ms: 700 }, outcome: ['approved'], moved: true },
  { action: { action: 'split-bytes', how: 'each' }, outcome: ['approved'], moved: true },
  { action: { action: 'split-bytes', how: 'merge' }, outcome: ['approved'], moved: true },
  ...[1, 2, 3, 4].map((step) => ({
    action: { action: 'drop-at-step', step },
    outcome: ['uncertain'] as const,
    moved: false,
  })),
  ...[2, 4].map((step) => ({
    action: { action: 'drop-at-step', step, continues: true },
    outcome: ['uncertain'] as const,
    moved: true,
  })),
  { action: { action: 'drop-at-step', step: 5 }, outcome: ['uncertain'], moved: true },
  ...[6, 7, 8].map((step) => ({
    action: { action: 'drop-at-step', step },
    outcome: ['approved', 'uncertain'] as const,
    moved: true,
  })),
];

for (const kind of ['tcp', 'serial'] as const) {
  describe.skipIf(kind === 'serial' && !socat)(`an ECR17 terminal over ${kind}`, () => {
    it.for(faults)(
      '$action: says what it knows, and recovery says what happened',
      async ({ action, outcome, moved }) => {
        const { simulated, pos, act } = await bench(kind);
        const first = await pay(pos, reference(1_000, await lastStan(pos)));
        expect(first.result.outcome).toBe('approved');
        act(action);
        const ref = reference(1_250, await lastStan(pos));
        const { result, announced } = await pay(pos, ref);
        expect(outcome).toContain(result.outcome);
        expect(announced).toBe(1);
        await until(() => simulated.state().phase === 'idle');
        expect(charged(simulated)).toBe(moved ? 2 : 1);
        const verdict = await settle(pos, ref);
        expect(verdict.verdict).toBe(moved ? 'charged' : 'not-charged');
        if (verdict.verdict === 'charged') {
          expect(verdict.card).toMatchObject({
            stan: '000002',
            amountCents: 1_250,
            maskedPan: '541275******4321',
          });
        }
        // The next citizen pays as if nothing had been.
        act({ action: 'reset' });
        const next = await pay(pos, reference(500, await lastStan(pos)));
        expect(next.result.outcome).toBe('approved');
        expect(charged(simulated)).toBe(moved ? 3 : 2);
      },
    );

    it('hands over progress, receipt lines and evidence', async () => {
      const { pos } = await bench(kind);
      const { result, progress, lines } = await pay(pos, reference(6_50, await lastStan(pos)));
      expect(progress).toEqual(['AVVICINARE CARTA', 'ELABORAZIONE...']);
      expect(lines).toContain('                EUR 6,50');
      expect(lines.some((line) => line.startsWith('TML') && line.endsWith('12345678'))).toBe(true);
      expect(result).toMatchObject({
        outcome: 'approved',
        card: {
          posTerminalId: '12345678',
          stan: '000001',
          cardType: 'credit',
          entry: 'CLI',
          amountCents: 650,
        },
      });
      if (result.outcome === 'approved')
        expect(Math.abs(result.card.chargedAt - Date.now())).toBeLessThan(90_000);
    });

    it('is refused for good by a NAK, without money and without repetition', async () => {
      const { simulated, pos, act } = await bench(kind);
      const ref = reference(900, await lastStan(pos));
      act({ action: 'nak-all' });
      expect((await pay(pos, ref)).result).toEqual({ outcome: 'not-started', reason: 'nak' });
      expect(charged(simulated)).toBe(0);
    });

    it('does not start with a silent or inoperative terminal', async () => {
      const { pos, act } = await bench(kind);
      await pos.status();
      act({ action: 'not-operative', status: 5 });
      expect((await pay(pos, reference(900, undefined))).result).toEqual({
        outcome: 'not-started',
        reason: 'not-operative:dll-pending',
      });
      expect(await pos.status()).toEqual({ operative: false, detail: 'dll-pending' });
      expect(pos.health()).toMatchObject({ state: 'unavailable', reasons: ['not-operative:dll-pending'] });
      act({ action: 'reset' });
      act({ action: 'silent' });
      const { result, announced } = await pay(pos, reference(900, undefined));
      expect(result).toEqual({ outcome: 'not-started', reason: 'silent' });
      expect(announced).toBe(0);
      expect(pos.health().counters).toMatchObject({ retransmissions: 3, timeouts: 4 });
    });

    it('reverses the last payment, once', async () => {
      const { simulated, pos } = await bench(kind);
      const { result } = await pay(pos, reference(700, await lastStan(pos)));
      if (result.outcome !== 'approved') throw new Error(result.outcome);
      const undo = () => pos.reverse(result.card, {}, { beforeMoney: () => undefined });
      expect(await undo()).toMatchObject({ outcome: 'approved', card: { stan: '000002', amountCents: 700 } });
      expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'reversal' });
      expect(await undo()).toMatchObject({ outcome: 'declined', reason: 'STORNO NON POSSIBILE' });
      expect(simulated.memory.ledger.map((entry) => entry.kind)).toEqual(['charge', 'reversal']);
    });

    it('tells totals, closes the session and passes its self-test', async () => {
      const { pos } = await bench(kind);
      await pay(pos, reference(700, await lastStan(pos)));
      expect(await pos.totals()).toEqual({ posTotalCents: 700 });
      expect(await pos.closeSession()).toEqual({ posTotalCents: 700, hostTotalCents: 700 });
      expect(await pos.totals()).toEqual({ posTotalCents: 0 });
      const steps = await pos.selfTest();
      expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
        ['link', true],
        ['lrc', true],
        ['status', true],
        ['clock', true],
        ['totals', true],
      ]);
    });

    it.for(lrcModes)('finds LRC mode %s by itself', async (lrc) => {
      const { pos } = await bench(kind, { lrc, settings: 'lrc=auto&ack-timeout=0.4&result-timeout=1.2' });
      await until(() => pos.health().state === 'ready');
      expect((await pay(pos, reference(300, await lastStan(pos)))).result.outcome).toBe('approved');
      expect(pos.terminalId).toBe('12345678');
      expect((await pos.selfTest())[1]).toMatchObject({ name: 'lrc', detail: lrc });
    });

    it('serves one call at a time', async () => {
      const { pos, act, simulated } = await bench(kind);
      act({ action: 'hold-card' });
      const running = pay(pos, reference(300, await lastStan(pos)));
      await until(() => simulated.state().phase === 'waiting-card');
      await expect(pay(pos, reference(300, undefined))).rejects.toMatchObject({ code: 'POS_BUSY' });
      await expect(pos.status()).rejects.toMatchObject({ code: 'POS_BUSY' });
      act({ action: 'present-card' });
      expect((await running).result.outcome).toBe('approved');
      expect(charged(simulated)).toBe(1);
    });

    it('is cancelled before the command leaves, and by the terminal alone after it', async () => {
      const { pos, act, simulated } = await bench(kind);
      const last = await lastStan(pos);
      const gone = new AbortController();
      gone.abort();
      let announced = 0;
      const options = { beforeMoney: () => void announced++, signal: gone.signal };
      expect(await pos.charge(reference(300, last), {}, options)).toEqual({
        outcome: 'cancelled',
        reason: 'before-sending',
      });
      expect(announced).toBe(0);
      act({ action: 'hold-card' });
      const late = new AbortController();
      const running = pos.charge(
        reference(300, last),
        {},
        { beforeMoney: () => late.abort(), signal: late.signal },
      );
      await until(() => simulated.state().phase === 'waiting-card');
      act({ action: 'present-card' });
      expect((await running).outcome).toBe('approved');
    });

    it('tells a card that never came apart from a refusal', async () => {
      const { pos, act } = await bench(kind);
      act({ action: 'hold-card' });
      const { result } = await pay(pos, reference(300, await lastStan(pos)));
      expect(result).toEqual({ outcome: 'cancelled', reason: 'TEMPO SCADUTO' });
    });

    it('does not take an older transaction for the lost one', async () => {
      const { pos, act } = await bench(kind);
      await pay(pos, reference(300, await lastStan(pos)));
      const ref = reference(300, await lastStan(pos));
      await pay(pos, ref);
      act({ action: 'older-stan-on-g' });
      expect(await settle(pos, ref)).toEqual({ verdict: 'not-charged', reason: 'same-stan' });
    });
  });
}
