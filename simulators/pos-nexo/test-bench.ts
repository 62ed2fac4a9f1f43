import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cents, systemClock } from '@jolly/contracts/values';
import type { CardTerminal, ChargeReference, ChargeResult, RecoveryVerdict } from '@jolly/drivers/pos';
import { registerNexo, type SharedKey, sealWith } from '@jolly/drivers/pos/nexo';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { afterEach } from 'vitest';
import { NexoAction } from './actions.ts';
import { testCertificate } from './certificate.ts';
import { TerminalMemory } from './memory.ts';
import { SimulatedNexo } from './terminal.ts';
import { NexoPort } from './web.ts';

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

export type Kind = 'http' | 'https' | 'sealed';
export const POI = 'SIM-12345678';
export const key: SharedKey = { keyIdentifier: 'chiosco', keyVersion: 3, passphrase: 'solo per prova' };

export interface Bench {
  readonly simulated: SimulatedNexo;
  readonly pos: CardTerminal;
  readonly port: NexoPort;
  readonly uri: string;
  act(action: unknown): void;
}

/** The driver over a real socket to a simulated terminal: in clear on this computer, over TLS, over TLS with sealed messages. */
export async function bench(kind: Kind, settings = ''): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-nexo-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const simulated = new SimulatedNexo(new TerminalMemory(), {
    poiId: POI,
    delayMs: 0,
    cardTimeoutMs: 500,
    clock: systemClock,
    seal: kind === 'sealed' ? sealWith(key) : undefined,
  });
  const certificate = kind === 'http' ? undefined : testCertificate(Date.now());
  const port = await NexoPort.open(simulated, 0, certificate);
  cleanups.push(() => port.close());
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const uri = [
    `nexo+${port.address}?sale=JOLLY-01&poi=${POI}`,
    // The first of two settings of one name holds.
    ...(settings ? [settings] : []),
    'settle=0&result-timeout=0.6&answer-timeout=1',
    ...(certificate ? [`ca=${file('ca.pem', certificate.pem)}`] : []),
    ...(kind === 'sealed' ? [`key-file=${file('key.json', JSON.stringify(key))}`] : []),
  ].join('&');
  const pos = driver(uri);
  return { simulated, pos, port, uri, act: (action) => simulated.act(NexoAction.parse(action)) };
}

export function driver(uri: string): CardTerminal {
  const made = registerNexo(new DeviceRegistry()).create('pos', uri, {
    clock: systemClock,
    log: () => undefined,
  });
  cleanups.push(() => made.close());
  return made;
}

export const charges = (simulated: SimulatedNexo) =>
  simulated.memory.ledger.filter((entry) => entry.kind === 'charge').length;

let payments = 0;
export const reference = (amountCents: number): ChargeReference => ({
  kioskPaymentId: `01890000-0000-7000-8000-${String(payments++).padStart(12, '0')}`,
  amountCents: cents(amountCents),
  lastStan: undefined,
  startedAt: Date.now(),
});

export async function pay(
  pos: CardTerminal,
  ref: ChargeReference,
  signal?: AbortSignal,
): Promise<{ result: ChargeResult; lines: string[]; announced: number }> {
  const lines: string[] = [];
  let announced = 0;
  const result = await pos.charge(
    ref,
    { receiptLine: (line) => void lines.push(line.text) },
    { beforeMoney: () => void announced++, ...(signal && { signal }) },
  );
  return { result, lines, announced };
}

export async function settle(pos: CardTerminal, ref: ChargeReference): Promise<RecoveryVerdict> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const verdict = await pos.recover(ref);
    if (verdict.verdict !== 'unreachable') return verdict;
    await pause(25);
  }
  throw new Error('the terminal stayed unreachable');
}
