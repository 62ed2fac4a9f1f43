import type { Snapshot } from '@jolly/contracts/terminal-channel';
import {
  type Clock,
  isJollyError,
  type RandomBytes,
  sleep,
  systemClock,
  systemRandom,
} from '@jolly/contracts/values';
import type { DeviceRegistry } from '@jolly/drivers/registry';
import { personCaller } from './assistance/index.ts';
import {
  LoopbackChannel,
  Pictures,
  passesIn,
  type ScreenAids,
  type ScreenSource,
  type SecretCollector,
} from './channel/index.ts';
import { openLoginDesk, SecretPad } from './citizens/index.ts';
import { eraseData } from './commands/index.ts';
import type { RuntimeConfig } from './config/index.ts';
import { newControlToken, writeControl } from './control/index.ts';
import { DayEnd } from './day-end/index.ts';
import {
  deviceLimitations,
  type Log,
  openDevices,
  registerCamera,
  type ScreenCamera,
  ScreenReaders,
  withCardLeft,
} from './devices/index.ts';
import { checkJournal, type Diagnosis, diagnosisOf, runSteps, terminalSteps } from './diagnostics/index.ts';
import { DisplayKeeper } from './display-schedule/index.ts';
import { deviceRegistry } from './drivers.ts';
import { openFleetSide, usesTold } from './fleet.ts';
import { HttpFleetClient } from './fleet-link/index.ts';
import { registerGatewayTerminal } from './gateway-terminal/index.ts';
import { Guidance } from './guidance/index.ts';
import { keepEnrolling, named, openIdentity, openKeyStore, rotateKey, takeIn } from './identity/index.ts';
import { JOURNAL_FILE, openJournal } from './journal/index.ts';
import { LogRing } from './log-ring/index.ts';
import { PadKeys, watchHeadset } from './pad-keys/index.ts';
import { openPaymentDesk } from './payments/index.ts';
import { PowerKeeper } from './power/index.ts';
import { openServiceDesk, type ServiceDesk } from './services/index.ts';
import { Session } from './session/index.ts';
import { UsageStore } from './usage/index.ts';
import { espeakEngine, noEngine, VoiceDesk } from './voice/index.ts';
import { WireRecordings } from './wire-recorder/index.ts';

/** How often a server that does not answer is tried. */
const PROBE_MS = 5000;
/** A change of the key that an answer was lost of is finished while the server still takes the old one. */
const KEY_MS = 60_000;
/** How long a wipe waits until the server knows of it. */
const LAST_WORD_MS = 60_000;
/** How often it looks whether money is still due. */
const WIPE_LOOK_MS = 500;

export interface TerminalParts {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  readonly registry?: DeviceRegistry;
  readonly software: string;
  readonly log: Log;
  /** Ends the terminal in order, and the computer with it where the configuration says so. */
  readonly shutDown?: () => void;
  /** Ends the terminal in order, to be started again at once. */
  readonly restart?: () => void;
}

/** A running terminal. */
export interface Terminal {
  readonly screen: ScreenSource;
  /** Where the screen's secret keys go. */
  readonly secrets: SecretCollector;
  /** The voice, and the keypad's keys. */
  readonly aids: ScreenAids;
  /** An address that opens the screen once. */
  mint(): string;
  diagnose(): Promise<Diagnosis>;
  /** Finishes what is being written, then lets go of devices and links. */
  close(): Promise<void>;
}

