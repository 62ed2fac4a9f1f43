import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cents, systemClock } from '@jolly/contracts/values';
import type { CardTerminal, ChargeReference, ChargeResult, RecoveryVerdict } from '@jolly/drivers/pos';
import { registerZvt } from '@jolly/drivers/pos/zvt';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach } from 'vitest';
import { openWire, type WirePort } from '../process/index.ts';
import { ZvtAction } from './actions.ts';
import { ZvtMemory } from './memory.ts';
import { SimulatedZvtTerminal } from './terminal.ts';

export type Kind = 'tcp' | 'serial';

export const socat = ['/usr/bin/socat', '/bin/socat', '/usr/local/bin/socat'].find((path) =>
  existsSync(path),
);
if (!socat && process.env.JOLLY_REQUIRE_TOOLS === '1')
  throw new Error('socat is absent, and JOLLY_REQUIRE_TOOLS=1');
if (!socat) console.warn('SKIPPED the ZVT driver over pseudo-terminals: socat is absent (apt install socat)');

export const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export async function until(what: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await pause(5);
  }
}

async function cable(): Promise<{ kiosk: string; device: string; child: ChildProcess }> {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-zvt-'));
  const [kiosk, device] = [join(folder, 'kiosk'), join(folder, 'device')];
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(socat ?? '', [`pty,raw,echo=0,link=${kiosk}`, `pty,raw,echo=0,link=${device}`]);
  cleanups.push(() => child.kill('SIGKILL'));
  await until(() => existsSync(kiosk) && existsSync(device));
  return { kiosk, device, child };
}

export interface Bench {
  readonly simulated: SimulatedZvtTerminal;
  readonly pos: CardTerminal;
  readonly wire: WirePort;
  act(action: unknown): void;
}

/** Short times: a lost answer costs the driver 0.4 s and the terminal as much. */
const SETTINGS = 'ack-timeout=0.4&answer-timeout=0.4&result-timeout=1.2&settle=0';

export async function bench(
  kind: Kind,
  options: { settings?: string; closeBetween?: boolean; echoes?: boolean } = {},
): Promise<Bench> {
  const simulated = new SimulatedZvtTerminal(new ZvtMemory(), {
    terminalId: '29001006',
    delayMs: 0,
    cardTimeoutMs: 500,
    answerMs: 400,
    closeBetween: options.closeBetween ?? false,
    echoes: options.echoes ?? false,
    serial: kind === 'serial',
    clock: systemClock,
  });
  const pty = kind === 'serial' ? await cable() : undefined;
  const wire = await openWire(pty ? `serial:${pty.device}` : 'tcp:0', simulated);
  cleanups.push(() => wire.close());
  const address = pty ? `zvt+serial://${pty.kiosk}?baud=115200&` : `zvt+${wire.address}?`;
  const pos = registerZvt(new DeviceRegistry()).create(
    'pos',
    address + [SETTINGS, options.settings].filter(Boolean).join('&'),
    { clock: systemClock, log: () => undefined },
  );
  cleanups.push(() => pos.close());
  return { simulated, pos, wire, act: (action) => simulated.act(ZvtAction.parse(action)) };
}

export const charged = (simulated: SimulatedZvtTerminal) =>
  simulated.memory.ledger.filter((entry) => entry.kind === 'charge').length;

export async function lastStan(pos: CardTerminal): Promise<string | undefined> {
  const last = await pos.lastTransaction();
  if (last.found === 'unreachable') throw new Error(last.reason);
  return last.found === 'approved' ? last.card.stan : last.found === 'declined' ? last.stan : undefined;
}

export const reference = (amountCents: number, last: string | undefined): ChargeReference => ({
  kioskPaymentId: '01890000-0000-7000-8000-000000000000',
  amountCents: cents(amountCents),
  lastStan: last,
  startedAt: Date.now(),
});

export async function pay(
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

export async function settle(pos: CardTerminal, ref: ChargeReference): Promise<RecoveryVerdict> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const verdict = await pos.recover(ref);
    if (verdict.verdict !== 'unreachable') return verdict;
    await pause(50);
  }
  throw new Error('the terminal stayed unreachable');
}
