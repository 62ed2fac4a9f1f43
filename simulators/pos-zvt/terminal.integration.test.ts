import type { ChargeResult } from '@jolly/drivers/pos';
import { describe, expect, it } from 'vitest';
import { bench, charged, type Kind, lastStan, pay, reference, settle, socat, until } from './test-bench.ts';

/** Faults with what the driver may say at once, and whether money really moved for good. */
const faults: readonly {
  readonly action: Record<string, unknown>;
  readonly outcome: readonly ChargeResult['outcome'][];
  readonly moved: boolean;
  readonly only?: Kind;
}[] = [
  { action: { action: 'approve' }, outcome: ['approved'], moved: true },
  { action: { action: 'decline' }, outcome: ['declined'], moved: false },
  { action: { action: 'cancel-at-terminal' }, outcome: ['cancelled'], moved: false },
  { action: { action: 'doubtful' }, outcome: ['uncertain'], moved: true },
  { action: { action: 'lost-answer', charged: true }, outcome: ['uncertain'], moved: true },
  { action: { action: 'lost-answer', charged: false }, outcome: ['uncertain'], moved: false },
  { action: { action: 'slow', ms: 1_500 }, outcome: ['approved'], moved: true },
  { action: { action: 'corrupt-crc-once' }, outcome: ['approved'], moved: true, only: 'serial' },
  { action: { action: 'duplicate-result' }, outcome: ['approved'], moved: true },
  { action: { action: 'answer-before-ack' }, outcome: ['approved'], moved: true },
  { action: { action: 'delay-ack', ms: 200 }, outcome: ['approved'], moved: true },
  { action: { action: 'delay-ack', ms: 1_000 }, outcome: ['uncertain'], moved: false },
  { action: { action: 'abort-after-approval' }, outcome: ['uncertain'], moved: false },
  { action: { action: 'split-bytes', how: 'each' }, outcome: ['approved'], moved: true },
  { action: { action: 'split-bytes', how: 'merge' }, outcome: ['approved'], moved: true },
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((step) =>
    [false, true].map((continues) => ({
      action: { action: 'drop-at-step', step, continues },
      outcome: ['uncertain'] as const,
      moved: false,
      // On a serial line every drop is the same silence, and each costs its whole time limit.
      ...((continues || step % 3 !== 1) && { only: 'tcp' as const }),
    })),
  ),
  { action: { action: 'drop-at-step', step: 8 }, outcome: ['uncertain'], moved: true },
];

