import type { Clock } from '@jolly/contracts/values';
import {
  type Announced,
  type EventMessage,
  type MessageVersion,
  type Payload,
  readAnnounced,
  readMessage,
  type UnsolicitedMessage,
  wordAt,
  writeMessage,
  type XfsMessage,
} from './codec/index.ts';
import { xfsError } from './errors.ts';
import type { OpenXfsSocket, XfsSocket } from './socket.ts';

/** How a command ended. */
export interface Completion {
  readonly code: string;
  /** Of the interface, with `commandErrorCode`: `paperOut`, `noMedia`… */
  readonly errorCode: string | undefined;
  readonly payload: Payload;
}

export interface CommandOptions {
  /** Told to the service, which then completes with `timeOut`; 0: it may take as long as it takes. */
  readonly timeoutMs?: number;
  readonly onEvent?: (event: EventMessage) => void;
  /** Cancels: the command still ends by its completion, usually `canceled`. */
  readonly signal?: AbortSignal;
}

export interface ConversationEvents {
  unsolicited(message: UnsolicitedMessage): void;
  /** It is over; said once, and nothing comes after it. */
  closed(reason: string): void;
}

/** A command that is not even taken by then never will be. */
const ACKNOWLEDGE_MS = 5_000;
/** How much longer than its timeout a command may take before it is cancelled. */
const GRACE_MS = 5_000;
/** How long a cancelled command may take to say so. */
const CANCEL_MS = 3_000;
const OPEN_MS = 5_000;
/** The versions tried on a service that has said nothing yet: the form of today first, then the oldest. */
const FIRST_VERSIONS: readonly MessageVersion[] = ['2.0', '3.0', '1.0'];

interface Pending {
  readonly name: string;
  readonly onEvent: ((event: EventMessage) => void) | undefined;
  end(outcome: Completion | Error): void;
  taken(): void;
}

export interface ConversationPorts {
  readonly open: OpenXfsSocket;
  readonly clock: Clock;
}

/**
 * One connection to one service: commands with their events and completions. Invariants: each command ends exactly once, by its
 * completion or by an error of `xfsError`; a service that stays silent is hung up on.
 */
export class Conversation {
  readonly #clock: Clock;
  readonly #events: ConversationEvents;
  readonly #socket: XfsSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #opened: Promise<void>;
  #next = 1;
  #announced: Announced | undefined;
  #version: MessageVersion = '2.0';
  #over: string | undefined;
  readonly counters = { commands: 0, nonsense: 0, stray: 0 };

