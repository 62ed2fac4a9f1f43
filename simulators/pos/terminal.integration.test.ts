import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cents, systemClock } from '@jolly/contracts/values';
import type { CardTerminal, ChargeReference, ChargeResult, RecoveryVerdict } from '@jolly/drivers/pos';
import { type LrcMode, lrcModes, registerPos } from '@jolly/drivers/pos/ecr17';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach, describe, expect, it } from 'vitest';
import { openWire, type WirePort } from '../process/index.ts';
import { PosAction } from './actions.ts';
import { TerminalMemory } from './memory.ts';
import { SimulatedTerminal } from './terminal.ts';

type Kind = 'tcp' | 'serial';

const socat = ['/usr/bin/socat', '/bin/socat', '/usr/local/bin/socat'].find((path) => existsSync(path));
if (!socat && process.env.JOLLY_REQUIRE_TOOLS === '1')
  throw new Error('socat is absent, and JOLLY_REQUIRE_TOOLS=1');
if (!socat) console.warn('SKIPPED the POS driver over pseudo-terminals: socat is absent (apt install socat)');

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(what: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await pause(5);
  }
}

async function cable(): Promise<{
  kiosk: string;
  device: string;
  child: ChildProcess;
  again: () => Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-pos-'));
  const [kiosk, device] = [join(folder, 'kiosk'), join(folder, 'device')];
  const plugIn = async () => {
    const child = spawn(socat ?? '', [`pty,raw,echo=0,link=${kiosk}`, `pty,raw,echo=0,link=${device}`]);
    cleanups.push(() => child.kill('SIGKILL'));
    await until(() => existsSync(kiosk) && existsSync(device));
    return child;
  };
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const made = {
    kiosk,
    device,
    child: await plugIn(),
    again: async () => {
      made.child = await plugIn();
    },
  };
  return made;
}

interface Bench {
  readonly simulated: SimulatedTerminal;
  readonly pos: CardTerminal;
  readonly wire: WirePort;
  act(action: unknown): void;
}

async function bench(
  kind: Kind,
  options: { lrc?: LrcMode; settings?: string; closeBetween?: boolean; delayMs?: number } = {},
): Promise<Bench> {
  const simulated = new SimulatedTerminal(new TerminalMemory(), {
    terminalId: '12345678',
    lrc: options.lrc ?? 'std',
    delayMs: options.delayMs ?? 0,
    cardTimeoutMs: 500,
    closeBetween: options.closeBetween ?? false,
    serial: kind === 'serial',
    clock: systemClock,
  });
  const pty = kind === 'serial' ? await cable() : undefined;
  const wire = await openWire(pty ? `serial:${pty.device}` : 'tcp:0', simulated);
  cleanups.push(() => wire.close());
  const address = pty ? `ecr17+serial://${pty.kiosk}?baud=115200&` : `ecr17+${wire.address}?`;
  const settings =
    options.settings ?? `lrc=${options.lrc ?? 'std'}&ack-timeout=0.4&result-timeout=1.2&terminal=12345678`;
  const pos = registerPos(new DeviceRegistry()).create('pos', address + settings, {
    clock: systemClock,
    log: () => undefined,
  });
  cleanups.push(() => pos.close());
  return { simulated, pos, wire, act: (action) => simulated.act(PosAction.parse(action)) };
}

const charged = (simulated: SimulatedTerminal) =>
  simulated.memory.ledger.filter((entry) => entry.kind === 'charge').length;

async function lastStan(pos: CardTerminal): Promise<string | undefined> {
  const last = await pos.lastTransaction();
  if (last.found === 'unreachable') throw new Error(last.reason);
  return last.found === 'approved' ? last.card.stan : last.found === 'declined' ? last.stan : undefined;
}

const reference = (amountCents: number, last: string | undefined): ChargeReference => ({
  kioskPaymentId: '01890000-0000-7000-8000-000000000000',
  amountCents: cents(amountCents),
  lastStan: last,
  startedAt: Date.now(),
});

async function pay(
  pos: CardTerminal,
  ref: ChargeReference,
): Promise<{ result: ChargeResult; progress: string[]; lines: string[]; announced: number }> {
  const progress: string[] = [];
  const lines: string[] = [];
  let announced = 0;
  const result = await pos.charge(
    ref,
    { progress: (text) => progress.push(text), receiptLine: (line) => lines.push(line.text) },
    { beforeMoney: () => void announced++ },
  );
  return { result, progress, lines, announced };
}

async function settle(pos: CardTerminal, ref: ChargeReference): Promise<RecoveryVerdict> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const verdict = await pos.recover(ref);
    if (verdict.verdict !== 'unreachable') return verdict;
    await pause(50);
  }
  throw new Error('the terminal stayed unreachable');
}

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

describe('an ECR17 terminal that hangs up between transactions', () => {
  it('is dialled anew for each one and stays ready meanwhile', async () => {
    const { pos, simulated } = await bench('tcp', { closeBetween: true });
    for (const amount of [100, 200, 300]) {
      const { result } = await pay(pos, reference(amount, await lastStan(pos)));
      expect(result.outcome).toBe('approved');
      await until(() => !simulated.state().connected);
      expect(pos.health().state).toBe('ready');
    }
    expect(pos.health().counters.lost).toBe(0);
  });
});

describe('an unplugged terminal', () => {
  it('over TCP is noticed at once, and is ready again after it was plugged in', async () => {
    const { pos, wire } = await bench('tcp');
    await until(() => pos.health().state === 'ready');
    await wire.plug(false);
    await until(() => pos.health().state === 'unavailable');
    expect((await pay(pos, reference(100, undefined))).result).toEqual({
      outcome: 'not-started',
      reason: 'link-down:refused',
    });
    await wire.plug(true);
    await until(() => pos.health().state === 'ready');
    expect((await pay(pos, reference(100, undefined))).result.outcome).toBe('approved');
  });

  it('in the middle of a payment leaves it uncertain, and recovery decides', async () => {
    const { pos, wire, act, simulated } = await bench('tcp');
    act({ action: 'hold-card' });
    const ref = reference(100, await lastStan(pos));
    const running = pay(pos, ref);
    await until(() => simulated.state().phase === 'waiting-card');
    await wire.plug(false);
    expect((await running).result.outcome).toBe('uncertain');
    await wire.plug(true);
    expect((await settle(pos, ref)).verdict).toBe('not-charged');
    expect(charged(simulated)).toBe(0);
  });

  it.skipIf(!socat)('over a serial line is noticed, and found again when plugged in', async () => {
    const pty = await cable();
    const pos = registerPos(new DeviceRegistry()).create(
      'pos',
      `ecr17+serial://${pty.kiosk}?lrc=std&ack-timeout=0.3`,
      {
        clock: systemClock,
        log: () => undefined,
      },
    );
    cleanups.push(() => pos.close());
    const start = async () => {
      const simulated = new SimulatedTerminal(new TerminalMemory(), {
        terminalId: '12345678',
        lrc: 'std',
        delayMs: 0,
        cardTimeoutMs: 500,
        closeBetween: false,
        serial: true,
        clock: systemClock,
      });
      const wire = await openWire(`serial:${pty.device}`, simulated);
      cleanups.push(() => wire.close());
    };
    await start();
    await until(() => pos.health().state === 'ready');
    pty.child.kill('SIGKILL');
    await until(() => pos.health().state === 'unavailable');
    rmSync(pty.kiosk, { force: true });
    rmSync(pty.device, { force: true });
    await pty.again();
    await start();
    await until(() => pos.health().state === 'ready', 15_000);
  });
});
