import type { Clock } from '@jolly/contracts/values';
import { type ActorRefFrom, createActor } from 'xstate';
import type { DriverContext } from '../../registry/index.ts';
import type { Transport } from '../../transport/index.ts';
import { type Carrier, SerialCarrier, TcpCarrier } from './carrier.ts';
import {
  type Apdu,
  decodeFromTerminal,
  encodeCommand,
  type PrintedLine,
  type ReceiptKind,
  type TerminalMessage,
  type TextEncoding,
  type ZvtWireItem,
} from './codec/index.ts';
import { type Procedure, type ProcedureOutput, procedureChart } from './conversation.ts';

export interface LineCounters {
  messagesIn: number;
  messagesOut: number;
  acksIn: number;
  naksIn: number;
  naksOut: number;
  repetitions: number;
  garbled: number;
  timeouts: number;
  unexpected: number;
}

/** Who listens to a running procedure. */
export interface ProcedureListener {
  intermediate?(code: number, lines: readonly string[]): void;
  print?(receipt: ReceiptKind, lines: readonly PrintedLine[]): void;
}

export interface LineOptions {
  readonly serial: boolean;
  readonly ackMs: number;
  readonly text: TextEncoding;
}

interface Running {
  readonly procedure: Procedure;
  readonly actor: ActorRefFrom<typeof procedureChart>;
  readonly listener: ProcedureListener;
}

const CONFIRMATION = encodeCommand({ command: 'ok' });

/**
 * The wire of one ZVT terminal: messages in and out, each message of the terminal confirmed with `80 00`, one procedure at a
 * time. Knows no money.
 * Invariants: between `perform` being called and its first byte being handed to the system nothing is awaited; a result that no
 * procedure waits for is not confirmed.
 */
export class ZvtLine {
  readonly transport: Transport;
  readonly counters: LineCounters = {
    messagesIn: 0,
    messagesOut: 0,
    acksIn: 0,
    naksIn: 0,
    naksOut: 0,
    repetitions: 0,
    garbled: 0,
    timeouts: 0,
    unexpected: 0,
  };
  readonly #clock: Clock;
  readonly #log: DriverContext['log'];
  readonly #carrier: Carrier;
  readonly #text: TextEncoding;
  #running: Running | undefined;
  /** Why the link is down, while it is. */
  #downReason = 'not-open-yet';
  readonly #waiters = new Set<() => void>();

  constructor(transport: Transport, options: LineOptions, context: Pick<DriverContext, 'clock' | 'log'>) {
    this.transport = transport;
    this.#clock = context.clock;
    this.#log = context.log;
    this.#text = options.text;
    const write = (bytes: Uint8Array) => this.#write(bytes);
    this.#carrier = options.serial
      ? new SerialCarrier(write, { clock: context.clock, ackMs: options.ackMs, counters: this.counters })
      : new TcpCarrier(write);
  }