for (const kind of ['tcp', 'serial'] as const) {
  describe.skipIf(kind === 'serial' && !socat)(`a ZVT terminal over ${kind}`, () => {
    it.for(faults.filter(({ only = kind }) => only === kind))(
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
        const verdict = await settle(pos, ref);
        expect(verdict.verdict).toBe(moved ? 'charged' : 'not-charged');
        expect(charged(simulated)).toBe(moved ? 2 : 1);
        if (verdict.verdict === 'charged') {
          expect(verdict.card).toMatchObject({
            stan: '000002',
            receiptNumber: '0002',
            amountCents: 1_250,
            maskedPan: '************4321',
          });
        }
        // The next citizen pays as if nothing had been.
        act({ action: 'reset' });
        const next = await pay(pos, reference(500, await lastStan(pos)));
        expect(next.result.outcome).toBe('approved');
        expect(charged(simulated)).toBe(moved ? 3 : 2);
      },
    );

    it('hands over progress, the cardholder’s receipt and evidence', async () => {
      const { pos } = await bench(kind);
      const { result, progress, lines } = await pay(pos, reference(6_50, await lastStan(pos)));
      expect(progress).toEqual(['AVVICINARE CARTA', 'ELABORAZIONE...']);
      expect(lines.filter((line) => line.includes('PAGAMENTO'))).toEqual(['       PAGAMENTO']);
      expect(lines).toContain('EUR                 6,50');
      expect(result).toMatchObject({
        outcome: 'approved',
        card: {
          posTerminalId: '29001006',
          stan: '000001',
          receiptNumber: '0001',
          authCode: 'A00001',
          cardType: 'credit',
          entry: 'CLI',
          amountCents: 650,
        },
      });
      if (result.outcome === 'approved')
        expect(Math.abs(result.card.chargedAt - Date.now())).toBeLessThan(5_000);
      expect(pos.terminalId).toBe('29001006');
    });

    it('prints line by line where the terminal does not know blocks, and not at all where it prints itself', async () => {
      const { pos } = await bench(kind, { settings: 'config=3e' });
      expect((await pay(pos, reference(650, undefined))).lines).toContain('EUR                 6,50');
      const own = await bench(kind, { settings: 'print=pos' });
      const { result, lines } = await pay(own.pos, reference(650, undefined));
      expect([result.outcome, lines]).toEqual(['approved', []]);
    });

    it.for([
      [{ action: 'refuse-all' }, 'refused:protocol-error'],
      [{ action: 'no-paper' }, 'printer-not-ready'],
      [{ action: 'not-operative' }, 'not-operative:end-of-day-needed'],
    ] as const)('%j: nothing is begun', async ([action, reason]) => {
      const { simulated, pos, act } = await bench(kind);
      const ref = reference(900, await lastStan(pos));
      act(action);
      expect((await pay(pos, ref)).result).toEqual({ outcome: 'not-started', reason });
      expect(charged(simulated)).toBe(0);
    });

    it('does not start with a silent terminal', async () => {
      const { pos, act } = await bench(kind);
      await pos.status();
      act({ action: 'not-operative', status: 0xc2 });
      expect(await pos.status()).toEqual({ operative: false, detail: 'diagnosis-needed' });
      expect(pos.health()).toMatchObject({ reasons: ['not-operative:diagnosis-needed'] });
      act({ action: 'reset' });
      act({ action: 'silent' });
      const { result, announced } = await pay(pos, reference(900, undefined));
      expect(result).toEqual({ outcome: 'not-started', reason: 'silent' });
      expect(announced).toBe(0);
    });

    it('reverses a payment by its receipt number, once', async () => {
      const { simulated, pos } = await bench(kind);
      const { result } = await pay(pos, reference(700, await lastStan(pos)));
      if (result.outcome !== 'approved') throw new Error(result.outcome);
      const undo = () => pos.reverse(result.card, {}, { beforeMoney: () => undefined });
      expect(await undo()).toMatchObject({ outcome: 'approved', card: { stan: '000002', amountCents: 700 } });
      expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'reversal' });
      expect(await undo()).toMatchObject({ outcome: 'declined', reason: 'GIA STORNATO', actionCode: 'B4' });
      expect(simulated.memory.ledger.map((entry) => entry.kind)).toEqual(['charge', 'reversal']);
    });

    it('tells whether a reversal whose answer was lost was done', async () => {
      const { pos, act, simulated } = await bench(kind);
      const { result } = await pay(pos, reference(700, await lastStan(pos)));
      if (result.outcome !== 'approved') throw new Error(result.outcome);
      act({ action: 'lost-answer', charged: false, on: 'reversal' });
      const undo = () => pos.reverse(result.card, {}, { beforeMoney: () => undefined });
      expect((await undo()).outcome).toBe('uncertain');
      await until(() => simulated.state().phase === 'idle');
      expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'payment' });
      act({ action: 'doubtful', on: 'reversal' });
      expect((await undo()).outcome).toBe('uncertain');
      await until(() => simulated.state().phase === 'idle');
      expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'reversal' });
    });

    it('tells totals, closes the day and passes its self-test', async () => {
      const { pos } = await bench(kind);
      await pay(pos, reference(700, await lastStan(pos)));
      expect(await pos.totals()).toEqual({ posTotalCents: 700 });
      expect(await pos.closeSession()).toEqual({ posTotalCents: 700 });
      expect(await pos.totals()).toEqual({ posTotalCents: 0 });
      // A closed day is a baseline like any other.
      const ref = reference(300, await lastStan(pos));
      expect(ref.lastStan).toMatch(/^E\d{10}$/);
      expect(await settle(pos, ref)).toEqual({ verdict: 'not-charged', reason: 'same-transaction' });
      const steps = await pos.selfTest();
      expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
        ['link', true],
        ['registration', true],
        ['status', true],
        ['diagnosis', true],
        ['totals', true],
      ]);
    });

    it('serves one call at a time', async () => {
      const { pos, act, simulated } = await bench(kind);
      act({ action: 'hold-card' });
      const running = pay(pos, reference(300, await lastStan(pos)));
      await until(() => simulated.state().phase === 'waiting-card');
      await expect(pay(pos, reference(300, undefined))).rejects.toMatchObject({ code: 'POS_BUSY' });
      act({ action: 'present-card' });
      expect((await running).result.outcome).toBe('approved');
      expect(charged(simulated)).toBe(1);
    });

    it('is cancelled before the command, and while a card is awaited; after that the terminal decides', async () => {
      const { pos, act, simulated } = await bench(kind);
      const last = await lastStan(pos);
      const gone = new AbortController();
      gone.abort();
      let announced = 0;
      const beforeMoney = () => void announced++;
      expect(await pos.charge(reference(300, last), {}, { beforeMoney, signal: gone.signal })).toEqual({
        outcome: 'cancelled',
        reason: 'before-sending',
      });
      expect(announced).toBe(0);
      act({ action: 'hold-card' });
      const waiting = new AbortController();
      const stopped = pos.charge(reference(300, last), {}, { beforeMoney, signal: waiting.signal });
      await until(() => simulated.state().log.some(({ what }) => what === '04 FF 0A'));
      waiting.abort();
      expect(await stopped).toEqual({ outcome: 'cancelled', reason: 'ANNULLATO' });
      act({ action: 'reset' });
      act({ action: 'slow', ms: 300 });
      const late = new AbortController();
      const running = pos.charge(
        reference(300, last),
        { progress: (text) => (text === 'ELABORAZIONE...' ? late.abort() : undefined) },
        { beforeMoney, signal: late.signal },
      );
      expect((await running).outcome).toBe('approved');
      expect(simulated.state().log.filter(({ what }) => what === '06 B0')).toHaveLength(1);
    });

    it('tells a card that never came apart from a refusal', async () => {
      const { pos, act } = await bench(kind);
      act({ action: 'hold-card' });
      const { result } = await pay(pos, reference(300, await lastStan(pos)));
      expect(result).toEqual({ outcome: 'cancelled', reason: 'TEMPO SCADUTO' });
    });

    it('does not take an older transaction, or one that the terminal took back, for the lost one', async () => {
      const { pos, act, simulated } = await bench(kind);
      await pay(pos, reference(300, await lastStan(pos)));
      const ref = reference(300, await lastStan(pos));
      await pay(pos, ref);
      act({ action: 'older-on-repeat' });
      expect(await settle(pos, ref)).toEqual({ verdict: 'not-charged', reason: 'same-transaction' });
      act({ action: 'reset' });
      act({ action: 'tell-auto-reversal' });
      act({ action: 'drop-at-step', step: 7 });
      const lost = reference(400, await lastStan(pos));
      expect((await pay(pos, lost)).result.outcome).toBe('uncertain');
      await until(() => simulated.state().phase === 'idle');
      expect(await settle(pos, lost)).toEqual({ verdict: 'not-charged', reason: 'reversed-by-terminal' });
    });

    it('leaves it to a person where the terminal cannot tell', async () => {
      const { pos, act } = await bench(kind);
      act({ action: 'no-repeat' });
      expect(await pos.lastTransaction()).toEqual({ found: 'none' });
      act({ action: 'doubtful' });
      const ref = reference(300, undefined);
      expect((await pay(pos, ref)).result.outcome).toBe('uncertain');
      expect(await settle(pos, ref)).toEqual({ verdict: 'undecidable', reason: 'last-transaction-not-told' });
    });

    it('takes the first payment of a terminal’s life that was lost for not charged, when the terminal says so', async () => {
      const { pos, act, simulated } = await bench(kind);
      act({ action: 'drop-at-step', step: 4 });
      const ref = reference(300, await lastStan(pos));
      expect(ref.lastStan).toBeUndefined();
      expect((await pay(pos, ref)).result.outcome).toBe('uncertain');
      await until(() => simulated.state().phase === 'idle');
      expect(await settle(pos, ref)).toEqual({ verdict: 'not-charged', reason: 'same-transaction' });
    });

    it('stays in step with a terminal that counts messages and wants receipt numbers back', async () => {
      const { pos, act, simulated } = await bench(kind, { echoes: true, settings: 'sequence=offer' });
      await pay(pos, reference(300, await lastStan(pos)));
      act({ action: 'doubtful' });
      const ref = reference(400, await lastStan(pos));
      expect((await pay(pos, ref)).result.outcome).toBe('uncertain');
      expect((await settle(pos, ref)).verdict).toBe('charged');
      // What was recovered has been heard of: the terminal has no reason to give it back at the next payment.
      expect((await pay(pos, reference(500, await lastStan(pos)))).result.outcome).toBe('approved');
      expect(simulated.memory.ledger.map(({ kind: what, amountCents }) => [what, amountCents])).toEqual([
        ['charge', 300],
        ['charge', 400],
        ['charge', 500],
      ]);
    });
  });
}
