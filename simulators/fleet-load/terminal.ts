import { sign } from 'node:crypto';
import {
  Ack,
  Command,
  Desired,
  downFilter,
  type EntryData,
  envelopeOf,
  KEEPALIVE_SECONDS,
  LINK_VERSION,
  type LinkAddress,
  linkClientId,
  linkProof,
  linkUser,
  type Reported,
  readTopic,
  SignedDown,
  type Up,
  upTopic,
  Welcome,
} from '@jolly/contracts/fleet-link';
import { systemRandom, uuidv7 } from '@jolly/contracts/values';
import { type LoadKey, loadKey } from './key.ts';
import { type BrokerAddress, Wire } from './wire.ts';

export interface Counts {
  sent: number;
  acknowledged: number;
  /** Entries that were sent again because nobody acknowledged them. */
  resent: number;
  commands: number;
  refusals: Record<string, number>;
}

/** How long an entry waits for its acknowledgement before it is sent again. */
const RESEND_MS = 15_000;

const envelope = <T>(body: T) => ({ v: LINK_VERSION, id: uuidv7(Date.now()), at: Date.now(), body });
const readers = {
  welcome: envelopeOf(Welcome),
  ack: envelopeOf(Ack),
  desired: envelopeOf(Desired),
  command: envelopeOf(Command),
} as const;

/**
 * A made-up terminal over the real protocol: it proves itself, says hello, reports a whole twin, sends entries and keeps them until the server's own
 * acknowledgement, takes settings and commands. What it lacks of a real one: disk, devices, citizens.
 */
export class LoadTerminal {
  readonly address: LinkAddress;
  readonly #key: LoadKey;
  readonly #broker: BrokerAddress;
  readonly #counts: Counts;
  readonly #waiting = new Map<
    string,
    { readonly payload: unknown; readonly entries: number; since: number }
  >();
  #wire: Wire | undefined;
  #lease: string | null = null;
  #settings = 0;
  #seq = 0;
  /** Welcome of this connection was heard: what it sends is believed. */
  green = false;
  #hello = '';
  onDown: (why: string) => void = () => undefined;
  /** Milliseconds from a batch to the server's acknowledgement. */
  onAck: (ms: number) => void = () => undefined;

  constructor(address: LinkAddress, seed: string, broker: BrokerAddress, counts: Counts) {
    this.address = address;
    this.#key = loadKey(seed, address.terminalId);
    this.#broker = broker;
    this.#counts = counts;
  }

