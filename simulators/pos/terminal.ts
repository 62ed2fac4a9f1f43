import { type Clock, sleep } from '@jolly/contracts/values';
import {
  decodeFromEcr,
  type EcrRequest,
  encodeControl,
  encodeFrame,
  encodeProgress,
  encodeResponse,
  FrameReader,
  type LrcMode,
  type PosResponse,
  toWallClock,
  type WireItem,
} from '@jolly/drivers/pos/ecr17';
import type { SimulatedDevice, Wire } from '../process/index.ts';
import type { Card, NextOutcome, PosAction } from './actions.ts';
import { describe, nothingYet, statusAnswer } from './answers.ts';
import type { TerminalMemory } from './memory.ts';
import { type Slip, slip } from './receipt.ts';
import { Switchboard } from './switchboard.ts';
import { GivenUp, type Phase, runMoney, type Till } from './transaction.ts';

export interface TerminalOptions {
  readonly terminalId: string;
  readonly lrc: LrcMode;
  /** Milliseconds of each visible step of a transaction. */
  readonly delayMs: number;
  readonly cardTimeoutMs: number;
  readonly closeBetween: boolean;
  readonly serial: boolean;
  readonly clock: Clock;
}

const ACK_WAIT_MS = 2_000;
const ATTEMPTS = 4;
const MERGE_MS = 30;
const LOG_LINES = 50;
const ZONE = 'Europe/Rome';
/**
 * A card terminal speaking ECR17, seen from its own side (pos.md 1). It serves one operation at a time and is deaf meanwhile;
 * what it stored is told by `G`. An operation goes on when the kiosk vanishes, unless it still waits for the card.
 */
export class SimulatedTerminal implements SimulatedDevice<PosAction>, Till {
  readonly options: TerminalOptions;
  readonly memory: TerminalMemory;
  #reader: FrameReader;
  #wire: Wire | undefined;
  /** A serial line cannot be dropped: it is not heard until the operation ends. */
  #mutedSerial: Wire | undefined;
  #busy = false;
  #phase: Phase = 'idle';
  #display = 'PRONTO';
  #printOnEcr = false;
  readonly #switches = new Switchboard();
  #cardWaiter: ((how: 'card' | 'cancelled' | 'gone') => void) | undefined;
  #ackWaiter: ((how: 'ack' | 'nak' | 'gone') => void) | undefined;
  readonly #inbox: WireItem[] = [];
  #reading = false;
  #outgoing: number[] = [];
  /** Bytes are written one after another, also when they dribble. */
  #writing: Promise<void> = Promise.resolve();
  readonly #log: { at: number; direction: 'in' | 'out'; what: string }[] = [];

  constructor(memory: TerminalMemory, options: TerminalOptions) {
    this.memory = memory;
    this.options = options;
    this.#reader = new FrameReader(options.lrc);
  }

  get card(): Card {
    return this.#switches.card;
  }
  get wire(): Wire | undefined {
    return this.#wire;
  }

  connected(wire: Wire): void {
    this.#wire = wire;
    this.#inbox.length = 0;
    this.#reader = new FrameReader(this.options.lrc);
  }