/** Puts a terminal together and starts it: recovery first, then the screen. */
export async function startTerminal(settings: RuntimeConfig, parts: TerminalParts): Promise<Terminal> {
  const { clock = systemClock, random = systemRandom } = parts;
  const ring = new LogRing(settings.dataDir, clock);
  const log = ring.beside(parts.log);
  const journal = openJournal(settings.dataDir, { clock });
  const keys = openKeyStore(settings.dataDir, settings.keyStore, log);
  const identity = openIdentity(settings, clock, random, keys);
  const own = named(settings, identity);
  const recordings = new WireRecordings({ dataDir: own.dataDir, clock, log });
  let camera: ScreenCamera | undefined;
  let look = (): void => undefined;
  const onReachable = new Set<() => void>();
  const client = new HttpFleetClient({
    serverUrl: own.serverUrl,
    identity,
    clock,
    onReachable: (reachable) => {
      log('server', { reachable });
      for (const hear of onReachable) hear();
      look();
      if (reachable) services?.refresh();
    },
  });
  const fleet = openFleetSide({ own, client, identity, clock, random, software: parts.software, log });
  const config = named(fleet.config, identity);
  const known = registerCamera(parts.registry ?? deviceRegistry(config), (made) => {
    camera = made;
  });
  const registry = registerGatewayTerminal(known, {
    fleet: client,
    onReachable: (listener) => {
      onReachable.add(listener);
      return () => onReachable.delete(listener);
    },
  });
  const devices = openDevices(config, registry, clock, log, recordings);
  let services: ServiceDesk | undefined;
  let session: Session | undefined;
  const { payment } = config;
  const desk = openPaymentDesk({
    journal,
    fleet: client,
    pos: devices.pos,
    printer: devices.printer,
    clock,
    random,
    place: config,
    // slips exist in two languages: the Italian stands on all of them
    language: () => (session?.snapshot().preferences.language === 'it' ? 'it' : 'en'),
    limits: { minTokenMs: payment.minTokenSeconds * 1000, outcomeWaitMs: payment.outcomeWaitSeconds * 1000 },
    maxClockSkewMs: payment.maxClockSkewSeconds * 1000,
    doorOpen: () => devices.door?.door === 'open',
    log,
  });
  const usage = new UsageStore({
    dataDir: config.dataDir,
    place: config,
    clock,
    random,
    send: (batch) => client.usage(batch),
    log,
  });
  const pad = new SecretPad({
    clock,
    present: () => session?.intent({ type: 'touched' }),
    uncovered: () => session?.asksSecret ?? false,
  });
  const { methods, withoutPin, shufflePad } = config.login;
  const logins =
    devices.card &&
    openLoginDesk({
      reader: devices.card,
      fleet: client,
      pad,
      clock,
      random,
      place: config,
      settings: { methods, withoutPin, shufflePad },
      log,
    });
  const { engine, command, level } = config.speech;
  const voice = new VoiceDesk({ engine: engine === 'none' ? noEngine : espeakEngine(command), clock, log });
  const speaks = await voice.open();
  services = openServiceDesk({ client, printer: devices.printer, clock, random, place: config, log });
  const callPerson = personCaller({ client, clock, random });
  session = new Session({
    config,
    clock,
    desk,
    logins,
    services,
    barcode: devices.barcode,
    usage: usesTold(usage, fleet.add),
    callPerson,
    voice: speaks,
    log,
  });
  const running = session;
  const padKeys =
    devices.keypad &&
    new PadKeys({
      clock,
      keypad: devices.keypad,
      sameKeyMs: config.keypad.sameKeyMs,
      intent: (intent) => running.intent(intent),
      secretField: () => (running.asksSecret ? pad.field : undefined),
      secret: (key) => pad.key(key),
    });
  const pictures = new Pictures(clock);
  const aids: ScreenAids = {
    speak: (said, signal) => voice.speak(said, signal),
    onKey: (listener) => padKeys?.onKey(listener) ?? (() => undefined),
    pictures,
  };
  const readers = new ScreenReaders(session, camera, () => devices.barcode.wedgeSeen());

  const recovered = await desk.recover();
  log('recovered', { ...recovered });

  const power =
    devices.ups &&
    new PowerKeeper({
      ups: devices.ups,
      clock,
      busy: () => desk.busy || (services?.printing ?? false),
      patienceMs: config.power.waitSeconds * 1000,
      silenceMs: config.power.silentSeconds * 1000,
      shutDown: () => {
        log('shut-down', { why: 'battery-low' });
        parts.shutDown?.();
      },
      changed: () => look(),
      log,
    });
  const display =
    devices.display &&
    new DisplayKeeper({
      display: devices.display,
      clock,
      hours: config.screen.hours,
      timeZone: config.timeZone,
      lingerMs: config.screen.lingerSeconds * 1000,
      inSession: () => running.inSession,
      near: () => devices.presence?.presence === 'present',
    });
  const guidance = devices.lights && new Guidance(devices.lights);
  // a touch that means nothing to the page still shows that somebody is there
  const screen: ScreenSource = {
    snapshot: () => readers.snapshot(),
    onSnapshot: (listener) => readers.onSnapshot(listener),
    intent: (intent, at) => {
      display?.sign();
      return running.intent(intent, at);
    },
    reader: (frame) => readers.reader(frame),
  };
  // who was taken in before is known until the server says otherwise
  let enrolled = config.enrolmentCode === undefined && identity.namedBy !== 'nobody';
  const limitations = () => {
    const all = new Set([...desk.limitations(), ...deviceLimitations(devices)]);
    if (!enrolled || !client.reachable) all.add('payments-offline');
    if (power?.failing) all.add('power-failing');
    return [...all];
  };
  fleet.follow({
    devices: () => devices.reports().map((report) => withCardLeft(report, logins?.card === 'left')),
    limitations,
    openPayments: () => desk.openPayments,
    letters: () => desk.outboxDepth,
    screen: running,
    setVolume: (level) => void devices.audio?.setLevel(level),
    restart: () => parts.restart?.(),
    registry,
  });
  look = () => {
    running.limitations(limitations());
    power?.look();
    guidance?.follow(running.snapshot());
    fleet.changed();
  };
  const followed = (snapshot: Snapshot): void => {
    fleet.changed();
    power?.look();
    guidance?.follow(snapshot);
    if (running.inSession) display?.sign();
    else display?.look();
  };
  const undo = [
    devices.onHealth(look),
    desk.onChange(look),
    running.onSnapshot(followed),
    ...(devices.door
      ? [
          devices.door.onDoor((door) => {
            log('door', { door });
            fleet.add({ kind: 'event', event: door === 'open' ? 'door-opened' : 'door-closed', detail: {} });
            look();
          }),
        ]
      : []),
    ...(devices.presence && display ? [devices.presence.onPresence(() => display.look())] : []),
    () => power?.stop(),
    () => display?.stop(),
    // the voice first: nothing private is spoken while the screen is still being told
    watchHeadset(devices, (plugged) => {
      voice.headset(plugged);
      running.headset(plugged);
    }),
    () => padKeys?.close(),
    ...(logins ? [logins.onChange(() => fleet.changed())] : []),
  ];

  if (identity.namedBy === 'nobody') {
    running.enrolment({ name: 'enrolment', state: 'asking', fingerprint: identity.fingerprint });
  }
  const enrolment = keepEnrolling(
    () =>
      takeIn({
        config: settings,
        identity,
        client,
        software: parts.software,
        show: (screen) => running.enrolment(screen),
      }),
    clock,
    {
      enrolled: () => {
        enrolled = true;
        fleet.start();
        services?.refresh();
        log('enrolled');
        look();
        fleet.changed();
      },
      failed: (error, nextMs) => log('enrolment-failed', { code: codeOf(error), nextMs }),
    },
  );
  undo.push(() => enrolment.stop());
  undo.push(
    every(clock, KEY_MS, () => {
      if (!enrolled || !identity.changing) return;
      rotateKey(identity, client).catch((error: unknown) => log('key-not-changed', { code: codeOf(error) }));
    }),
    every(clock, PROBE_MS, () => {
      look();
      if (!client.reachable && enrolled)
        client.time().catch((error: unknown) => log('probe-failed', { code: codeOf(error) }));
    }),
  );
  const dayEnd = new DayEnd({
    clock,
    timeZone: config.timeZone,
    hour: config.payment.dayEnd,
    desk,
    idle: () => running.snapshot().session === undefined && desk.openPayments === 0,
    log,
  });
  undo.push(() => dayEnd.stop());

  const diagnose = async (): Promise<Diagnosis> => {
    const steps = terminalSteps({
      config,
      devices,
      client,
      journal: () => checkJournal(config.dataDir),
      clock,
    });
    return diagnosisOf(config, await runSteps(steps, clock), 'terminal', clock.now());
  };
  const controlToken = newControlToken(random);
  const channel = new LoopbackChannel({
    port: config.channelPort,
    screenDir: config.screenDir,
    source: screen,
    secrets: pad,
    aids,
    clock,
    random,
    controlToken,
    passes: passesIn(config.dataDir, log),
    control: {
      doctor: diagnose,
      'day-end': () => dayEnd.closeToday(),
      'wire-record': async () => recordings.start(),
      'wire-stop': async () => recordings.stop(),
    },
    log,
  });
  await channel.listen();
  writeControl(config.dataDir, { origin: channel.origin, token: controlToken, pid: process.pid });
  look();
  const { audio } = devices;
  await audio?.setLevel(level);
  let [wiping, closed] = [false, false];
  const serving = () => running.inSession || desk.busy || (services?.printing ?? false);
  const moneyDue = () => desk.openPayments > 0 || desk.outboxDepth > 0;
  fleet.obey({
    serving,
    moneyDue,
    selfTest: async () => (await diagnose()).steps,
    logs: (minutes) => ring.since(minutes),
    screenshot: () => pictures.ask(),
    printer: devices.printer,
    setLevel: audio && ((wanted) => audio.setLevel(wanted)),
    rotateKey: () => rotateKey(identity, client),
    restart: () => parts.restart?.(),
    wipe: async () => {
      await fleet.emptied(LAST_WORD_MS);
      // somebody may have paid meanwhile, or before a power cut: without the key nobody could tell the server
      while (!closed && (serving() || moneyDue())) await sleep(clock, WIPE_LOOK_MS);
      if (closed) return;
      identity.wipe();
      wiping = true;
      parts.restart?.();
    },
  });

  return {
    screen,
    secrets: pad,
    aids,
    mint: () => channel.mint(),
    diagnose,
    close: async () => {
      closed = true;
      for (const each of undo) each();
      await fleet.close();
      readers.close();
      running.close();
      services?.close();
      await channel.close();
      await logins?.close();
      await desk.close();
      usage.close();
      await devices.close();
      recordings.stop();
      client.close();
      const unfinished = moneyDue();
      journal.close();
      if (wiping) eraseData(config.dataDir, (name) => unfinished && name.startsWith(JOURNAL_FILE));
      else ring.save();
    },
  };
}

const codeOf = (error: unknown): string => {
  if (isJollyError(error)) return String(error.detail.code ?? error.detail.why ?? error.code);
  return error instanceof Error ? error.name : 'unknown';
};

function every(clock: Clock, ms: number, task: () => void): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(ms, () => {
      task();
      next();
    });
  };
  next();
  return () => cancel();
}