  connect(): void {
    const user = linkUser(this.address);
    const clientId = linkClientId(this.address);
    const boot = uuidv7(Date.now());
    const proof = {
      user,
      clientId,
      timestamp: Date.now(),
      nonce: Buffer.from(systemRandom(16)).toString('base64url'),
    };
    const signature = sign(null, Buffer.from(linkProof(proof)), this.#key.privateKey).toString('base64url');
    const { timestamp, nonce } = proof;
    const wire = new Wire(
      this.#broker,
      {
        clientId,
        clean: true,
        keepalive: KEEPALIVE_SECONDS,
        username: user,
        password: Buffer.from(JSON.stringify({ timestamp, nonce, signature })),
        will: {
          topic: upTopic(this.address, 'presence'),
          payload: JSON.stringify({ online: false, boot, why: 'lost' }),
          qos: 1,
          retain: true,
        },
      },
      {
        up: () => {
          wire.subscribe(downFilter(this.address));
          void wire.publish(
            upTopic(this.address, 'presence'),
            JSON.stringify({ online: true, boot, why: 'connected' }),
            true,
          );
          const hello = {
            boot,
            software: '0.1.0',
            lease: this.#lease,
            machine: this.address.terminalId,
            settings: this.#settings,
          };
          const greeting = envelope(hello);
          this.#hello = greeting.id;
          this.#send('hello', greeting);
        },
        message: (topic, payload) => this.#take(topic, payload),
        down: (why) => {
          if (this.#wire !== wire) return;
          this.#wire = undefined;
          this.green = false;
          this.#counts.refusals[why] = (this.#counts.refusals[why] ?? 0) + 1;
          this.onDown(why);
        },
      },
    );
    this.#wire = wire;
  }

  /** As a pulled cable: no good-bye, so that the will speaks. */
  drop(abrupt = true): void {
    const wire = this.#wire;
    this.#wire = undefined;
    this.green = false;
    wire?.close(abrupt);
  }

  /** Puts entries of this data in a batch of their own. */
  entries(data: readonly EntryData[]): void {
    const at = Date.now();
    const batch = envelope({ entries: data.map((each) => ({ id: uuidv7(at), at, data: each })), dropped: 0 });
    this.#waiting.set(batch.id, { payload: batch, entries: data.length, since: performance.now() });
    this.#counts.sent += data.length;
    if (this.green) this.#send('entries', batch);
  }

  /** What a terminal measures of itself, as a real one tells it. */
  heartbeat(): void {
    const metrics = {
      ...{ 'disk-free-mb': 42_017, 'memory-free-mb': 913, 'temperature-c': 41.5, load: 0.21 },
      ...{ 'app-memory-mb': 187, 'rtt-ms': 18, reconnects: 1, 'clock-skew-ms': 12, 'letters-waiting': 0 },
      ...{ 'entries-waiting': this.#waiting.size, 'in-session': 0 },
      ...{ 'printer-paper-mm-left': 0.61, 'printer-paper-mm-used': 120_343 },
    };
    this.entries([{ kind: 'telemetry', metrics }]);
  }

  /** Something small changed: as a device that runs out of paper and gets new one. */
  changes(limitations: readonly string[]): void {
    if (!this.green) return;
    this.#seq += 1;
    this.#send(
      'reported',
      envelope({ form: 'patch', seq: this.#seq, patch: { limitations: [...limitations] } }),
    );
  }

  /** Sends again what has waited too long. */
  remind(now = performance.now()): void {
    if (!this.green) return;
    for (const each of this.#waiting.values()) {
      if (now - each.since < RESEND_MS) continue;
      each.since = now;
      this.#counts.resent += each.entries;
      this.#send('entries', each.payload);
    }
  }

  get unacknowledged(): number {
    return this.#waiting.size;
  }

  #send(kind: Up, message: unknown): void {
    void this.#wire?.publish(upTopic(this.address, kind), JSON.stringify(message));
  }

  #take(topic: string, payload: Buffer): void {
    const read = readTopic(topic);
    if (read?.way !== 'down') return;
    const { signed } = SignedDown.parse(JSON.parse(payload.toString('utf8')));
    const message: unknown = JSON.parse(signed);
    if (read.kind === 'ack') this.#acknowledged(readers.ack.parse(message).corr ?? '');
    else if (read.kind === 'welcome') {
      const { corr, body } = readers.welcome.parse(message);
      // that of an older connection gives a lease which is old by now
      if (corr !== this.#hello) return;
      this.#lease = body.lease;
      this.green = true;
      this.#report();
      for (const each of this.#waiting.values()) this.#send('entries', each.payload);
    } else if (read.kind === 'desired') {
      this.#settings = readers.desired.parse(message).body.version;
      this.#report();
    } else if (read.kind === 'command') {
      this.#counts.commands += 1;
      const { commandId } = readers.command.parse(message).body;
      this.entries([{ kind: 'command', commandId, state: 'done' }]);
    } else if (read.kind === 'ask') this.#report();
  }

  #acknowledged(batchId: string): void {
    const batch = this.#waiting.get(batchId);
    if (!batch) return;
    this.#waiting.delete(batchId);
    this.#counts.acknowledged += batch.entries;
    this.onAck(performance.now() - batch.since);
  }

  #report(): void {
    this.#seq += 1;
    const lease = this.#lease === null ? {} : { lease: this.#lease };
    this.#send('reported', envelope({ form: 'whole', seq: this.#seq, reported: this.#reported(), ...lease }));
  }

  #reported(): Reported {
    const device = (role: 'pos' | 'printer' | 'barcode' | 'card', uri: string) => ({
      role,
      uri,
      state: 'ready' as const,
      reasons: [],
      since: 0,
      counters: {},
    });
    return {
      software: '0.1.0',
      startedAt: 0,
      mode: 'in-service',
      devices: [
        device('pos', 'ecr17+tcp://127.0.0.1:10000'),
        device('printer', 'escpos+serial:///dev/ttyS0'),
        device('barcode', 'scanner+serial:///dev/ttyS1'),
        device('card', 'pcsc:ACR1252'),
      ],
      limitations: [],
      consumables: [{ role: 'printer', name: 'paper-mm', left: 0.6, used: 120_000 }],
      openPayments: 0,
      inSession: false,
      settings: { version: this.#settings },
      backlog: { letters: 0, entries: this.#waiting.size, dropped: 0 },
      host: { memoryFreeMb: 900, memoryTotalMb: 4000, diskFreeMb: 42_000, diskTotalMb: 64_000 },
      network: { reconnects: 0 },
    };
  }
}
