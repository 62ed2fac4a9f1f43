import type { AddressInfo } from 'node:net';
import { type Clock, type RandomBytes, systemClock, systemRandom } from '@jolly/contracts/values';
import type { FastifyInstance } from 'fastify';
import { CallLog, nodeApp, SERVICE_PATH, WireFaults } from './app.ts';
import { controlApp } from './control.ts';
import { faceControl } from './face-control.ts';
import { milApp } from './mil/app.ts';
import { Mil } from './mil/mil.ts';
import { type NodeSettings, PagopaNode } from './node.ts';
import { type Platform, platformControl, platformFace } from './platform/app.ts';
import { CHECKOUT_PATH } from './platform/checkout.ts';
import { GPD_PATH } from './platform/gpd.ts';
import { httpCallback, posGatewayApp } from './pos-gateway/app.ts';
import { PosLayer } from './pos-gateway/pos-gateway.ts';
import { loadState, saveState } from './state-file.ts';
import type { Exchange } from './wire.ts';

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

export interface Face<Service> {
  readonly url: string;
  readonly service: Service;
  readonly faults: WireFaults;
  /** Every exchange of this face, for tests in the same process. */
  readonly exchanges: Exchange[];
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
  /** MIL over the same positions: `url` ends before `/auth`, `/mil-payment-notice`, `/mil-fee-calculator`. */
  readonly mil: Face<Mil> & { endTokens(): void };
  /** The POS gateway: `url` ends before `/pos-layer-service` and `/payment-options-service`. */
  readonly posGateway: Face<PosLayer>;
  close(): Promise<void>;
}

const KEPT_EXCHANGES = 500;

function keep(list: Exchange[], exchange: Exchange): void {
  list.push(exchange);
  if (list.length > KEPT_EXCHANGES) list.shift();
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
  const ports = { listen: 0, control: 0, platform: 0, milPort: 0, posGatewayPort: 0 };
  const changed = () => {
    if (options.stateFile === undefined) return;
    const books = { node: node.snapshot(), gpd: platform.archive.records(), mil: mil.snapshot() };
    saveState(options.stateFile, { ...ports, ...books });
  };
  const platform = platformFace(node, changed, () => `http://127.0.0.1:${ports.platform}`);
  if (saved?.gpd) platform.archive.restore(saved.gpd);
  const mil = new Mil(node, clock, changed);
  if (saved?.mil) mil.restore(saved.mil);
  const milFaults = new WireFaults();
  const layer = new PosLayer(node, clock, httpCallback, changed);
  const layerFaults = new WireFaults();
  const milExchanges: Exchange[] = [];
  const layerExchanges: Exchange[] = [];
  const rest = { node, clock, changed, delayMs: options.delayMs ?? 0 };
  const { app: milFace, tokens } = milApp({
    ...rest,
    mil,
    faults: milFaults,
    heard: (exchange) => keep(milExchanges, exchange),
  });
  const layerFace = posGatewayApp({
    ...rest,
    layer,
    faults: layerFaults,
    heard: (exchange) => keep(layerExchanges, exchange),
  });
  const soap = nodeApp({ node, faults, calls, clock, delayMs: options.delayMs ?? 0, changed });
  const control = controlApp(node, faults, calls, changed);
  faceControl(control, { mil, tokens, milFaults, layer, layerFaults, changed });
  platformControl(control, platform);
  ports.listen = await listen(soap, options.listen || saved?.listen || 0);
  ports.control = await listen(control, options.control || saved?.control || 0);
  ports.milPort = await listen(milFace, saved?.milPort ?? 0);
  ports.posGatewayPort = await listen(layerFace, saved?.posGatewayPort ?? 0);
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
    mil: {
      url: `http://127.0.0.1:${ports.milPort}`,
      service: mil,
      faults: milFaults,
      exchanges: milExchanges,
      endTokens: () => tokens.endAll(),
    },
    posGateway: {
      url: `http://127.0.0.1:${ports.posGatewayPort}`,
      service: layer,
      faults: layerFaults,
      exchanges: layerExchanges,
    },
    close: async () => {
      stopJob();
      const faces = [soap, control, platform.app, milFace, layerFace];
      await Promise.all(faces.map((face) => face.close()));
    },
  };
}
