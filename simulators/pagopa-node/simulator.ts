import type { AddressInfo } from 'node:net';
import { type Clock, type RandomBytes, systemClock, systemRandom } from '@jolly/contracts/values';
import type { FastifyInstance } from 'fastify';
import { CallLog, nodeApp, SERVICE_PATH, WireFaults } from './app.ts';
import { controlApp } from './control.ts';
import { type NodeSettings, PagopaNode } from './node.ts';
import { type Platform, platformControl, platformFace } from './platform/app.ts';
import { CHECKOUT_PATH } from './platform/checkout.ts';
import { GPD_PATH } from './platform/gpd.ts';
import { loadState, saveState } from './state-file.ts';

export interface NodeSimulatorOptions {
  /** Port of the SOAP service and of the control; 0 = chosen by the system. */
  readonly listen?: number;
  readonly control?: number;
  /** Believable wait before every answer, ms. */
  readonly delayMs?: number;
  /** How often the expiry job runs, ms; 0 = only when told. */
  readonly expiryJobMs?: number;
  /** Keeps the books across restarts. */
  readonly stateFile?: string | undefined;
  readonly settings?: Partial<NodeSettings>;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

export interface NodeSimulator {
  /** Address of the SOAP service. */
  readonly url: string;
  /** Base address of the control: `${control}/control/…`. */
  readonly control: string;
  /** The archive of debt positions, and checkout's carts, over the same books. */
  readonly debtPositions: string;
  readonly checkout: string;
  readonly platform: Platform;
  readonly node: PagopaNode;
  readonly faults: WireFaults;
  close(): Promise<void>;
}

async function listen(app: FastifyInstance, wished: number): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: wished });
  return (app.server.address() as AddressInfo).port;
}

/** Starts a node with its control, in this process. */
export async function startNodeSimulator(options: NodeSimulatorOptions = {}): Promise<NodeSimulator> {
  const clock = options.clock ?? systemClock;
  const saved = loadState(options.stateFile);
  const node = new PagopaNode(clock, options.random ?? systemRandom, options.settings);
  if (saved) node.restore(saved.node);
  const faults = new WireFaults();
  const calls = new CallLog();
  const ports = { listen: 0, control: 0, platform: 0 };
  const changed = () => {
    if (options.stateFile === undefined) return;
    saveState(options.stateFile, { ...ports, node: node.snapshot(), gpd: platform.archive.records() });
  };
  const platform = platformFace(node, changed, () => `http://127.0.0.1:${ports.platform}`);
  if (saved?.gpd) platform.archive.restore(saved.gpd);
  const soap = nodeApp({ node, faults, calls, clock, delayMs: options.delayMs ?? 0, changed });
  const control = controlApp(node, faults, calls, changed);
  platformControl(control, platform);
  ports.listen = await listen(soap, options.listen || saved?.listen || 0);
  ports.control = await listen(control, options.control || saved?.control || 0);
  ports.platform = await listen(platform.app, saved?.platform ?? 0);
  changed();

  const every = options.expiryJobMs ?? 0;
  let stopJob: () => void = () => undefined;
  const schedule = () => {
    stopJob = clock.after(every, () => {
      if (node.expireJob() > 0) changed();
      schedule();
    });
  };
  if (every > 0) schedule();
  return {
    url: `http://127.0.0.1:${ports.listen}${SERVICE_PATH}`,
    control: `http://127.0.0.1:${ports.control}`,
    debtPositions: `http://127.0.0.1:${ports.platform}${GPD_PATH}`,
    checkout: `http://127.0.0.1:${ports.platform}${CHECKOUT_PATH}`,
    platform,
    node,
    faults,
    close: async () => {
      stopJob();
      await Promise.all([soap.close(), control.close(), platform.app.close()]);
    },
  };
}
