import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { createWebSocketStream, WebSocket } from 'ws';

/** Where the broker listens: `mqtts://host:port` with the CA that signs it, `mqtt://host:port`, or a WebSocket. */
export interface BrokerAddress {
  readonly url: string;
  /** PEM. */
  readonly ca?: string | undefined;
  /** Address of ours to connect from: each has 28,000 ports, and a port rests for a minute after its connection. */
  readonly from?: string | undefined;
}

export interface WireEvents {
  /** The broker has taken the connection. */
  up(): void;
  message(topic: string, payload: Buffer): void;
  /** Over, whoever ended it. */
  down(why: string): void;
}

/** Within so long a broker answers, or it is tried again. */
const ANSWER_MS = 30_000;

/**
 * The least of an MQTT 3.1.1 client: one connection, one subscription, QoS 1 out. Thousands of them are one process; what a real client keeps for
 * bad days (queues, reconnection, timers) is left out, and the crowd does it.
 */
export class Wire {
  readonly #socket: Duplex;
  readonly #events: WireEvents;
  readonly #sent = new Map<number, () => void>();
  #nextId = 1;
  #over = false;
  #ping: NodeJS.Timeout | undefined;
  readonly #patience: NodeJS.Timeout;

  constructor(address: BrokerAddress, hello: Omit<IConnectPacket, 'cmd'>, events: WireEvents) {
    this.#events = events;
    const { stream: socket, ready } = open(address);
    this.#socket = socket;
    this.#patience = setTimeout(() => this.#end('no-answer'), ANSWER_MS);
    const incoming = parser({ protocolVersion: 4 });
    incoming.on('packet', (packet: Packet) => this.#take(packet, hello.keepalive ?? 0));
    incoming.on('error', () => this.#end('nonsense'));
    socket.on('data', (bytes) => incoming.parse(bytes));
    socket.once(ready, () =>
      this.#write({ ...hello, cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4 }),
    );
    socket.once('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? 'error'));
    socket.once('close', () => this.#end('closed'));
  }

  /** Resolves when the broker has it; never where the connection ends first. */
  publish(topic: string, payload: string, retain = false): Promise<void> {
    if (this.#over) return new Promise(() => undefined);
    const messageId = this.#id();
    return new Promise((taken) => {
      this.#sent.set(messageId, taken);
      this.#write({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false, messageId });
    });
  }

  subscribe(topic: string): void {
    this.#write({ cmd: 'subscribe', messageId: this.#id(), subscriptions: [{ topic, qos: 1 }] });
  }

  /** `abrupt`: as a pulled cable would, without a word. */
  close(abrupt = false): void {
    if (!abrupt && !this.#over) this.#write({ cmd: 'disconnect' });
    this.#socket.destroy();
  }

  #take(packet: Packet, keepalive: number): void {
    if (packet.cmd === 'connack') {
      if (packet.returnCode !== 0) {
        this.#end(`refused-${packet.returnCode}`);
        return;
      }
      clearTimeout(this.#patience);
      if (keepalive > 0) {
        this.#ping = setInterval(() => this.#write({ cmd: 'pingreq' }), keepalive * 1000);
      }
      this.#events.up();
    } else if (packet.cmd === 'puback') {
      const taken = this.#sent.get(packet.messageId ?? 0);
      this.#sent.delete(packet.messageId ?? 0);
      taken?.();
    } else if (packet.cmd === 'publish') {
      if (packet.qos === 1) this.#write({ cmd: 'puback', messageId: packet.messageId ?? 0 });
      this.#events.message(
        packet.topic,
        Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload),
      );
    }
  }

  #id(): number {
    const id = this.#nextId;
    this.#nextId = id === 0xffff ? 1 : id + 1;
    return id;
  }

  #write(packet: Packet): void {
    if (!this.#over) this.#socket.write(generate(packet));
  }

  #end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#ping);
    clearTimeout(this.#patience);
    this.#sent.clear();
    this.#socket.destroy();
    this.#events.down(why);
  }
}

/** `ready`: the event at which bytes may go. */
function open(address: BrokerAddress): { readonly stream: Duplex; readonly ready: string } {
  const { hostname, port, protocol } = new URL(address.url);
  const from = address.from === undefined ? {} : { localAddress: address.from };
  if (protocol === 'ws:' || protocol === 'wss:') {
    const socket = new WebSocket(address.url, 'mqtt', { ca: address.ca, ...from });
    const stream = createWebSocketStream(socket);
    socket.once('open', () => stream.emit('ready'));
    return { stream, ready: 'ready' };
  }
  const to = { host: hostname, port: Number(port || (protocol === 'mqtts:' ? 8883 : 1883)), noDelay: true };
  if (protocol !== 'mqtts:') return { stream: connectTcp({ ...to, ...from }), ready: 'connect' };
  const servername = hostname === '127.0.0.1' ? 'localhost' : hostname;
  const options = { ...to, ...from, ca: address.ca, servername };
  return { stream: connectTls(options), ready: 'secureConnect' };
}
