import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Device, SelfTestStep } from '@jolly/drivers/health';
import type { RuntimeConfig } from '../config/index.ts';
import type { Devices } from '../devices/index.ts';
import { writeDurably } from '../durable-file/index.ts';
import type { HttpFleetClient } from '../fleet-link/index.ts';
import { KEY_FILE } from '../identity/index.ts';
import type { Finding, Step } from './steps.ts';

const MIN_FREE_BYTES = 200 * 1024 * 1024;
const NODE_MIN = [22, 15] as const;

export interface Patient {
  readonly config: RuntimeConfig;
  readonly devices: Devices;
  readonly client: Pick<HttpFleetClient, 'time' | 'clockSkewMs'> | undefined;
  /** Reads the journal and checks its chain; throws when it cannot. */
  readonly journal: () => Promise<Finding>;
  readonly clock: Clock;
}

const good = (detail: string): Finding => ({ ok: true, detail });
const bad = (detail: string, cure?: string): Finding => ({ ok: false, detail, ...(cure ? { cure } : {}) });

const ALWAYS = ['pos', 'printer', 'barcode', 'card'] as const;
/** Asked only where the cabinet has them. */
const AIDS = ['keypad', 'audio'] as const;

/** The terminal's self-tests, in the order in which one leans on the other. Nothing is charged, nothing printed. */
export function terminalSteps({ config, devices, client, journal, clock }: Patient): readonly Step[] {
  const key = join(config.dataDir, KEY_FILE);
  return [
    {
      name: 'node version',
      cure: 'install Node 22.15 or newer, or start with npm run',
      run: async () => {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
        const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
        return { ok, detail: process.versions.node };
      },
    },
    {
      name: 'configuration',
      cure: 'correct the configuration file',
      run: async () => good(`${config.terminalId} of ${config.tenantId}, ${config.mode}`),
    },
    {
      name: 'data folder',
      cure: 'create dataDir and give it to the terminal’s user',
      run: async () => {
        accessSync(config.dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
        writeDurably(join(config.dataDir, 'doctor.probe'), new Date(clock.now()).toISOString());
        return good(config.dataDir);
      },
    },
    {
      name: 'free disk',
      cure: 'free at least 200 MB on the disk of dataDir',
      run: async () => {
        const { bavail, bsize } = statfsSync(config.dataDir);
        return {
          ok: bavail * bsize >= MIN_FREE_BYTES,
          detail: `${Math.round((bavail * bsize) / 1e6)} MB free`,
        };
      },
    },
    { name: 'journal', cure: 'do not take payments; save the data folder and call support', run: journal },
    {
      name: 'device key',
      cure: 'start the terminal once: it makes its key',
      run: async () => {
        if (!existsSync(key)) return bad('no key yet');
        const mode = statSync(key).mode & 0o777;
        return (mode & 0o077) === 0
          ? good(`present, mode ${mode.toString(8)}`)
          : bad(`readable by others (mode ${mode.toString(8)})`, `chmod 600 ${key}`);
      },
    },
    {
      name: 'fleet server',
      retries: 1,
      cure: 'check network, serverUrl and that the server runs; enrol the terminal if it is unknown there',
      run: async () => {
        if (!client) return bad('no device key to sign with');
        try {
          await client.time();
          return good(`${config.serverUrl} knows this terminal`);
        } catch (error) {
          if (!isJollyError(error)) throw error;
          return bad(`${error.code} ${String(error.detail.code ?? error.detail.why ?? '')}`.trim());
        }
      },
    },
    {
      name: 'clock',
      cure: 'set the system’s clock (systemd-timesyncd or chrony)',
      run: async () => {
        const skew = client?.clockSkewMs;
        if (skew === undefined) return { ok: true, skipped: true, detail: 'not known without the server' };
        const limit = config.payment.maxClockSkewSeconds * 1000;
        return { ok: Math.abs(skew) <= limit, detail: `${skew} ms from the server’s` };
      },
    },
    {
      name: 'screen files',
      cure: 'npm run build',
      run: async () => {
        if (config.screenDir === undefined) return { ok: true, skipped: true, detail: 'served by the shell' };
        const index = join(config.screenDir, 'index.html');
        return existsSync(index) ? good(config.screenDir) : bad(`no ${index}`);
      },
    },
    ...([...ALWAYS, ...AIDS.filter((role) => config.devices[role] !== undefined)] as const).map(
      (role): Step => ({
        name: role,
        cure: `check cable, power and address of ${config.devices[role]}`,
        run: async () => {
          const device = devices[role];
          if (!device) return { ok: true, skipped: true, detail: 'none in the configuration: no login' };
          return examined(device);
        },
      }),
    ),
    ...CABINET.flatMap((role): Step[] => {
      const device = devices[role];
      if (!device) return [];
      const cure = `check cable, power and address of ${config.devices[role]}`;
      return [{ name: role, cure, run: () => examined(device) }];
    }),
  ];
}

/** What a cabinet may have; one that is not configured is no step. */
const CABINET = ['lights', 'presence', 'door', 'ups', 'display'] as const;

async function examined(device: Device): ReturnType<Step['run']> {
  const { state, reasons } = device.health();
  const works = state === 'ready' || state === 'busy' || state === 'degraded';
  const link = { ok: works, name: 'health', durationMs: 0, detail: [state, ...reasons].join(', ') };
  return [link, ...(await device.selfTest()).map(fromSelfTest)];
}

const fromSelfTest = ({ name, ok, durationMs, detail, cure }: SelfTestStep) => ({
  name,
  ok,
  durationMs,
  detail: detail ?? '',
  ...(cure === undefined ? {} : { cure }),
});
