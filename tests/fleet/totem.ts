import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@jolly/contracts/values';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { type CommandHands, type FleetSide, openFleetSide } from '@jolly/kiosk-runtime';
import { RuntimeConfig } from '@jolly/kiosk-runtime/config';
import { HttpFleetClient } from '@jolly/kiosk-runtime/fleet-link';
import {
  type DeviceIdentity,
  keepEnrolling,
  openIdentity,
  rotateKey,
  takeIn,
} from '@jolly/kiosk-runtime/identity';
import type { SkewedClock } from './clocks.ts';

const SOFTWARE = '0.1.0';
const NOBODY = 'none+tcp://127.0.0.1:1';

export interface TotemOrder {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly site: string;
  readonly folder: string;
  readonly serverUrl: string;
  readonly enrolmentCode: string;
}

export interface TotemState {
  readonly terminalId: string;
  readonly connected: boolean;
  readonly entries: number;
  readonly dropped: number;
  readonly settings: { readonly version: number; readonly refused?: unknown };
  readonly helpPhone: string | undefined;
}

/** What only the test knows of a terminal: what its printer did, and that it wants to be started again. */
export interface TotemWorld {
  printed(terminalId: string): void;
  restart(terminalId: string): void;
  log(terminalId: string, event: string, detail: object): void;
}

/** A terminal's fleet side as it is, on its own files, without devices and screen. */
export class Totem {
  readonly terminalId: string;
  readonly clock: SkewedClock;
  readonly #side: FleetSide;
  readonly #client: HttpFleetClient;
  readonly #stop: () => void;

  constructor(order: TotemOrder, clock: SkewedClock, world: TotemWorld) {
    const { terminalId } = order;
    const dataDir = join(order.folder, terminalId);
    mkdirSync(dataDir, { recursive: true });
    const log = (event: string, detail: object = {}) => world.log(terminalId, event, detail);
    const config = RuntimeConfig.parse({
      ...{ mode: 'demo', tenantId: order.tenantId, terminalId, enrolmentCode: order.enrolmentCode },
      ...{ city: 'Comune di Prova', site: order.site, creditorTaxCode: '77777777777' },
      ...{ serverUrl: order.serverUrl, dataDir, speech: { engine: 'none' } },
      devices: { pos: NOBODY, printer: NOBODY, barcode: NOBODY },
    });
    const identity: DeviceIdentity = openIdentity(config, clock, systemRandom);
    const client = new HttpFleetClient({ serverUrl: config.serverUrl, identity, clock });
    const parts = { clock, random: systemRandom, software: SOFTWARE, log };
    const side = openFleetSide({ own: config, client, identity, ...parts });
    const restart = () => world.restart(terminalId);
    side.follow({
      devices: () => [],
      limitations: () => [],
      openPayments: () => 0,
      letters: () => 0,
      screen: { inSession: false, configure: () => undefined, serve: () => undefined },
      setVolume: () => undefined,
      restart,
      registry: new DeviceRegistry(),
    });
    const hands: CommandHands = {
      serving: () => false,
      moneyDue: () => false,
      selfTest: async () => [{ name: 'fleet server', ok: true, detail: '' }],
      logs: () => ['{"event":"a line"}'],
      screenshot: async () => 'no-screen',
      printer: {
        print: async () => {
          world.printed(terminalId);
          return { result: 'printed' };
        },
      },
      setLevel: async () => undefined,
      rotateKey: () => rotateKey(identity, client),
      restart,
      wipe: async () => undefined,
    };
    side.obey(hands);
    const enrolment = keepEnrolling(
      () => takeIn({ config, identity, client, software: SOFTWARE, show: () => undefined }),
      clock,
      { enrolled: () => side.start(), failed: (error) => log('enrolment-failed', { why: String(error) }) },
    );
    this.terminalId = terminalId;
    this.clock = clock;
    this.#side = side;
    this.#client = client;
    this.#stop = () => enrolment.stop();
  }

  /** On the disk when it returns. */
  record(event: string): void {
    this.#side.add({ kind: 'event', event, detail: {} });
  }

  get state(): TotemState {
    const { link, twin } = this.#side;
    return {
      terminalId: this.terminalId,
      connected: link.connected,
      ...link.backlog,
      settings: twin.reported,
      helpPhone: twin.config.helpPhone,
    };
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#side.close();
    this.#client.close();
  }
}
