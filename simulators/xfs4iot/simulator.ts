import { createServer } from 'node:http';
import type { Clock } from '@jolly/contracts/values';
import { PUBLISHER_PATH } from '@jolly/drivers/xfs4iot';
import { WebSocketServer } from 'ws';
import { type Fault, ServiceName, type XfsAction } from './actions.ts';
import { Cabinet, type CabinetState } from './cabinet.ts';
import { ChipLine } from './chip-line.ts';
import { ServiceConnection, type ServiceLogic } from './connection.ts';

export interface XfsSimulatorState extends CabinetState {
  /** Open connections by service; the publisher under its own name. */
  readonly clients: Readonly<Record<string, number>>;
  /** Every frame that came, newest last, as long as `keepFrames` was asked for. */
  readonly frames: readonly string[];
}

export interface XfsSimulatorOptions {
  readonly clock: Clock;
  /** Port of the publisher; 0 = chosen by the system. */
  readonly port: number;
  readonly chipPort: number;
  /** Message versions it speaks, the newest first. */
  readonly versions: readonly string[];
  readonly keepFrames?: boolean;
}

const KEPT_FRAMES = 2000;

/** A cabinet whose devices are behind XFS4IoT: a publisher and five services on one port, speaking one form of the messages. */
export class XfsSimulator {
  readonly #options: XfsSimulatorOptions;
  readonly #cabinet: Cabinet;
  readonly #chip: ChipLine;
  readonly #connections = new Map<ServiceConnection, { readonly service: string; close(): void }>();
  readonly #http = createServer((_request, response) => response.writeHead(400).end());
  readonly #server = new WebSocketServer({ noServer: true });
  #faults: { fault: Fault; left: number }[] = [];
  #frames: string[] = [];
  address = '';
  chipAddress = '';

  constructor(options: XfsSimulatorOptions) {
    this.#options = options;
    this.#chip = new ChipLine((inserted) => this.#cabinet.cardChanged(inserted));
    this.#cabinet = new Cabinet(options.versions, this.#chip, (service, name, payload) => {
      for (const [connection, { service: its }] of this.#connections)
        if (its === service) connection.unsolicited(name, payload);
    });
    this.#http.on('upgrade', (request, socket, head) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const logic = this.#logicOf(path);
      if (!logic) {
        socket.destroy();
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (opened) => {
        const connection = new ServiceConnection(opened, logic.logic, {
          clock: options.clock,
          versions: options.versions,
          faultFor: (command) => this.#faultFor(command),
          heard: (text) => this.#keep(text),
        });
        this.#connections.set(connection, { service: logic.service, close: () => opened.close() });
        opened.on('error', () => opened.terminate());
        opened.on('close', () => this.#connections.delete(connection));
      });
    });
  }

  async start(): Promise<void> {
    this.chipAddress = await this.#chip.listen(this.#options.chipPort);
    await new Promise<void>((resolve) => this.#http.listen(this.#options.port, '127.0.0.1', resolve));
    const address = this.#http.address();
    const port = typeof address === 'object' && address ? address.port : this.#options.port;
    this.address = `ws://127.0.0.1:${port}${PUBLISHER_PATH}`;
  }

  state(): XfsSimulatorState {
    const clients: Record<string, number> = {};
    for (const { service } of this.#connections.values()) clients[service] = (clients[service] ?? 0) + 1;
    return { ...this.#cabinet.state(), clients, frames: this.#frames };
  }

  act(action: XfsAction): void {
    switch (action.action) {
      case 'fault':
        this.#faults.push({ fault: action, left: action.times });
        return;
      case 'closing':
        for (const { close } of this.#connections.values()) close();
        return;
      case 'reset':
        this.#faults = [];
        this.#frames = [];
        this.#cabinet.reset();
        return;
      default:
        this.#cabinet.act(action);
    }
  }

  async close(): Promise<void> {
    for (const { close } of this.#connections.values()) close();
    this.#server.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
    await this.#chip.close();
  }

  #keep(text: string): void {
    if (!this.#options.keepFrames) return;
    this.#frames.push(text);
    if (this.#frames.length > KEPT_FRAMES) this.#frames.shift();
  }

  #faultFor(command: string): Fault | undefined {
    const found = this.#faults.find(({ fault }) => fault.command === undefined || fault.command === command);
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#faults = this.#faults.filter((each) => each !== found);
    return found.fault;
  }

  #logicOf(path: string): { service: string; logic: ServiceLogic } | undefined {
    if (path === PUBLISHER_PATH) return { service: 'ServicePublisher', logic: this.#publisher() };
    const service = ServiceName.safeParse(path.slice(PUBLISHER_PATH.length));
    if (!path.startsWith(PUBLISHER_PATH) || !service.success) return undefined;
    return { service: service.data, logic: this.#cabinet.logic(service.data) };
  }

  #publisher(): ServiceLogic {
    return {
      commands: ['ServicePublisher.GetServices'],
      run: async ({ event }) => {
        const services = ServiceName.options.map((name) => ({ serviceURI: `${this.address}${name}` }));
        // the first by the event, the rest by the completion: a client has to take both
        event('ServicePublisher.ServiceDetailEvent', { vendorName: 'Jolly', services: services.slice(0, 1) });
        return { code: 'success', payload: { vendorName: 'Jolly', services: services.slice(1) } };
      },
    };
  }
}