  /** Opens the link; `onLink` is told each change of its state. */
  start(onLink: () => void): void {
    this.transport.start({
      data: (bytes) => {
        for (const item of this.#carrier.reader.push(bytes)) this.#heard(item);
        this.#carrier.heardBytes?.();
      },
      state: (state, reason) => {
        if (state === 'open') this.#carrier.reset();
        if (state === 'waiting') {
          this.#downReason = reason ?? 'unknown';
          this.#carrier.reset();
          this.#lost(this.#downReason === 'idle' ? 'end' : this.#downReason);
        }
        for (const waiter of [...this.#waiters]) waiter();
        onLink();
      },
    });
  }

  get downReason(): string {
    return this.#downReason;
  }

  /** Opens the link if it rests; gives the reason why it could not be opened within `ms`, or undefined. */
  async open(ms: number): Promise<string | undefined> {
    if (this.transport.state === 'open') return undefined;
    if (this.transport.state === 'closed') return 'closed';
    this.transport.reopen('transaction');
    return new Promise((resolve) => {
      const finish = (reason: string | undefined) => {
        cancel();
        this.#waiters.delete(look);
        resolve(reason);
      };
      const look = () => {
        if (this.transport.state === 'open') finish(undefined);
        else if (this.transport.state !== 'connecting') finish(this.#downReason);
      };
      const cancel = this.#clock.after(ms, () => finish('timeout'));
      this.#waiters.add(look);
      look();
    });
  }

  /** Runs one procedure to its end; never rejects for anything the wire does. The first byte leaves before this returns. */
  perform(
    apdu: Uint8Array,
    procedure: Procedure,
    listener: ProcedureListener = {},
  ): Promise<ProcedureOutput> {
    return new Promise((resolve) => {
      const actor = createActor(procedureChart, {
        input: {
          procedure,
          transmit: () => this.#transmit(apdu, procedure.money),
          timedOut: () => {
            this.counters.timeouts++;
          },
        },
        clock: {
          setTimeout: (task, ms) => this.#clock.after(ms, task),
          clearTimeout: (cancel: (() => void) | undefined) => cancel?.(),
        },
      });
      this.#running = { procedure, actor, listener };
      actor.subscribe({
        complete: () => {
          if (this.#running?.actor === actor) this.#running = undefined;
          const { output } = actor.getSnapshot();
          resolve(output ?? { ok: false, failure: 'lost', detail: 'ended', code: undefined });
        },
      });
      actor.start();
    });
  }

  /** A word to the terminal beside the procedure that runs (`06 B0`). Its answer shows in how the procedure ends. */
  interject(apdu: Uint8Array): void {
    this.counters.messagesOut++;
    this.#carrier.send(apdu, { once: true });
  }

  async close(): Promise<void> {
    this.#carrier.reset();
    await this.transport.close();
    this.#lost('closed');
    for (const waiter of [...this.#waiters]) waiter();
  }

  #lost(reason: string, unsent = false): void {
    this.#running?.actor.send({ type: 'LOST', reason, unsent });
  }

  /** A command that cannot be written ends its procedure. */
  #transmit(apdu: Uint8Array, once: boolean): void {
    const unsent = this.transport.state !== 'open';
    this.counters.messagesOut++;
    if (unsent) {
      // Told in a later turn: whoever starts the procedure is not listening yet.
      queueMicrotask(() => this.#lost(this.#downReason, true));
      return;
    }
    this.#carrier.send(apdu, { once, refused: () => this.#running?.actor.send({ type: 'NAK' }) });
  }

  #write(bytes: Uint8Array): void {
    this.transport.write(bytes).catch((error: unknown) => {
      this.#log('zvt.write-failed', { error: String(error) });
      this.#lost(this.#downReason);
    });
  }

  #heard(item: ZvtWireItem): void {
    switch (item.wire) {
      case 'ack':
      case 'nak':
        this.#carrier.heard?.(item.wire);
        return;
      case 'apdu':
        this.counters.messagesIn++;
        this.#carrier.heardApdu?.();
        this.#message(item.apdu);
        return;
      case 'error':
        this.counters.garbled++;
        this.#log('zvt.garbled', { code: item.code });
        if (item.code === 'ZVT_CRC' || item.code === 'ZVT_LENGTH') this.#carrier.damaged?.();
        return;
      case 'incomplete':
        return;
    }
  }

  #message(apdu: Apdu): void {
    const message = decodeFromTerminal(apdu, this.#text);
    const running = this.#running;
    if (message.kind === 'ok' || message.kind === 'refused') {
      running?.actor.send(message.kind === 'ok' ? { type: 'OK' } : { type: 'REFUSED', code: message.code });
      return;
    }
    if (message.kind === 'status-info' && !running?.procedure.takesResult) {
      this.counters.unexpected++;
      this.#log('zvt.unexpected-result', { code: message.info.resultCode ?? -1 });
      return;
    }
    this.#carrier.send(CONFIRMATION, { once: false });
    if (!running) this.counters.unexpected++;
    else this.#tell(running, message);
  }

  #tell({ actor, listener }: Running, message: Exclude<TerminalMessage, { kind: 'ok' | 'refused' }>): void {
    switch (message.kind) {
      case 'status-info':
        actor.send({ type: 'RESULT', info: message.info });
        return;
      case 'intermediate':
        listener.intermediate?.(message.code, message.lines);
        actor.send({ type: 'SIGN', minutes: message.timeoutMinutes });
        return;
      case 'print':
        listener.print?.(message.receipt, message.lines);
        actor.send({ type: 'SIGN' });
        return;
      case 'completion':
        actor.send({ type: 'COMPLETED', completion: message });
        return;
      case 'abort':
        actor.send({ type: 'ABORTED', code: message.code });
        return;
      case 'other':
        this.#log('zvt.unknown-message', { control: message.control });
        actor.send({ type: 'SIGN' });
    }
  }
}
