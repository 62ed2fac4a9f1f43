import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { sleep, systemClock } from '@jolly/contracts/values';
import { type CabinetReady, UPS_NAME } from '../cabinet/index.ts';
import type { CardsReady } from '../card/index.ts';
import { type Ready, type Started, startProcess } from '../process/index.ts';

const root = resolve(import.meta.dirname, '../..');

/** The demo's city: who the terminal says it is. */
export const demoCity = {
  tenantId: 'prato',
  tenantName: 'Comune di Prato',
  terminalId: 'PO-09',
  site: 'Sportello di Piazza Mercatale',
  creditorTaxCode: '84006890481',
} as const;

/** Where the demo's city has desks; the terminal stands at the first. */
const demoSites = [
  { name: demoCity.site, address: 'Piazza Mercatale 72', lat: 43.881179, lon: 11.101251 },
  {
    name: 'Sportello di Piazza San Domenico',
    address: 'Piazza San Domenico 27',
    lat: 43.882054,
    lon: 11.094255,
  },
  { name: 'Sportello di Via Roma', address: 'Via Roma 100', lat: 43.874022, lon: 11.090908 },
  { name: 'Sportello di Via Bologna', address: 'Via Bologna 85', lat: 43.888218, lon: 11.09653 },
];

/** A process that is not ready by then hangs; a busy machine takes half of it. */
const START_LIMIT_MS = 60_000;

const LOGIN_METHODS = ['cie-card-local', 'cns-card-local'] as const;

/** The card terminals that the demo knows: simulator, and the driver's address for what it listens on. */
const POS = {
  ecr17: {
    script: 'simulators/pos/main.ts',
    wire: 'tcp:0',
    state: 'pos',
    uri: (wire: string, settle: number) => `ecr17+${wire}?lrc=auto&settle=${settle}`,
  },
  zvt: {
    script: 'simulators/pos-zvt/main.ts',
    wire: 'tcp:0',
    state: 'pos-zvt',
    uri: (wire: string, settle: number) => `zvt+${wire}?password=000000&settle=${settle}`,
  },
  nexo: {
    script: 'simulators/pos-nexo/main.ts',
    wire: 'http:0',
    state: 'pos-nexo',
    uri: (wire: string, settle: number) => `nexo+${wire}?sale=JOLLY-01&poi=SIM-12345678&settle=${settle}`,
  },
} as const;
export type PosProtocol = keyof typeof POS;
export const posProtocols = Object.keys(POS) as readonly PosProtocol[];
export const demoGateways = ['node-soap', 'mil'] as const;
export type DemoGateway = (typeof demoGateways)[number];

export interface DemoOptions {
  /** Where everything is kept: databases, keys, configuration. */
  readonly dataDir: string;
  /** Wished ports; one that is taken, or 0, is chosen by the system. */
  readonly ports: { readonly kiosk: number; readonly fleet: number; readonly panel: number };
  /** Milliseconds of a believable wait at POS and node; 0 in tests. */
  readonly pace: { readonly posMs: number; readonly nodeMs: number };
  /** What the card terminal speaks; ECR17 by default. */
  readonly pos?: PosProtocol;
  /** Way to pagoPA: the node by SOAP, or MIL, where the citizen bears a fee if the simulator names one. */
  readonly gateway?: DemoGateway;
  /** Millimetres of paper a second; the simulator's own by default. */
  readonly printerSpeed?: number;
  /**
   * Another reader for the citizens' cards than the terminal's own virtual slots, e.g. vpcd's behind a real pcscd: its URI, and
   * `host:port` of where a card is laid on each slot.
   */
  readonly cardReader?: { readonly uri: string; readonly slots: readonly string[] };
  /** Shorter times for tests. */
  readonly kiosk?: Readonly<Record<string, unknown>>;
  /** Devices other than the simulated ones, by role. */
  readonly devices?: Readonly<Record<string, string>>;
  /** Settings of the terminal's login other than the demo's. */
  readonly login?: { readonly cardLeftSeconds?: number; readonly shufflePad?: boolean };
  /** Where the test CA and its cards keep their keys, which take seconds to make; in `dataDir` by default. */
  readonly cardsDir?: string;
  /** Added to the environment of terminal and fleet server, the two that know citizens. */
  readonly env?: NodeJS.ProcessEnv;
  readonly note: (line: string) => void;
}

interface UrlReady {
  readonly ready: true;
  readonly url: string;
  readonly pid: number;
}
interface NodeReady extends UrlReady {
  readonly control: string;
  readonly mil: string;
  readonly debtPositions: string;
  readonly checkout: string;
}