  disconnected(wire: Wire): void {
    if (this.#wire !== wire) return;
    this.#wire = undefined;
    this.#printOnEcr = false;
    this.#ackWaiter?.('gone');
    this.#cardWaiter?.('gone');
  }

  data(wire: Wire, bytes: Uint8Array): void {
    if (this.#wire !== wire) return;
    this.#inbox.push(...this.#reader.push(bytes));
    if (!this.#reading) void this.#readInbox();
  }

  /** One packet at a time: what an ACK ends has ended before the command behind it is looked at. */
  async #readInbox(): Promise<void> {
    this.#reading = true;
    for (let item = this.#inbox.shift(); item; item = this.#inbox.shift()) {
      this.#heard(item);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#reading = false;
  }

  act(action: PosAction): void {
    switch (action.action) {
      case 'present-card':
        this.#cardWaiter?.('card');
        return;
      case 'cancel-at-terminal':
        if (this.#cardWaiter) this.#cardWaiter('cancelled');
        else this.#switches.set(action);
        return;
      case 'reset':
        this.#cardWaiter?.('cancelled');
        this.#switches.set(action);
        return;
      default:
        this.#switches.set(action);
    }
  }

  state() {
    return {
      terminalId: this.options.terminalId,
      lrc: this.options.lrc,
      connected: this.#wire !== undefined,
      phase: this.#phase,
      ...this.#switches.state(),
      display: this.#display,
      printOnEcr: this.#printOnEcr,
      lastStan: this.memory.lastStan,
      posTotalCents: this.memory.posTotalCents,
      ledger: this.memory.ledger,
      log: this.#log,
    };
  }

  // What a running operation uses: see `Till`.

  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome {
    return this.#switches.takeOutcome(kind);
  }

  show(phase: Phase, display: string): void {
    this.#phase = phase;
    this.#display = display;
  }

  pause(ms = this.options.delayMs): Promise<void> {
    return sleep(this.options.clock, ms);
  }

  progress(text: string): void {
    this.#send(encodeProgress(text), `progress ${text}`);
  }

  acknowledge(): void {
    this.#send(encodeControl('ack', this.options.lrc), 'ACK');
  }

  async awaitCard(): Promise<'card' | 'cancelled' | 'timeout' | 'gone'> {
    let stop = () => undefined as unknown;
    const how = await new Promise<'card' | 'cancelled' | 'timeout' | 'gone'>((resolve) => {
      this.#cardWaiter = resolve;
      stop = this.#switches.holdCard
        ? this.options.clock.after(this.options.cardTimeoutMs, () => resolve('timeout'))
        : this.options.clock.after(this.options.delayMs, () => resolve('card'));
    });
    stop();
    this.#cardWaiter = undefined;
    return how;
  }

  async drop(): Promise<void> {
    await this.#writing;
    const wire = this.#wire;
    this.#wire = undefined;
    this.#mutedSerial = this.options.serial ? wire : undefined;
    this.#printOnEcr = false;
    this.#ackWaiter?.('gone');
    wire?.reset();
  }

  sendPart(response: PosResponse): Promise<void> {
    const frame = encodeFrame(encodeResponse(response), this.options.lrc);
    this.#send(frame.subarray(0, frame.length >> 1), `${describe(response)} (cut)`);
    return this.#writing;
  }

  async deliver(response: PosResponse, wire: Wire | undefined, corruptFirst = false): Promise<boolean> {
    const frame = encodeFrame(encodeResponse(response), this.options.lrc);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!wire || this.#wire !== wire) return false;
      const bytes = Uint8Array.from(frame);
      if (corruptFirst && attempt === 0) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x50;
      const heard = this.#awaitAck();
      this.#send(bytes, describe(response));
      const how = await heard;
      if (how === 'ack') return true;
      if (how === 'gone') return false;
    }
    return false;
  }

  async printSlip(
    wire: Wire | undefined,
    content: Omit<Slip, 'terminalId' | 'at'>,
    afterFirst: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    if (!this.#printOnEcr) return;
    this.show('receipt', 'STAMPA IN CORSO');
    const at = new Date(toWallClock(this.options.clock.now(), ZONE));
    const parts = slip({ ...content, terminalId: this.options.terminalId, at });
    for (const [index, lines] of parts.entries()) {
      const last = index === parts.length - 1;
      const message: PosResponse = {
        kind: 'receipt',
        code: 'S',
        terminalId: this.options.terminalId,
        last,
        lines,
        trailingBlankLines: last ? 6 : 0,
      };
      if (!(await this.deliver(message, wire))) return;
      if (index === 0) await afterFirst();
    }
  }

  #heard(item: WireItem): void {
    if (item.wire === 'ack' || item.wire === 'nak') {
      this.#note('in', item.wire.toUpperCase());
      this.#ackWaiter?.(item.wire);
      return;
    }
    if (item.wire === 'error') {
      this.#note('in', item.code);
      if (item.code === 'ECR17_LRC' && !this.#switches.silent && !this.#busy) this.#refuse();
      return;
    }
    if (item.wire !== 'frame') return;
    const request = decodeFromEcr(item.payload);
    if ('error' in request) {
      this.#note('in', request.error.code);
      if (!this.#switches.silent && !this.#busy) this.#refuse();
      return;
    }
    this.#note('in', `${request.code}${'amountCents' in request ? ` ${request.amountCents}` : ''}`);
    if (this.#switches.silent || this.#busy) return;
    const known = request.terminalId === this.options.terminalId || request.terminalId === '00000000';
    if (!known || this.#switches.nakAll) {
      this.#refuse();
      return;
    }
    this.#busy = true;
    this.#serve(request)
      .catch((error: unknown) => {
        if (!(error instanceof GivenUp)) throw error;
      })
      .finally(() => {
        this.#busy = false;
        if (this.#mutedSerial) this.connected(this.#mutedSerial);
        this.#mutedSerial = undefined;
        this.show('idle', 'PRONTO');
      });
  }

  async #serve(request: EcrRequest): Promise<void> {
    const wire = this.#wire;
    switch (request.code) {
      case 's':
        this.acknowledge();
        await this.deliver(
          statusAnswer(this.options.terminalId, this.options.clock.now(), this.#switches.status),
          wire,
        );
        return;
      case 'E':
        this.#printOnEcr = request.enabled;
        this.acknowledge();
        return;
      case 'U':
        this.acknowledge();
        return;
      case 'G':
        this.acknowledge();
        await this.deliver(
          this.memory.result(this.#switches.olderOnG) ?? nothingYet(this.options.terminalId),
          wire,
        );
        break;
      case 'T':
        this.acknowledge();
        await this.deliver({ ...this.#head('totals', 'T'), posTotalCents: this.memory.posTotalCents }, wire);
        break;
      case 'C':
        await this.#closeSession(wire);
        break;
      case 'P':
      case 'X':
        await runMoney(this, {
          kind: 'payment',
          amountCents: request.amountCents ?? 0,
          extended: request.code === 'X',
        });
        break;
      case 'S':
        await runMoney(this, { kind: 'reversal', stan: request.stan });
        break;
      default:
        this.#refuse();
        return;
    }
    this.#printOnEcr = false;
    if (this.options.closeBetween && wire && this.#wire === wire) {
      await this.#writing;
      wire.end();
    }
  }

  async #closeSession(wire: Wire | undefined): Promise<void> {
    this.acknowledge();
    this.show('authorising', 'CHIUSURA IN CORSO');
    await this.pause();
    const total = this.memory.closeSession();
    const answer: PosResponse = {
      ...this.#head('close', 'C'),
      posTotalCents: total,
      hostTotalCents: total,
      reason: null,
      actionCode: null,
    };
    if (!(await this.deliver(answer, wire))) return;
    await this.printSlip(wire, {
      title: 'CHIUSURA CONTABILE',
      verdict: 'QUADRATURA OK',
      amountCents: total,
      rows: [],
    });
  }

  #head<const K extends string, const C extends string>(kind: K, code: C) {
    return { kind, code, terminalId: this.options.terminalId, result: '00', outcome: 'approved' } as const;
  }

  #refuse(): void {
    this.#send(encodeControl('nak', this.options.lrc), 'NAK');
  }

  #awaitAck(): Promise<'ack' | 'nak' | 'timeout' | 'gone'> {
    return new Promise((resolve) => {
      const finish = (how: 'ack' | 'nak' | 'timeout' | 'gone') => {
        cancel();
        this.#ackWaiter = undefined;
        resolve(how);
      };
      const cancel = this.options.clock.after(ACK_WAIT_MS, () => finish('timeout'));
      this.#ackWaiter = finish;
    });
  }

  #send(bytes: Uint8Array, what: string): void {
    const wire = this.#wire;
    if (!wire) return;
    this.#note('out', what);
    if (this.#switches.split === 'off') {
      wire.write(bytes);
      return;
    }
    this.#outgoing.push(...bytes);
    const wait = this.#switches.split === 'merge' ? MERGE_MS : 0;
    const dribble = this.#switches.split === 'each';
    this.#writing = this.#writing.then(async () => {
      if (wait) await sleep(this.options.clock, wait);
      const pending = this.#outgoing;
      this.#outgoing = [];
      if (!dribble) {
        if (pending.length > 0) wire.write(Uint8Array.from(pending));
        return;
      }
      for (const byte of pending) {
        wire.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }

  #note(direction: 'in' | 'out', what: string): void {
    this.#log.push({ at: this.options.clock.now(), direction, what });
    if (this.#log.length > LOG_LINES) this.#log.shift();
  }
}
