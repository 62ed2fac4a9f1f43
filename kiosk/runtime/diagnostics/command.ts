import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isJollyError, sleep, systemClock, systemRandom } from '@jolly/contracts/values';
import type { DeviceRegistry } from '@jolly/drivers/registry';
import { type RuntimeConfig, readConfig } from '../config/index.ts';
import { readControl } from '../control/index.ts';
import { openDevices } from '../devices/index.ts';
import { deviceRegistry } from '../drivers.ts';
import { HttpFleetClient } from '../fleet-link/index.ts';
import { registerGatewayTerminal } from '../gateway-terminal/index.ts';
import { KEY_FILE, openIdentity } from '../identity/index.ts';
import { checkJournal } from './journal-step.ts';
import { type Diagnosis, runSteps } from './steps.ts';
import { terminalSteps } from './terminal-steps.ts';

/** How long devices may take to answer when the tool itself opens them. */
const SETTLE_MS = 2500;
const ASK_TIMEOUT_MS = 120_000;

export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * `jolly doctor --config <file> [--json]`: numbered self-tests of the terminal, each with duration and cure. The running
 * terminal is asked where there is one, since it holds the devices; else the tool looks by itself. Returns the exit status:
 * 0 all well, 1 something failed, 2 not started.
 */
export async function runDoctorCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let config: RuntimeConfig;
  let json: boolean;
  let registry: DeviceRegistry;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const file = values.config ?? io.env.JOLLY_CONFIG;
    if (file === undefined) {
      io.err('usage: jolly doctor --config <file> [--json]  (or set JOLLY_CONFIG)\n');
      return 2;
    }
    json = values.json;
    config = readConfig(file);
    registry = deviceRegistry(config);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const more = isJollyError(error) ? Object.values(error.detail).join('\n  ') : '';
    io.err(`${error.message}\n  ${more}\n`);
    return 2;
  }
  const diagnosis = (await askTerminal(config)) ?? (await lookAlone(config, registry));
  io.out(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : table(diagnosis));
  return diagnosis.ok ? 0 : 1;
}

/** Asks the running terminal; undefined when none answers. */
async function askTerminal(config: RuntimeConfig): Promise<Diagnosis | undefined> {
  const control = readControl(config.dataDir);
  if (!control) return undefined;
  let answer: Response;
  try {
    answer = await fetch(`${control.origin}/doctor`, {
      headers: { authorization: `Bearer ${control.token}` },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
  } catch (error) {
    // nobody listens there any more: the file is of an earlier run
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  return answer.ok ? ((await answer.json()) as Diagnosis) : undefined;
}

async function lookAlone(config: RuntimeConfig, registry: DeviceRegistry): Promise<Diagnosis> {
  const clock = systemClock;
  const enrolled = existsSync(join(config.dataDir, KEY_FILE));
  const client = enrolled
    ? new HttpFleetClient({
        serverUrl: config.serverUrl,
        identity: openIdentity(config, clock, systemRandom),
        clock,
      })
    : undefined;
  if (client) registerGatewayTerminal(registry, { fleet: client, onReachable: () => () => undefined });
  const devices = openDevices(config, registry, clock, () => undefined);
  // nobody listens yet: readers and printers open their link on their own, the barcode reader when asked
  const stop = devices.barcode.listen(() => undefined);
  try {
    await sleep(clock, SETTLE_MS);
    const journal = () => checkJournal(config.dataDir);
    const steps = await runSteps(terminalSteps({ config, devices, client, journal, clock }), clock);
    return diagnosisOf(config, steps, 'tool', clock.now());
  } finally {
    stop();
    client?.close();
    await devices.close();
  }
}

export function diagnosisOf(
  config: RuntimeConfig,
  steps: Diagnosis['steps'],
  by: Diagnosis['by'],
  at: number,
): Diagnosis {
  const ok = steps.every((step) => step.ok);
  return { at: new Date(at).toISOString(), terminalId: config.terminalId, by, ok, steps };
}

/** The diagnosis for people: one line a step, the cure under what failed. */
export function table(diagnosis: Diagnosis): string {
  const width = Math.max(...diagnosis.steps.map(({ name }) => name.length));
  const lines = diagnosis.steps.flatMap((step) => {
    const sign = step.skipped ? 'skip' : step.ok ? 'ok  ' : 'FAIL';
    const number = String(step.number).padStart(2);
    const line = `${number}  ${sign}  ${step.name.padEnd(width)}  ${String(step.durationMs).padStart(6)} ms  ${step.detail}`;
    return step.ok || step.cure === undefined ? [line] : [line, `          → ${step.cure}`];
  });
  const failed = diagnosis.steps.filter((step) => !step.ok).length;
  const by = diagnosis.by === 'terminal' ? 'asked the running terminal' : 'the terminal is not running';
  const verdict = failed === 0 ? 'all well' : `${failed} failed`;
  return `${diagnosis.terminalId}, ${diagnosis.at} (${by})\n${lines.join('\n')}\n${verdict}\n`;
}
