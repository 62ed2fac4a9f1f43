import { isJollyError } from '@jolly/contracts/values';
import { Backoff } from '../transport/index.ts';
import type { Announced, UnsolicitedMessage } from './codec/index.ts';
import {
  type CommandOptions,
  type Completion,
  Conversation,
  type ConversationPorts,
} from './conversation.ts';
import { findService } from './discovery.ts';
import { xfsError } from './errors.ts';
import type { XfsAddress } from './settings.ts';

export interface ServicePorts extends ConversationPorts {
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

export interface ServiceEvents {
  /** Connected, and it said what it can. */
  up(announced: Announced): void;
  down(reason: string): void;
  unsolicited(message: UnsolicitedMessage): void;
}

/** One service, connected again by itself with back-off. */
export class XfsService {
  readonly #address: XfsAddress;
  readonly #interface: string;
  readonly #ports: ServicePorts;
  readonly #backoff: Backoff;
  #events: ServiceEvents | undefined;
  #talk: Conversation | undefined;
  #up = false;
  #stopWaiting: () => void = () => undefined;
  #closed = false;
  readonly counters = { connections: 0, lost: 0, commands: 0 };

  constructor(address: XfsAddress, wanted: string, ports: ServicePorts) {
    this.#address = address;
    this.#interface = wanted;
    this.#ports = ports;
    this.#backoff = new Backoff(ports.random);
  }

  get isUp(): boolean {
    return this.#up;
  }

  start(events: ServiceEvents): void {
    this.#events = events;
    void this.#connect();
  }

  /** As `Conversation.command`; rejects with `XFS_LINK_DOWN` while not connected. */
  command(
    name: string,
    payload: Readonly<Record<string, unknown>> = {},
    options: CommandOptions = {},
  ): Promise<Completion> {
    if (!this.#talk || !this.#up) return Promise.reject(xfsError('XFS_LINK_DOWN', { name }));
    this.counters.commands += 1;
    return this.#talk.command(name, payload, options);
  }

  versionOf(name: string): string {
    return this.#talk?.versionOf(name) ?? '2.0';
  }

  close(): void {
    this.#closed = true;
    this.#events = undefined;
    this.#up = false;
    this.#stopWaiting();
    this.#talk?.close();
  }

  async #connect(): Promise<void> {
    try {
      const url = await findService(this.#address, this.#interface, this.#ports);
      if (this.#closed) return;
      const talk: Conversation = new Conversation(url, this.#ports, {
        unsolicited: (message) => this.#events?.unsolicited(message),
        closed: (reason) => {
          if (this.#talk === talk && this.#up) this.#lost(reason);
        },
      });
      this.#talk = talk;
      const announced = await talk.greet();
      if (this.#closed) return;
      if (!announced.interfaces.includes(this.#interface)) {
        talk.close();
        throw xfsError('XFS_NO_SUCH_SERVICE', { wanted: this.#interface, reason: 'no-such-interface' });
      }
      this.counters.connections += 1;
      this.#backoff.reset();
      this.#up = true;
      this.#events?.up(announced);
    } catch (error) {
      if (!isJollyError(error)) throw error;
      this.#talk?.close();
      this.#talk = undefined;
      this.#again(String(error.detail.reason ?? error.detail.status ?? error.code));
    }
  }

  #lost(reason: string): void {
    this.#up = false;
    this.#talk = undefined;
    this.counters.lost += 1;
    this.#again(reason);
  }

  #again(reason: string): void {
    if (this.#closed) return;
    this.#ports.log('xfs-link-down', { interface: this.#interface, reason });
    this.#events?.down(reason);
    this.#stopWaiting = this.#ports.clock.after(this.#backoff.next(), () => void this.#connect());
  }
}
