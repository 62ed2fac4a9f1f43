import type { Clock } from '@jolly/contracts/values';
import { type ActorRefFrom, createActor } from 'xstate';
import type { DriverContext } from '../../registry/index.ts';
import type { Transport } from '../../transport/index.ts';
import {
  decodeFromPos,
  type EcrRequest,
  encodeControl,
  encodeFrame,
  encodeRequest,
  FrameReader,
  type LrcMode,
  type PosResponse,
  type ReceiptLine,
  type WireItem,
} from './codec/index.ts';
import { type Procedure, type ProcedureOutput, procedureChart } from './conversation.ts';

export interface LineCounters {
  framesIn: number;
  framesOut: number;
  lrcErrors: number;
  naksIn: number;
  naksOut: number;
  retransmissions: number;
  resyncs: number;
  timeouts: number;
  unexpected: number;
  undecodable: number;
}

/** Who listens to a running procedure. */
export interface ProcedureListener {
  progress?(text: string): void;
  receiptLine?(line: ReceiptLine): void;
  /** A packet with a wrong check byte; `fits` names the mode in which it would be right. Return true to refuse the command. */
  garbled?(fits: LrcMode | undefined): boolean;
}

/**
 * The wire of one ECR17 terminal: packets in and out, each packet acknowledged, one procedure at a time. Knows no money.
 * Invariant: between `perform` being called and its first byte being handed to the system nothing is awaited.
 */
export class EcrLine {
  readonly transport: Transport;
  readonly counters: LineCounters = {
    framesIn: 0,
    framesOut: 0,
    lrcErrors: 0,
    naksIn: 0,
    naksOut: 0,
    retransmissions: 0,
    resyncs: 0,
    timeouts: 0,
    unexpected: 0,
    undecodable: 0,
  };
  readonly #clock: Clock;
  readonly #log: DriverContext['log'];
  #reader: FrameReader;
  #running: { actor: ActorRefFrom<typeof procedureChart>; listener: ProcedureListener } | undefined;
  /** Why the link is down, while it is. */
  #downReason = 'not-open-yet';
  readonly #waiters = new Set<() => void>();

  constructor(transport: Transport, context: Pick<DriverContext, 'clock' | 'log'>) {
    this.transport = transport;
    this.#clock = context.clock;
    this.#log = context.log;
    this.#reader = new FrameReader('std');
  }

  /** Opens the link; `onLink` is told each change of its state. */
  start(onLink: () => void): void {
    this.transport.start({
      data: (bytes) => {
        for (const item of this.#reader.push(bytes)) this.#heard(item);
      },
      state: (state, reason) => {
        if (state === 'open') this.#reader.reset();
        if (state === 'waiting') {
          this.#downReason = reason ?? 'unknown';
          this.#lost(this.#downReason === 'idle' ? 'end' : this.#downReason);
        }
        for (const waiter of [...this.#waiters]) waiter();
        onLink();
      },
    });
  }

  get mode(): LrcMode {
    return this.#reader.mode;
  }

  setMode(mode: LrcMode): void {
    if (mode !== this.#reader.mode) this.#reader = new FrameReader(mode);
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

  /** The packet of a command. Throws `ECR17_UNENCODABLE`. */
  packetOf(request: EcrRequest): Uint8Array {
    return encodeFrame(encodeRequest(request), this.mode);
  }

  /** Runs one procedure to its end; never rejects for anything the wire does. The first byte leaves before this returns. */
  perform(
    frame: Uint8Array,
    procedure: Procedure,
    listener: ProcedureListener = {},
  ): Promise<ProcedureOutput> {
    return new Promise((resolve) => {
      const actor = createActor(procedureChart, {
        input: {
          procedure,
          effects: {
            transmit: () => this.#send(frame),
            retransmitting: () => {
              this.counters.retransmissions++;
            },
            timedOut: () => {
              this.counters.timeouts++;
            },
            unexpected: (response) => this.#unexpected(response),
          },
        },
        clock: {
          setTimeout: (task, ms) => this.#clock.after(ms, task),
          clearTimeout: (cancel: (() => void) | undefined) => cancel?.(),
        },
      });
      this.#running = { actor, listener };
      actor.subscribe({
        complete: () => {
          if (this.#running?.actor === actor) this.#running = undefined;
          const { output } = actor.getSnapshot();
          resolve(output ?? { ok: false, failure: 'lost', detail: 'ended' });
        },
      });
      actor.start();
    });
  }

  async close(): Promise<void> {
    await this.transport.close();
    this.#lost('closed');
    for (const waiter of [...this.#waiters]) waiter();
  }

  #lost(reason: string, unsent = false): void {
    this.#running?.actor.send({ type: 'LOST', reason, unsent });
  }

  /** A failed write of a command ends its procedure; that of a control packet shows in what the terminal does next. */
  #send(frame: Uint8Array): void {
    const unsent = this.transport.state !== 'open';
    this.counters.framesOut++;
    this.transport.write(frame).catch((error: unknown) => {
      this.#log('ecr17.write-failed', { error: String(error) });
      this.#lost(this.#downReason, unsent);
    });
  }

  #answer(kind: 'ack' | 'nak'): void {
    if (kind === 'nak') this.counters.naksOut++;
    this.transport.write(encodeControl(kind, this.mode)).catch((error: unknown) => {
      this.#log('ecr17.write-failed', { error: String(error) });
    });
  }

  #heard(item: WireItem): void {
    if (item.skipped > 0) this.counters.resyncs++;
    const running = this.#running;
    switch (item.wire) {
      case 'ack':
        running?.actor.send({ type: 'ACK' });
        return;
      case 'nak':
        this.counters.naksIn++;
        running?.actor.send({ type: 'NAK' });
        return;
      case 'progress':
        running?.listener.progress?.(item.text);
        running?.actor.send({ type: 'PROGRESS' });
        return;
      case 'frame':
        this.#frame(item.payload);
        return;
      case 'error':
        this.#garbled(item.code, item.fits);
        return;
      case 'incomplete':
        return;
    }
  }

  #garbled(code: string, fits: LrcMode | undefined): void {
    if (code === 'ECR17_LRC' || code === 'ECR17_CONTROL_LRC') this.counters.lrcErrors++;
    else this.counters.resyncs++;
    this.#log('ecr17.garbled', fits ? { code, fits } : { code });
    const refused = this.#running?.listener.garbled?.(fits) ?? false;
    if (refused) this.#running?.actor.send({ type: 'NAK' });
    else if (code === 'ECR17_LRC') this.#answer('nak');
  }

  #frame(payload: Uint8Array): void {
    this.counters.framesIn++;
    this.#answer('ack');
    const response = decodeFromPos(payload);
    if ('error' in response) {
      this.counters.undecodable++;
      this.#log('ecr17.undecodable', { code: response.error.code });
      return;
    }
    const running = this.#running;
    if (!running) {
      this.#unexpected(response);
      return;
    }
    if (response.kind === 'receipt') {
      for (const line of response.lines) running.listener.receiptLine?.(line);
      running.actor.send({ type: 'RECEIPT', last: response.last });
      return;
    }
    running.actor.send({ type: 'ANSWER', response });
  }

  #unexpected(response: PosResponse): void {
    this.counters.unexpected++;
    this.#log('ecr17.unexpected', { code: response.code });
  }
}
