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

/** The process with the simulated citizens' cards, on vpcd's two slots. */
export interface CardsProcess {
  /** PEM files of the test CA. */
  readonly anchors: { readonly csca: string; readonly citizenCa: string; readonly cnsCa: string };
  act(order: { readonly action: string; readonly [setting: string]: unknown }): Promise<void>;
  hold(citizen: string, reader?: 0 | 1): Promise<SimulatedCitizen>;
  take(reader?: 0 | 1): Promise<void>;
  state(): Promise<CardsState>;
  stop(): Promise<void>;
}

export async function startCards(): Promise<CardsProcess> {
  const data = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-cards-'));
  const readers = VPCD_PORTS.map((port) => `127.0.0.1:${port}`).join(',');
  const script = fileURLToPath(new URL('../../simulators/card/main.ts', import.meta.url));
  const { ready, stop } = await startProcess<{
    readonly control: string;
    readonly anchors: CardsProcess['anchors'];
  }>(script, ['--readers', readers, '--data', data, '--control', '0']);
  const state = async () => {
    const answer = await fetch(`${ready.control}/state`);
    return ((await answer.json()) as { device: CardsState }).device;
  };
  const act: CardsProcess['act'] = async (order) => {
    const answer = await fetch(`${ready.control}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`the cards refused ${order.action}: ${await answer.text()}`);
  };
  return {
    anchors: ready.anchors,
    act,
    state,
    hold: async (citizen, reader = 0) => {
      await act({ action: 'hold', citizen, reader });
      const held = (await state()).citizens.find(({ id }) => id === citizen);
      if (!held) throw new Error(`no citizen ${citizen}`);
      return held;
    },
    take: (reader = 0) => act({ action: 'take', reader }),
    stop: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