  constructor(url: string, { open, clock }: ConversationPorts, events: ConversationEvents) {
    this.#clock = clock;
    this.#events = events;
    const opening = Promise.withResolvers<void>();
    this.#opened = opening.promise;
    // a conversation that ends before anybody asks is told by `closed` alone
    this.#opened.catch(() => undefined);
    const late = clock.after(OPEN_MS, () => this.#hangUp('slow'));
    this.#failOpen = (reason) => {
      late();
      opening.reject(xfsError('XFS_LINK_DOWN', { reason }));
    };
    this.#socket = open(url, {
      open: () => {
        late();
        opening.resolve();
      },
      text: (text) => this.#heard(text),
      closed: (reason) => this.#ended(reason),
    });
  }
  readonly #failOpen: (reason: string) => void;

  /** Asks what the service can. Rejects when it does not say. */
  async greet(): Promise<Announced> {
    const { payload } = await this.#first('Common.Capabilities', {});
    this.#announced = readAnnounced(payload);
    return this.#announced;
  }

  /** The first command to somebody whose versions are not known: the one he understands is kept. */
  async #first(name: string, options: CommandOptions): Promise<Completion> {
    await this.#opened;
    let failure: unknown = xfsError('XFS_REFUSED', { name });
    for (const version of FIRST_VERSIONS) {
      this.#version = version;
      try {
        const done = await this.#send(name, {}, { timeoutMs: ACKNOWLEDGE_MS, ...options }, version);
        if (done.code === 'success') return done;
        failure = xfsError('XFS_REFUSED', { name, code: done.code });
      } catch (error) {
        failure = error;
        if (this.#over !== undefined) break;
      }
    }
    throw failure;
  }

  /** `ServicePublisher.GetServices`: the list comes in the completion, in events before it, or in both. */
  async services(): Promise<readonly string[]> {
    const found = new Set<string>();
    const take = (payload: Payload) => {
      const { services } = payload;
      if (!Array.isArray(services)) return;
      for (const each of services) {
        const uri =
          typeof each === 'object' && each !== null ? wordAt(each as Payload, 'serviceURI') : undefined;
        if (uri !== undefined) found.add(uri);
      }
    };
    const done = await this.#first('ServicePublisher.GetServices', {
      onEvent: ({ payload }) => take(payload),
    });
    take(done.payload);
    return [...found];
  }

  /** Rejects with `xfsError`: not sent, refused, silent, or the connection broke. Completions other than success resolve. */
  command(name: string, payload: Payload = {}, options: CommandOptions = {}): Promise<Completion> {
    return this.#send(name, payload, options, this.versionOf(name));
  }

  /** In which form a command goes out. */
  versionOf(name: string): MessageVersion {
    return this.#announced?.commands.get(name) ?? this.#version;
  }

  close(): void {
    if (this.#over !== undefined) return;
    this.#over = 'closed';
    this.#endAll('closed');
    this.#socket.close();
  }

  #send(
    name: string,
    payload: Payload,
    options: CommandOptions,
    version: MessageVersion,
  ): Promise<Completion> {
    if (this.#over !== undefined)
      return Promise.reject(xfsError('XFS_LINK_DOWN', { name, reason: this.#over }));
    const requestId = this.#next++;
    const { timeoutMs = 0, onEvent, signal } = options;
    const message: XfsMessage = { type: 'command', name, version, requestId, timeout: timeoutMs, payload };
    this.counters.commands += 1;
    return new Promise((resolve, reject) => {
      let stopTimer = this.#clock.after(ACKNOWLEDGE_MS, () => this.#hangUp('silent'));
      const wait = (ms: number, then: () => void) => {
        stopTimer();
        stopTimer = this.#clock.after(ms, then);
      };
      const cancel = () => {
        if (!this.#pending.has(requestId)) return;
        wait(CANCEL_MS, () => this.#hangUp('silent'));
        this.#cancel(requestId);
      };
      const pending: Pending = {
        name,
        onEvent,
        taken: () => {
          if (signal?.aborted) cancel();
          else if (timeoutMs > 0) wait(timeoutMs + GRACE_MS, cancel);
          else stopTimer();
        },
        end: (outcome) => {
          stopTimer();
          signal?.removeEventListener('abort', cancel);
          this.#pending.delete(requestId);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      this.#pending.set(requestId, pending);
      signal?.addEventListener('abort', cancel, { once: true });
      this.#socket.send(writeMessage(message));
    });
  }

  /** Nobody waits for what the cancelling itself comes to: the cancelled command says how it ended. */
  #cancel(requestId: number): void {
    this.#send('Common.Cancel', { requestIds: [requestId] }, {}, this.versionOf('Common.Cancel')).catch(
      () => undefined,
    );
  }

  #heard(text: string): void {
    const read = readMessage(text);
    if (!read.ok) {
      this.counters.nonsense += 1;
      return;
    }
    const { message } = read;
    if (message.type === 'unsolicited') {
      this.#events.unsolicited(message);
      return;
    }
    const pending = this.#pending.get(message.requestId);
    // an acknowledge that refuses the id itself may come with another
    if (!pending || message.type === 'command') {
      this.counters.stray += 1;
      return;
    }
    switch (message.type) {
      case 'acknowledge':
        if (message.status === 'ok') pending.taken();
        else pending.end(xfsError('XFS_REFUSED', { name: pending.name, status: message.status }));
        return;
      case 'event':
        pending.onEvent?.(message);
        return;
      case 'completion': {
        const { completionCode: code, payload } = message;
        pending.end({ code, errorCode: wordAt(payload, 'errorCode'), payload });
      }
    }
  }

  #hangUp(reason: string): void {
    if (this.#over !== undefined) return;
    this.#socket.close();
    this.#ended(reason);
  }

  #ended(reason: string): void {
    if (this.#over !== undefined) return;
    this.#over = reason;
    this.#endAll(reason);
    this.#events.closed(reason);
  }

  #endAll(reason: string): void {
    this.#failOpen(reason);
    const code = reason === 'silent' ? 'XFS_SILENT' : 'XFS_LINK_LOST';
    for (const pending of [...this.#pending.values()])
      pending.end(xfsError(code, { name: pending.name, reason }));
  }
}
