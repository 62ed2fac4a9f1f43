import { join } from 'node:path';
import {
  downFilter,
  type Entries,
  type EntryData,
  type Hello,
  LINK_VERSION,
  type LinkAddress,
  type Presence,
  type Reported,
  type ReportedMessage,
  type SentCommand,
  type Up,
  upTopic,
  type Welcome,
} from '@jolly/contracts/fleet-link';
import { type Clock, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import type { Log } from '../../devices/index.ts';
import { DurableSlots } from '../../durable-file/index.ts';
import { BatchSender, type EventOutbox } from '../../event-outbox/index.ts';
import { ReportedTeller } from '../../reports/index.ts';
import type { KeptAccess } from '../access.ts';
import { reconnectWait } from './back-off.ts';
import { Connection } from './connection.ts';
import { type Opened, Opener, type Refusal } from './opening.ts';
import type { Down, LinkCredentials, Offered, TerminalLink } from './port.ts';

export const LEASE_FILE = 'link-lease';

/** A server that does not answer a hello is not there: another connection is tried. */
const WELCOME_MS = 20_000;
/** A connection that lived so long was a good one: the next failure is the first again. */
const STABLE_MS = 60_000;
const GOODBYE_MS = 2_000;
/** How often, at most, HTTP is asked for the way to the link while connections fail. */
const ACCESS_MS = 60_000;
/** Commands that come before there is who does them; the server sends those that are lost again. */
const MOST_EARLY = 20;

export interface MqttLinkOptions {
  readonly address: LinkAddress;
  readonly credentials: LinkCredentials;
  readonly access: KeptAccess;
  readonly outbox: EventOutbox;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly software: string;
  /** Hash of what tells this machine from another. */
  readonly machine: string;
  /** Version of the settings that hold. */
  readonly settings: () => number;
  readonly log: Log;
}

interface Live {
  readonly connection: Connection;
  readonly boot: string;
  readonly helloId: string;
  readonly cancelWelcome: () => void;
  welcome: boolean;
}

/**
 * Keeps one connection to the fleet server's broker: connects, says hello, stores the lease of the welcome, then tells how the terminal is
 * and what waits. Every message that comes down is opened first; what is not the server's is counted and said once.
 */
export class MqttLink implements TerminalLink {
  readonly #options: MqttLinkOptions;
  readonly #opener: Opener;
  readonly #batches: BatchSender;
  readonly #teller: ReportedTeller;
  readonly #lease: DurableSlots;
  readonly #connectedListeners = new Set<(connected: boolean) => void>();
  readonly #refusals = new Map<Refusal, number>();
  readonly #early: { desired?: Down<Offered>; readonly commands: Down<SentCommand>[] } = { commands: [] };
  #hearDesired: ((desired: Down<Offered>) => void) | undefined;
  #hearCommand: ((command: Down<SentCommand>) => void) | undefined;
  #hearSignal: ((signal: Down<unknown>) => void) | undefined;
  #live: Live | undefined;
  #connecting: Connection | undefined;
  #failures = 0;
  #welcomes = 0;
  #urlAt = 0;
  #accessAskedAt = Number.NEGATIVE_INFINITY;
  /** The server's clock, and our monotonic one at that instant: ours on the wall may be set meanwhile. */
  #welcomed: { readonly now: number; readonly at: number } | undefined;
  #cancelNext: (() => void) | undefined;
  #closed = false;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    const { clock, random, outbox, log } = options;
    this.#opener = new Opener(options.address);
    this.#lease = new DurableSlots(join(options.dataDir, LEASE_FILE));
    this.#batches = new BatchSender({
      outbox,
      clock,
      newId: () => uuidv7(clock.now(), random),
      send: (id, entries: Entries) => this.#send('entries', entries, id),
      log,
    });
    this.#teller = new ReportedTeller({
      clock,
      send: (message: ReportedMessage) => this.#send('reported', message),
    });
  }

  get connected(): boolean {
    return this.#live?.welcome ?? false;
  }

  get reconnects(): number {
    return Math.max(0, this.#welcomes - 1);
  }

  get rttMs(): number | undefined {
    return this.#batches.rttMs;
  }

  get backlog(): { entries: number; dropped: number } {
    const { entries, dropped } = this.#options.outbox;
    return { entries, dropped };
  }

  /** Messages that were not opened, by reason. */
  get refusals(): ReadonlyMap<Refusal, number> {
    return this.#refusals;
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.#connectedListeners.add(listener);
    return () => this.#connectedListeners.delete(listener);
  }

  onDesired(listener: (desired: Down<Offered>) => void): void {
    this.#hearDesired = listener;
    const early = this.#early.desired;
    delete this.#early.desired;
    if (early) listener(early);
  }

  onCommand(listener: (command: Down<SentCommand>) => void): void {
    this.#hearCommand = listener;
    for (const command of this.#early.commands.splice(0)) listener(command);
  }

  onSignal(listener: (signal: Down<unknown>) => void): void {
    this.#hearSignal = listener;
  }

  sendSignal(body: unknown): boolean {
    return this.connected && this.#send('signal', body);
  }

  add(...data: readonly EntryData[]): void {
    this.#options.outbox.add(...data);
  }

  reported(source: () => Reported): void {
    this.#teller.source = source;
  }

  changed(): void {
    this.#teller.changed();
  }

  /** Begins to connect. Safe to call again when there may be a new way (enrolled, network back). */
  start(): void {
    if (this.#closed || this.#live || this.#connecting) return;
    this.#accessAskedAt = Number.NEGATIVE_INFINITY;
    this.#next(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelNext?.();
    const live = this.#live;
    if (live) {
      const { clock } = this.#options;
      await live.connection.goodbye(
        upTopic(this.#options.address, 'presence'),
        presence({ online: false, boot: live.boot, why: 'stopping' }),
        (task) => clock.after(GOODBYE_MS, task),
      );
    }
    this.#connecting?.cut('stopping');
    this.#batches.close();
    this.#teller.close();
    this.#connectedListeners.clear();
  }

  #next(waitMs: number): void {
    if (this.#closed) return;
    this.#cancelNext?.();
    this.#cancelNext = this.#options.clock.after(waitMs, () => {
      this.#cancelNext = undefined;
      this.#connect().catch((error: unknown) => {
        this.#options.log('link-fault', { why: error instanceof Error ? error.message : 'unknown' });
        this.#failed();
      });
    });
  }

  #failed(): void {
    this.#failures++;
    this.#urlAt++;
    this.#next(reconnectWait(this.#failures, this.#options.random));
  }

  async #connect(): Promise<void> {
    const { access: kept, clock, random, address, credentials, log } = this.#options;
    let access = kept.known;
    if (!access || clock.monotonic() - this.#accessAskedAt >= ACCESS_MS) {
      this.#accessAskedAt = clock.monotonic();
      access = await kept.fresh();
    }
    if (this.#closed || this.#live || this.#connecting) return;
    const url = access?.urls[this.#urlAt % access.urls.length];
    if (!access || url === undefined) return this.#failed();
    this.#opener.trust(access.serverKeys);
    const boot = uuidv7(clock.now(), random);
    const startedAt = clock.monotonic();
    const connection = new Connection(
      url,
      {
        credentials,
        access,
        filter: downFilter(address),
        presence: {
          topic: upTopic(address, 'presence'),
          online: presence({ online: true, boot, why: 'connected' }),
          lost: presence({ online: false, boot, why: 'lost' }),
        },
      },
      {
        ready: () => this.#ready(connection, boot),
        message: (topic, payload) => this.#take(topic, payload),
        ended: (why) => {
          this.#connecting = undefined;
          const welcome = this.#live?.welcome ?? false;
          this.#gone();
          log('link-ended', { why, welcome });
          if (this.#closed) return;
          if (welcome && clock.monotonic() - startedAt >= STABLE_MS) this.#failures = 0;
          // the address was a good one: it stays the first to be tried
          if (welcome) this.#urlAt--;
          this.#failed();
        },
      },
    );
    this.#connecting = connection;
  }

  #ready(connection: Connection, boot: string): void {
    const { clock, random, software, machine, settings } = this.#options;
    this.#connecting = undefined;
    this.#live = {
      connection,
      boot,
      helloId: uuidv7(clock.now(), random),
      cancelWelcome: clock.after(WELCOME_MS, () => connection.cut('no-welcome')),
      welcome: false,
    };
    const lease = this.#lease.text ?? null;
    const hello: Hello = { boot, software, lease, machine, settings: settings() };
    this.#send('hello', hello, this.#live.helloId);
  }

  #gone(): void {
    const live = this.#live;
    this.#live = undefined;
    live?.cancelWelcome();
    this.#batches.shut();
    this.#teller.shut();
    if (live?.welcome) for (const hear of [...this.#connectedListeners]) hear(false);
  }

  #send(kind: Up, body: unknown, id?: string): boolean {
    const { clock, random, address } = this.#options;
    const at = clock.now();
    const text = JSON.stringify({ v: LINK_VERSION, id: id ?? uuidv7(at, random), at, body });
    return this.#live?.connection.publish(upTopic(address, kind), text) ?? false;
  }

  #serverNow(): number {
    const { clock } = this.#options;
    if (!this.#welcomed) return clock.now();
    return this.#welcomed.now + Math.round(clock.monotonic() - this.#welcomed.at);
  }

  #take(topic: string, payload: Uint8Array): void {
    const opened = this.#opener.open(topic, payload, this.#serverNow());
    if (typeof opened === 'string') this.#refuse(opened);
    else this.#heard(opened);
  }

  #refuse(why: Refusal): void {
    const count = (this.#refusals.get(why) ?? 0) + 1;
    this.#refusals.set(why, count);
    // the first of each kind is said; a copy is the network's way
    if (count === 1 && why !== 'replayed') this.#options.log('link-message-refused', { why });
    // perhaps the server has a new key
    if (why === 'signature' && this.#options.clock.monotonic() - this.#accessAskedAt >= ACCESS_MS) {
      this.#accessAskedAt = this.#options.clock.monotonic();
      this.#options.access.fresh().then(
        (access) => access && this.#opener.trust(access.serverKeys),
        (error: unknown) =>
          this.#options.log('link-fault', { why: error instanceof Error ? error.message : 'unknown' }),
      );
    }
  }

  #heard(opened: Opened): void {
    const live = this.#live;
    if (!live) return;
    const { id, at, exp, corr } = opened.envelope;
    const until =
      exp === undefined ? undefined : Math.round(this.#options.clock.now() + exp - this.#serverNow());
    const head = { id, at, until };
    switch (opened.kind) {
      case 'welcome':
        if (live.welcome || corr !== live.helloId) this.#refuse('unasked');
        else this.#greeted(live, opened.envelope.body);
        return;
      case 'ack':
        if (corr !== undefined) this.#batches.acknowledged(corr, opened.envelope.body);
        return;
      case 'ask':
        this.#teller.whole();
        this.#batches.again();
        return;
      case 'desired': {
        const desired = { ...head, body: opened.envelope.body };
        if (this.#hearDesired) this.#hearDesired(desired);
        else this.#early.desired = desired;
        return;
      }
      case 'command': {
        const command = { ...head, body: opened.envelope.body };
        if (this.#hearCommand) this.#hearCommand(command);
        else if (this.#early.commands.length < MOST_EARLY) this.#early.commands.push(command);
        return;
      }
      case 'signal':
        this.#hearSignal?.({ ...head, body: opened.envelope.body });
    }
  }

  #greeted(live: Live, { lease, now }: Welcome): void {
    const { clock, log } = this.#options;
    try {
      this.#lease.write(lease);
    } catch (error) {
      // whoever cannot keep it would be taken for a copy of itself the next time
      log('lease-not-stored', { why: error instanceof Error ? error.message : 'unknown' });
      live.connection.cut('lease-not-stored');
      return;
    }
    live.cancelWelcome();
    live.welcome = true;
    this.#welcomed = { now, at: clock.monotonic() };
    this.#welcomes++;
    log('linked', { reconnects: this.reconnects });
    this.#teller.open();
    this.#batches.open();
    for (const hear of [...this.#connectedListeners]) hear(true);
  }
}

const presence = (value: Presence): string => JSON.stringify(value);