/** A part of the demo: started, and started again if it falls over, as a terminal's watchdog would. */
class Part<R> {
  readonly name: string;
  readonly #start: () => Promise<Started<R>>;
  readonly #note: (line: string) => void;
  /** Waited for before it is started again after an end with this status. */
  readonly #before: (status: number | null) => Promise<void>;
  #running: Started<R> | undefined;
  #stopping = false;

  constructor(
    name: string,
    note: (line: string) => void,
    start: () => Promise<Started<R>>,
    before: (status: number | null) => Promise<void> = () => Promise.resolve(),
  ) {
    this.name = name;
    this.#note = note;
    this.#start = start;
    this.#before = before;
  }

  async start(): Promise<R> {
    this.#running = await this.#start();
    this.#watch(this.#running);
    return this.#running.ready;
  }

  get ready(): R {
    if (!this.#running) throw new Error(`${this.name} is not running`);
    return this.#running.ready;
  }

  /** Kills the process as a power cut would; it stays away until it is started. */
  async cut(): Promise<void> {
    const before = this.#running;
    this.#running = undefined;
    await before?.stop('SIGKILL');
  }

  async powerCut(): Promise<R> {
    await this.cut();
    return this.start();
  }

  /** From now on its end is wanted: Ctrl-C reaches every process of the terminal at once. */
  willStop(): void {
    this.#stopping = true;
  }

  async stop(): Promise<void> {
    this.willStop();
    await this.#running?.stop();
  }

  #watch(running: Started<R>): void {
    running.child.once('exit', (code, signal) => {
      if (this.#stopping || this.#running !== running) return;
      this.#note(`${this.name} ended (${signal ?? code}); starting it again`);
      const again = async () => {
        await this.#before(code);
        if (!this.#stopping && this.#running === running) await this.start();
      };
      again().catch((error: unknown) => this.#note(`${this.name} does not start: ${String(error)}`));
    });
  }
}

export interface Demo {
  readonly kioskUrl: string;
  readonly fleetUrl: string;
  readonly panelUrl: string;
  readonly controls: {
    readonly pos: string;
    readonly printer: string;
    readonly barcode: string;
    readonly card: string;
    readonly cabinet: string;
    readonly keypad: string;
    readonly node: string;
  };
  /** `cut` leaves it dead until `start`. */
  readonly kiosk: {
    powerCut(): Promise<UrlReady>;
    cut(): Promise<void>;
    start(): Promise<UrlReady>;
    readonly url: string;
    readonly pid: number;
  };
  /** `cut` leaves it dead until `start`. */
  readonly server: {
    powerCut(): Promise<UrlReady>;
    cut(): Promise<void>;
    start(): Promise<UrlReady>;
    readonly pid: number;
  };
  /** The process of the cards; it forgets who was held and which tries were spent. */
  readonly cards: { powerCut(): Promise<CardsReady> };
  readonly kioskConfig: string;
  stop(): Promise<void>;
}

/** Ports that systems give to nobody by themselves: Linux begins at 32768, the others higher. */
const NAMED_PORTS = [20_000, 32_767] as const;
const MOST_TRIES = 50;

/**
 * A free port, the wished one if nobody has it. Named ahead of the start so that a part that falls over comes back at
 * the address the others know; and from where the system takes none for a call that goes out before the part listens.
 */
async function freePort(wished: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number | undefined>((done) => {
      const probe = createServer();
      probe.once('error', () => done(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        const found = typeof address === 'object' && address ? address.port : undefined;
        probe.close(() => done(found));
      });
    });
  if (wished !== 0 && (await tryPort(wished)) !== undefined) return wished;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = await tryPort(randomInt(NAMED_PORTS[0], NAMED_PORTS[1] + 1));
    if (port !== undefined) return port;
  }
  throw new Error('no free port on the loopback interface');
}

const soapOf = (node: NodeReady) => ({
  kind: 'node-soap',
  url: node.url,
  idPsp: 'BDIMITMM',
  idBrokerPsp: '02654890025',
  idChannel: '02654890025_01',
});

const milOf = (node: NodeReady) => ({
  kind: 'mil',
  urls: {
    auth: `${node.mil}/auth`,
    paymentNotice: `${node.mil}/mil-payment-notice`,
    fees: `${node.mil}/mil-fee-calculator`,
  },
  acquirerId: '4585625',
  clientId: '5254f087-1214-45cd-94ae-fda53c835197',
  terminals: { [demoCity.terminalId]: 'PO000009' },
  fee: 'citizen',
});

/** The terminal listens as a reader with two slots does; a card that is laid connects to one of them. */
async function virtualSlots() {
  const [first, second] = [await freePort(0), await freePort(0)];
  return {
    uri: `vpcd+tcp://127.0.0.1:${first}?also=${second}`,
    slots: [`127.0.0.1:${first}`, `127.0.0.1:${second}`],
  };
}

/** Exit status of a terminal whose battery was low (kiosk/runtime/power). */
const BATTERY_LOW = 75;
const MAINS_POLL_MS = 500;

/** Waits until the simulated cabinet has its mains again. */
async function mainsAreBack(control: string): Promise<void> {
  for (;;) {
    const answer = (await (await fetch(`${control}/state`)).json()) as { device?: { power?: string } };
    if (answer.device?.power === 'mains') return;
    await sleep(systemClock, MAINS_POLL_MS);
  }
}

/**
 * Starts all of Jolly with simulated devices, each in a process of its own on the wire of the real one: node of the
 * payments, card terminal, printer, barcode reader, citizens' cards, cabinet, device panel, fleet server, terminal.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { dataDir, note, pace } = options;
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const script = (path: string) => join(root, path);
  const parts: Part<unknown>[] = [];
  const part = <R>(
    name: string,
    path: string,
    args: () => readonly string[],
    env: NodeJS.ProcessEnv = {},
    before?: (status: number | null) => Promise<void>,
  ): Part<R> => {
    const logFile = join(logs, `${name.replaceAll(' ', '-')}.log`);
    const made = new Part<R>(
      name,
      note,
      () => startProcess<R>(script(path), args(), { logFile, env, timeoutMs: START_LIMIT_MS }),
      before,
    );
    parts.push(made as Part<unknown>);
    return made;
  };
  const save = (name: string, value: unknown): string => {
    const file = join(dataDir, name);
    writeFileSync(file, JSON.stringify(value, null, 2), { mode: 0o600 });
    return file;
  };
  const stop = async () => {
    for (const running of parts) running.willStop();
    for (const running of [...parts].reverse()) await running.stop();
  };

  try {
    const state = (name: string) => ['--state-file', join(dataDir, `${name}.json`)];
    const node = part<NodeReady>('pagoPA node', 'simulators/pagopa-node/main.ts', () => [
      ...['--delay', String(pace.nodeMs)],
      ...state('node'),
    ]);
    const cardTerminal = POS[options.pos ?? 'ecr17'];
    const pos = part<Ready>('card terminal', cardTerminal.script, () => [
      ...['--wire', cardTerminal.wire, '--delay', String(pace.posMs)],
      ...state(cardTerminal.state),
    ]);
    const printer = part<Ready>('printer', 'simulators/printer/main.ts', () => [
      ...['--wire', 'tcp:0'],
      ...(options.printerSpeed === undefined ? [] : ['--speed', String(options.printerSpeed)]),
    ]);
    const barcode = part<Ready>('barcode reader', 'simulators/barcode/main.ts', () => ['--wire', 'tcp:0']);
    const keypad = part<Ready>('keypad', 'simulators/keypad/main.ts', () => ['--wire', 'tcp:0']);
    const reader = options.cardReader ?? (await virtualSlots());
    const cardControl = await freePort(0);
    const cards = part<CardsReady>('cards', 'simulators/card/main.ts', () => [
      ...['--readers', reader.slots.join(',')],
      ...['--data', options.cardsDir ?? join(dataDir, 'cards'), '--control', String(cardControl)],
    ]);
    const cabinet = part<CabinetReady>('cabinet', 'simulators/cabinet/main.ts', () => []);
    await Promise.all([
      ...[node.start(), pos.start(), printer.start(), barcode.start(), cards.start()],
      ...[cabinet.start(), keypad.start()],
    ]);
    const { anchors } = cards.ready;

    const enrolmentCode = randomBytes(12).toString('hex');
    const fleetPort = await freePort(options.ports.fleet);
    const serverConfig = save('fleet-server.json', {
      mode: 'demo',
      listen: { host: '127.0.0.1', port: fleetPort },
      dataDir: join(dataDir, 'fleet-server'),
      masterKeyFile: join(dataDir, 'fleet-server', 'master.key'),
      tenants: [
        {
          id: demoCity.tenantId,
          name: demoCity.tenantName,
          creditorTaxCode: demoCity.creditorTaxCode,
          citizens: { methods: LOGIN_METHODS, withoutPin: true },
          services: {
            catalogueFile: script('simulators/launcher/services.json'),
            segregationCode: '07',
            iban: 'IT60X0542811101000000123456',
          },
          // the limits of ISTAT, as the file says
          map: {
            outlineFile: script('simulators/launcher/prato-outline.json'),
            attribution: 'Confini: ISTAT, elaborazione Openpolis, CC BY 4.0',
          },
        },
      ],
      trust: { csca: [anchors.csca], citizenCa: [anchors.citizenCa], cnsCa: [anchors.cnsCa] },
      gateway: {
        pspName: 'Banca Dimostrativa S.p.A.',
        pspTaxCode: '02654890025',
        ...(options.gateway === 'mil' ? milOf(node.ready) : soapOf(node.ready)),
      },
      debtPositions: { url: node.ready.debtPositions },
      carts: { url: node.ready.checkout },
      consoleDir: script('ui/fleet/dist'),
      demo: { enrolmentCode, sites: demoSites },
    });
    const server = part<UrlReady>(
      'fleet server',
      'fleet-server/main.ts',
      () => ['--config', serverConfig],
      options.env,
    );
    await server.start();

    const controls = {
      pos: pos.ready.control,
      printer: printer.ready.control,
      barcode: barcode.ready.control,
      card: cards.ready.control,
      cabinet: cabinet.ready.control,
      keypad: keypad.ready.control,
      node: node.ready.control,
    };
    const panelPort = await freePort(options.ports.panel);
    const panel = part<UrlReady>('device panel', 'simulators/panel/main.ts', () => [
      ...['--listen', String(panelPort), '--devices', JSON.stringify(controls)],
    ]);

    const address = (wire: string) => wire.replace(/^tcp:/, '');
    const channelPort = await freePort(options.ports.kiosk);
    const kioskConfig = save('terminal.json', {
      mode: 'demo',
      tenantId: demoCity.tenantId,
      terminalId: demoCity.terminalId,
      city: demoCity.tenantName,
      site: demoCity.site,
      creditorTaxCode: demoCity.creditorTaxCode,
      serverUrl: server.ready.url,
      helpPhone: '0574 1836096',
      accessibilityStatementUrl: 'https://www.comune.example/accessibilita/sportelli',
      accessibilityFeedback: 'accessibilita@comune.example',
      dataDir: join(dataDir, 'terminal'),
      channelPort,
      screenDir: script('ui/citizen/dist'),
      enrolmentCode,
      devices: {
        pos: cardTerminal.uri(pos.ready.wire, pace.posMs === 0 ? 0 : 5),
        printer: `escpos+tcp:${address(printer.ready.wire)}?profile=epson-generic&poll=2`,
        barcode: `serial-barcode+tcp:${address(barcode.ready.wire)}`,
        card: reader.uri,
        lights: `line-lights+tcp:${address(cabinet.ready.board)}`,
        presence: `line-sensor+tcp:${address(cabinet.ready.board)}`,
        door: `line-sensor+tcp:${address(cabinet.ready.board)}`,
        display: `line-display+tcp:${address(cabinet.ready.board)}`,
        ups: `nut+tcp:${address(cabinet.ready.upsd)}/${UPS_NAME}?poll=1`,
        // a tactile keypad with its own jack and amplifier: two roles on one wire
        keypad: `keypad+tcp:${address(keypad.ready.wire)}`,
        audio: `sim-audio+tcp:${address(keypad.ready.wire)}`,
        ...options.devices,
      },
      login: { methods: LOGIN_METHODS, withoutPin: true, cscaFiles: [anchors.csca], ...options.login },
      ...options.kiosk,
    });
    const kiosk = part<UrlReady>(
      'terminal',
      'kiosk/runtime/main.ts',
      () => ['--config', kioskConfig],
      options.env,
      // a computer that went off with its battery comes back with the mains, as its BIOS is set to
      async (status) => {
        if (status === BATTERY_LOW) await mainsAreBack(cabinet.ready.control);
      },
    );
    await Promise.all([panel.start(), kiosk.start()]);

    return {
      kioskUrl: kiosk.ready.url,
      fleetUrl: server.ready.url,
      panelUrl: panel.ready.url,
      controls,
      kioskConfig,
      kiosk: {
        powerCut: () => kiosk.powerCut(),
        cut: () => kiosk.cut(),
        start: () => kiosk.start(),
        get url() {
          return kiosk.ready.url;
        },
        get pid() {
          return kiosk.ready.pid;
        },
      },
      server: {
        powerCut: () => server.powerCut(),
        cut: () => server.cut(),
        start: () => server.start(),
        get pid() {
          return server.ready.pid;
        },
      },
      cards: { powerCut: () => cards.powerCut() },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
