import type { DeviceReport } from '@jolly/contracts/device-report';
import type { EntryData, Reported } from '@jolly/contracts/fleet-link';
import type { Limitation } from '@jolly/contracts/terminal-channel';
import { type Clock, type RandomBytes, sleep } from '@jolly/contracts/values';
import type { DeviceRegistry } from '@jolly/drivers/registry';
import {
  bootOf,
  CommandDesk,
  CommandMemory,
  type CommandWorld,
  commandActs,
  restartHost,
} from './commands/index.ts';
import type { RuntimeConfig } from './config/index.ts';
import type { Log } from './devices/index.ts';
import { EventOutbox } from './event-outbox/index.ts';
import {
  type AttachmentClient,
  type FleetClient,
  KeptAccess,
  type LinkCredentials,
  MqttLink,
  type TerminalLink,
} from './fleet-link/index.ts';
import { hostFacts, machineHash, systemSources, Telemetry } from './host-facts/index.ts';
import { type DeviceIdentity, named } from './identity/index.ts';
import { Consumables, DeviceNews } from './reports/index.ts';
import { ServiceModeStore } from './service-mode/index.ts';
import type { UsageRecorder } from './session/index.ts';
import { checkSettings, openTwin, probeDevice, type SettingsNews, type Twin } from './twin/index.ts';
import { Offer, type OfferScreen } from './twin-screen/index.ts';

const EMPTIED_EVERY_MS = 200;

export interface FleetParts {
  /** The terminal's own file. */
  readonly own: RuntimeConfig;
  readonly client: FleetClient & AttachmentClient;
  readonly identity: DeviceIdentity;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly software: string;
  readonly log: Log;
}

/** What the terminal knows of itself when it is asked, and what can be done with it while it runs. */
export interface RunningTerminal {
  devices(): readonly DeviceReport[];
  limitations(): readonly Limitation[];
  openPayments(): number;
  letters(): number;
  readonly screen: OfferScreen;
  /** Loudness of the amplifier, where there is one. */
  setVolume(level: number): void;
  /** Ends the process in order, to be started again. */
  restart(): void;
  readonly registry: DeviceRegistry;
}

/** With what the terminal does what staff ask of it. */
export type CommandHands = Pick<
  CommandWorld,
  'serving' | 'selfTest' | 'logs' | 'screenshot' | 'printer' | 'setLevel' | 'rotateKey'
> & {
  /** Something of a payment is not with the server yet. */
  moneyDue(): boolean;
  /** Ends the process so that it is started again. */
  restart(): void;
  /** Removes everything and ends the process. */
  wipe(): Promise<void>;
};

/** The terminal's side of the fleet: link, settings, mode, measures. */
export interface FleetSide {
  /** The terminal's own file with the settings over it: what this start begins with. */
  readonly config: RuntimeConfig;
  readonly link: TerminalLink;
  readonly twin: Twin;
  readonly mode: ServiceModeStore;
  /** Kept until the server has it. */
  add(...data: readonly EntryData[]): void;
  /** Begins to link; safe to repeat. */
  start(): void;
  /** The terminal stands: from now on its state is told, and its settings can change. */
  follow(terminal: RunningTerminal): void;
  /** From now on what staff ask is done. */
  obey(hands: CommandHands): void;
  /** Resolves when the server has all that waits, or after so long. */
  emptied(ms: number): Promise<void>;
  /** Something of the terminal may have changed. */
  changed(): void;
  close(): Promise<void>;
}

