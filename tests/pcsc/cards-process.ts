import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../../simulators/process/spawn.ts';
import { inNamespaces } from './namespaces.ts';
import { VPCD_PORTS } from './pcscd.ts';

export interface SimulatedCitizen {
  readonly id: string;
  readonly name: string;
  readonly card: 'cie' | 'cns';
  readonly pin: string;
  readonly puk?: string;
  readonly can?: string;
  readonly pinTries: number;
  readonly pukTries: number;
}

export interface CardsState {
  readonly citizens: readonly SimulatedCitizen[];
  readonly readers: readonly {
    readonly index: number;
    readonly connected: boolean;
    readonly apdus: number;
  }[];
}

/** What a test may ask of the process with the simulated citizens' cards. */
export class CardsControl {
  readonly #control: string;

  constructor(control: string) {
    this.#control = control.replace(/\/$/, '');
  }

  async act(order: { readonly action: string; readonly [setting: string]: unknown }): Promise<void> {
    const answer = await fetch(`${this.#control}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`the cards refused ${order.action}: ${await answer.text()}`);
  }

  async state(): Promise<CardsState> {
    const answer = await fetch(`${this.#control}/state`);
    return ((await answer.json()) as { device: CardsState }).device;
  }

  async citizen(id: string): Promise<SimulatedCitizen> {
    const found = (await this.state()).citizens.find((citizen) => citizen.id === id);
    if (!found) throw new Error(`no citizen ${id}`);
    return found;
  }

  async hold(citizen: string, reader: 0 | 1 = 0): Promise<SimulatedCitizen> {
    await this.act({ action: 'hold', citizen, reader });
    return this.citizen(citizen);
  }

  take(reader: 0 | 1 = 0): Promise<void> {
    return this.act({ action: 'take', reader });
  }

  fault(fault: { readonly kind: string; readonly [setting: string]: unknown }): Promise<void> {
    return this.act({ action: 'fault', fault });
  }

  /** As freshly started, and no card anywhere. */
  reset(): Promise<void> {
    return this.act({ action: 'reset' });
  }
}

/** The process with the simulated citizens' cards. */
export interface CardsProcess extends CardsControl {
  /** PEM files of the test CA. */
  readonly anchors: { readonly csca: string; readonly citizenCa: string; readonly cnsCa: string };
  /** Where it serves its lists and answers about certificates, too. */
  readonly address: string;
  stop(): Promise<void>;
}

class RunningCards extends CardsControl implements CardsProcess {
  readonly anchors: CardsProcess['anchors'];
  readonly address: string;
  readonly stop: () => Promise<void>;

  constructor(address: string, anchors: CardsProcess['anchors'], stop: () => Promise<void>) {
    super(address);
    this.address = address;
    this.anchors = anchors;
    this.stop = stop;
  }
}

const VPCD_SLOTS = VPCD_PORTS.map((port) => `127.0.0.1:${port}`);

/** By default its cards are laid on vpcd's two slots. */
export async function startCards(slots: readonly string[] = VPCD_SLOTS): Promise<CardsProcess> {
  const data = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-cards-'));
  const script = fileURLToPath(new URL('../../simulators/card/main.ts', import.meta.url));
  const { ready, stop } = await startProcess<{
    readonly control: string;
    readonly anchors: CardsProcess['anchors'];
  }>(script, ['--readers', slots.join(','), '--data', data, '--control', '0']);
  return new RunningCards(ready.control, ready.anchors, async () => {
    await stop();
    rmSync(data, { recursive: true, force: true });
  });
}
