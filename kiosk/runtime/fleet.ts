import type { DeviceReport } from '@jolly/contracts/device-report';
import type { EntryData, Reported } from '@jolly/contracts/fleet-link';
import type { Limitation } from '@jolly/contracts/terminal-channel';
import { type Clock, type RandomBytes, sleep } from '@jolly/contracts/values';
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
  MqttLink,
  type TerminalLink,
} from './fleet-link/index.ts';
import { hostFacts, machineHash, systemSources, Telemetry } from './host-facts/index.ts';
import type { DeviceIdentity } from './identity/index.ts';
import { Consumables, DeviceNews } from './reports/index.ts';
import { ServiceModeStore } from './service-mode/index.ts';

const EMPTIED_EVERY_MS = 200;

export interface FleetParts {
  readonly config: RuntimeConfig;
  readonly client: FleetClient & AttachmentClient;
  readonly identity: DeviceIdentity;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly software: string;
  readonly log: Log;
}

/** What the terminal knows of itself when it is asked. */
export interface TerminalState {
  devices(): readonly DeviceReport[];
  limitations(): readonly Limitation[];
  openPayments(): number;
  letters(): number;
  inSession(): boolean;
}

/** With what the terminal does what staff ask of it. */
export type CommandHands = Pick<
  CommandWorld,
  'serving' | 'selfTest' | 'logs' | 'screenshot' | 'printer' | 'setLevel' | 'rotateKey'
> & {
  /** Ends the process so that it is started again. */
  restart(): void;
  /** Removes everything and ends the process. */
  wipe(): Promise<void>;
};

/** The terminal's side of the fleet: link, settings, mode, measures. */
export interface FleetSide {
  readonly link: TerminalLink;
  readonly mode: ServiceModeStore;
  /** Kept until the server has it. */
  add(...data: readonly EntryData[]): void;
  /** Begins to link; safe to repeat. */
  start(): void;
  /** The terminal stands: from now on its state is told. */
  follow(state: TerminalState): void;
  /** From now on what staff ask is done. */
  obey(hands: CommandHands): void;
  /** Resolves when the server has all that waits, or after so long. */
  emptied(ms: number): Promise<void>;
  /** Something of the terminal may have changed. */
  changed(): void;
  close(): Promise<void>;
}

export function openFleetSide(parts: FleetParts): FleetSide {
  const { config, client, identity, clock, random, software, log } = parts;
  const { dataDir } = config;
  const startedAt = clock.now();
  const sources = systemSources(dataDir);
  const outbox = new EventOutbox({ dataDir, clock, random, log });
  const mode = new ServiceModeStore(dataDir, log);
  const consumables = new Consumables(dataDir, log);
  const link = new MqttLink({
    address: config,
    credentials: identity.linkCredentials(),
    access: new KeptAccess({ dataDir, ask: () => client.linkAccess(), log }),
    outbox,
    dataDir,
    clock,
    random,
    software,
    machine: machineHash(sources),
    settings: () => 0,
    log,
  });
  const news = new DeviceNews((entry) => link.add(entry));
  let look = (): void => undefined;
  let commands: CommandDesk | undefined;
  const undo: (() => void)[] = [mode.onChange(() => link.changed())];
  const add = (...data: readonly EntryData[]) => link.add(...data);
  add({ kind: 'event', event: 'started', detail: {} });

  return {
    link,
    mode,
    add,
    start: () => link.start(),
    follow: (state) => {
      const reported = (): Reported => {
        const devices = [...state.devices()];
        const { rttMs, reconnects } = link;
        return {
          software,
          startedAt,
          ...mode.state,
          devices,
          limitations: [...state.limitations()],
          consumables: consumables.of(devices),
          openPayments: state.openPayments(),
          inSession: state.inSession(),
          settings: { version: 0 },
          backlog: { letters: state.letters(), ...link.backlog },
          host: hostFacts(sources, clock.now()),
          network: { ...(rttMs === undefined ? {} : { rttMs: Math.round(rttMs) }), reconnects },
          ...(client.clockSkewMs === undefined ? {} : { clockSkewMs: client.clockSkewMs }),
        };
      };
      look = () => news.look(state.devices());
      look();
      link.reported(reported);
      const telemetry = new Telemetry({ clock, everySeconds: () => 60, reported, add });
      undo.push(() => telemetry.close());
    },
    obey: ({ restart, wipe, ...hands }) => {
      const { restartHost: program } = config.commands;
      commands = new CommandDesk({
        memory: new CommandMemory(dataDir, log),
        acts: commandActs({
          ...hands,
          mode,
          upload: (...attachment) => client.attach(...attachment),
          place: config,
          software,
          now: () => clock.now(),
          restartHost: program && (() => restartHost(program)),
        }),
        serving: hands.serving,
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
      link.changed();
    },
    close: async () => {
      for (const each of undo) each();
      add({ kind: 'event', event: 'stopping', detail: {} });
      await link.close();
      outbox.close();
    },
  };
}