export function openFleetSide(parts: FleetParts): FleetSide {
  const { own, client, identity, clock, random, software, log } = parts;
  const { dataDir } = own;
  const startedAt = clock.now();
  const sources = systemSources(dataDir);
  const outbox = new EventOutbox({ dataDir, clock, random, log });
  const add = (...data: readonly EntryData[]) => outbox.add(...data);
  const mode = new ServiceModeStore(dataDir, log);
  const consumables = new Consumables(dataDir, log);
  add({ kind: 'event', event: 'started', detail: {} });
  const twin = openTwin({ own, clock, boot: bootOf(), log, news: (news) => add(eventOf(news)) });
  const link = new MqttLink({
    address: own,
    credentials: credentialsOf(identity),
    access: new KeptAccess({ dataDir, ask: () => client.linkAccess(), log }),
    outbox,
    dataDir,
    clock,
    random,
    software,
    machine: machineHash(sources),
    settings: () => twin.version,
    log,
  });
  const news = new DeviceNews((entry) => add(entry));
  const undo: (() => void)[] = [];
  let look = (): void => undefined;
  let commands: CommandDesk | undefined;

  const follow = (terminal: RunningTerminal): void => {
    const { screen, registry } = terminal;
    const offer = new Offer({ screen, mode, clock, config: named(twin.config, identity) });
    const reported = (): Reported => {
      const devices = [...terminal.devices()];
      const { rttMs, reconnects } = link;
      return {
        software,
        startedAt,
        ...offer.mode,
        devices,
        limitations: [...terminal.limitations()],
        consumables: consumables.of(devices),
        openPayments: terminal.openPayments(),
        inSession: screen.inSession,
        settings: twin.reported,
        backlog: { letters: terminal.letters(), ...link.backlog },
        host: hostFacts(sources, clock.now()),
        network: { ...(rttMs === undefined ? {} : { rttMs: Math.round(rttMs) }), reconnects },
        ...(client.clockSkewMs === undefined ? {} : { clockSkewMs: client.clockSkewMs }),
      };
    };
    look = () => {
      news.look(terminal.devices());
      offer.look();
      twin.look();
      link.changed();
    };
    const probe = probeDevice(registry, clock);
    const telemetry = new Telemetry({
      clock,
      everySeconds: () => twin.config.telemetrySeconds,
      reported,
      add,
    });
    undo.push(
      () => telemetry.close(),
      () => offer.close(),
      mode.onChange(() => look()),
      offer.onChange(() => link.changed()),
    );
    link.reported(reported);
    link.onDesired(({ body }) => twin.offer(body));
    twin.follow({
      check: (settings, running) => checkSettings(settings, own, running, registry, probe),
      idle: () => !screen.inSession && terminal.openPayments() === 0,
      apply: (config) => {
        offer.configure(named(config, identity));
        terminal.setVolume(config.speech.level);
        link.changed();
      },
      restart: () => terminal.restart(),
    });
    look();
  };

  return {
    get config() {
      return twin.config;
    },
    link,
    twin,
    mode,
    add,
    start: () => link.start(),
    follow,
    obey: ({ restart, wipe, moneyDue, ...hands }) => {
      const { restartHost: program } = twin.config.commands;
      commands = new CommandDesk({
        memory: new CommandMemory(dataDir, log),
        acts: commandActs({
          ...hands,
          mode,
          upload: (...attachment) => client.attach(...attachment),
          place: named(own, identity),
          software,
          now: () => clock.now(),
          restartHost: program && (() => restartHost(program)),
        }),
        serving: hands.serving,
        moneyDue,
        add,
        boot: bootOf(),
        restart,
        wipe,
        clock,
        log,
      });
      const desk = commands;
      link.onCommand(({ body, until }) => desk.receive(body, until));
      undo.push(() => desk.close());
    },
    emptied: async (ms) => {
      const until = clock.monotonic() + ms;
      while (link.backlog.entries > 0 && clock.monotonic() < until) await sleep(clock, EMPTIED_EVERY_MS);
    },
    changed: () => {
      look();
      commands?.changed();
    },
    close: async () => {
      for (const each of undo) each();
      twin.close();
      add({ kind: 'event', event: 'stopping', detail: {} });
      await link.close();
      outbox.close();
    },
  };
}

/** Asked for at each connection: name and key may be other ones than at the start. */
const credentialsOf = (identity: DeviceIdentity): LinkCredentials => ({
  get user() {
    return identity.linkCredentials().user;
  },
  get clientId() {
    return identity.linkCredentials().clientId;
  },
  password: () => identity.linkCredentials().password(),
  tlsKey: () => identity.linkCredentials().tlsKey(),
});

/** How a service ended: done, left or failed. */
const ENDS: ReadonlySet<string> = new Set(['done', 'abandon', 'error']);
const WORD = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** Counts uses as before, and tells of each that has ended: the service and how, nothing of the person. */
export const usesTold = (usage: UsageRecorder, add: FleetSide['add']): UsageRecorder => ({
  use: (use) => {
    usage.use(use);
    const { service, step } = use;
    if (ENDS.has(step) && WORD.test(service))
      add({ kind: 'event', event: 'service-ended', detail: { service, outcome: step } });
  },
  rate: (rating) => usage.rate(rating),
});

const eventOf = (news: SettingsNews): EntryData => ({
  kind: 'event',
  event: `settings-${news.what}`,
  detail: { version: news.version, ...(news.what === 'refused' ? { faults: news.faults } : {}) },
});
