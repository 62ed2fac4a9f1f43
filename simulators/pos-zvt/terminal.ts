import { type Clock, sleep } from '@jolly/contracts/values';
import {
  encodeAbort,
  encodeCompletion,
  encodeIntermediate,
  encodeOk,
  encodePrintBlock,
  encodePrintLine,
  encodeRefusal,
  encodeTerminalStatus,
  type TillCommand,
  toWallClock,
} from '@jolly/drivers/pos/zvt';
import type { SimulatedDevice, Wire } from '../process/index.ts';
import type { Card, NextOutcome, ZvtAction } from './actions.ts';
import { type Answer, TerminalLine } from './line.ts';
import type { ZvtMemory } from './memory.ts';
import { type Slip, slip } from './receipt.ts';
import { Switchboard } from './switchboard.ts';
import { clockOf, GivenUp, type Phase, resultApdu, runMoney, type Till } from './transaction.ts';

export interface ZvtTerminalOptions {
  readonly terminalId: string;
  /** Milliseconds of each visible step of a transaction. */
  readonly delayMs: number;
  readonly cardTimeoutMs: number;
  /** T3: for the till's answer to a message; then the terminal takes back what was not confirmed. */
  readonly answerMs: number;
  readonly closeBetween: boolean;
  readonly serial: boolean;
  /** Speaks the newer scheme: receipt numbers echoed by the till (1F1F), message sequence numbers (1F73). */
  readonly echoes: boolean;
  readonly clock: Clock;
}

const code = {
  busy: 0x9c,
  notSupported: 0x83,
  notRegistered: 0x6b,
  noData: 0x65,
  protocol: 0x9a,
} as const;
const bit = {
  printsPayments: 0x02,
  printsAdmin: 0x04,
  wantsIntermediate: 0x08,
  printCommands: 0x80,
} as const;
const LOG_LINES = 50;
const ZONE = 'Europe/Rome';

interface Registration {
  readonly config: number;
  readonly blocks: boolean;
  sequence: number | undefined;
}

/**
 * A card terminal speaking ZVT, seen from its own side (pos.md 2). It serves one procedure at a time and refuses commands
 * meanwhile, except the abort. What the till has not confirmed, result and receipts, it takes back.
 */
export class SimulatedZvtTerminal implements SimulatedDevice<ZvtAction>, Till {
  readonly options: ZvtTerminalOptions;
  readonly memory: ZvtMemory;
  readonly #line: TerminalLine;
  readonly #switches = new Switchboard();
  #registration: Registration | undefined;
  #busy = false;
  #phase: Phase = 'idle';
  #display = 'PRONTO';
  #cardWaiter: ((how: 'card' | 'cancelled' | 'gone') => void) | undefined;
  readonly #log: { at: number; direction: 'in' | 'out'; what: string }[] = [];

  constructor(memory: ZvtMemory, options: ZvtTerminalOptions) {
    this.memory = memory;
    this.options = options;
    this.#line = new TerminalLine({
      serial: options.serial,
      clock: options.clock,
      answerMs: options.answerMs,
      command: (command) => this.#command(command),
      note: (direction, what) => this.#note(direction, what),
    });
  }

  connected(wire: Wire): void {
    this.#line.connected(wire);
    this.#registration = undefined;
  }

  disconnected(wire: Wire): void {
    if (!this.#line.disconnected(wire)) return;
    this.#registration = undefined;
    this.#cardWaiter?.('gone');
  }

  data(wire: Wire, bytes: Uint8Array): void {
    this.#line.data(wire, bytes);
  }

  act(action: ZvtAction): void {
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
        break;
      default:
    }
    this.#switches.set(action);
    this.#line.split = this.#switches.conditions.split;
  }

  state() {
    return {
      terminalId: this.options.terminalId,
      connected: this.#line.wire !== undefined,
      registered: this.#registration !== undefined,
      phase: this.#phase,
      ...this.#switches.state(),
      display: this.#display,
      lastStan: this.memory.lastTrace,
      posTotalCents: this.memory.dayTotalCents,
      ledger: this.memory.ledger,
      takenBack: this.memory.takenBack,
      log: this.#log,
    };
  }

  // What a running operation uses: see `Till`.

  get card(): Card {
    return this.#switches.card;
  }
  get noPaper(): boolean {
    return this.#switches.conditions.noPaper;
  }
  get echoesReceipts(): boolean {
    return this.options.echoes;
  }

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

  accept(): void {
    this.#line.answer(encodeOk());
  }

  async intermediate(status: number, text: string): Promise<void> {
    if (((this.#registration?.config ?? 0) & bit.wantsIntermediate) === 0) return;
    await this.#line.say(encodeIntermediate(status, [text]));
  }

  async awaitCard(): Promise<'card' | 'cancelled' | 'timeout' | 'gone'> {
    let stop = () => undefined as unknown;
    const how = await new Promise<'card' | 'cancelled' | 'timeout' | 'gone'>((resolve) => {
      this.#cardWaiter = resolve;
      stop = this.#switches.conditions.holdCard
        ? this.options.clock.after(this.options.cardTimeoutMs, () => resolve('timeout'))
        : this.options.clock.after(this.options.delayMs, () => resolve('card'));
    });
    stop();
    this.#cardWaiter = undefined;
    return how;
  }

  async drop(): Promise<void> {
    await this.#line.drop();
    this.#registration = undefined;
  }

  say(apdu: Uint8Array, corrupt?: boolean): Promise<Answer> {
    return this.#line.say(apdu, corrupt);
  }

  sayPart(apdu: Uint8Array): Promise<void> {
    return this.#line.sayPart(apdu);
  }

  async print(content: Omit<Slip, 'terminalId' | 'at'>): Promise<boolean> {
    const registration = this.#registration;
    // A till that went away since the result was confirmed prints nothing, and confirms nothing.
    if (!registration) return false;
    if ((registration.config & bit.printsPayments) === 0) return true;
    return (
      (await this.#print('merchant', content, registration)) &&
      (await this.#print('cardholder', content, registration))
    );
  }

  takeBack(): void {
    const movement = this.memory.takeBack();
    if (!movement || !this.#switches.conditions.tellAutoReversal) return;
    const { trace } = movement.result;
    this.memory.keep({
      ...movement.result,
      ...this.memory.nextNumbers(),
      ...(trace !== undefined && { originalTrace: trace }),
      ...clockOf(this.options.clock.now()),
    });
  }

  async #print(
    kind: 'merchant' | 'cardholder' | 'administration',
    content: Omit<Slip, 'terminalId' | 'at'>,
    { config, blocks }: Registration,
  ): Promise<boolean> {
    const { terminalId, clock } = this.options;
    const lines = slip({ ...content, terminalId, at: new Date(toWallClock(clock.now(), ZONE)) });
    if (blocks && config & bit.printCommands)
      return (await this.#line.say(encodePrintBlock(kind, lines))) === 'ok';
    for (const line of [...lines, { attribute: 0x81, text: '' }]) {
      if ((await this.#line.say(encodePrintLine(line))) !== 'ok') return false;
    }
    return true;
  }

  #command(command: TillCommand): void {
    if (this.#switches.conditions.silent) return;
    if (command.command === 'abort') {
      // Too late once a card has been read; without a transaction there is nothing to stop.
      if (this.#cardWaiter) {
        this.#line.answer(encodeOk());
        this.#cardWaiter('cancelled');
      } else this.#refuse(code.protocol);
      return;
    }
    const refusal = this.#refusalOf(command);
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    this.#busy = true;
    const wire = this.#line.wire;
    this.#serve(command)
      .catch((error: unknown) => {
        if (!(error instanceof GivenUp)) throw error;
      })
      .finally(async () => {
        this.#busy = false;
        this.#line.unmute();
        this.show('idle', 'PRONTO');
        if (this.options.closeBetween && wire && command.command !== 'registration')
          await this.#line.end(wire);
      });
  }

  /** Why a command is not taken at all. Registration and status enquiry need no registration. */
  #refusalOf(command: TillCommand): number | undefined {
    if (this.#busy) return code.busy;
    const open = command.command === 'registration' || command.command === 'status-enquiry';
    if (!open && !this.#registration) return code.notRegistered;
    if (command.command !== 'authorisation' && command.command !== 'reversal') return undefined;
    const { refuseWith } = this.#switches.conditions;
    return refuseWith ?? (this.#inSequence(command) ? undefined : code.protocol);
  }

  async #serve(command: TillCommand): Promise<void> {
    switch (command.command) {
      case 'registration': {
        const { config, blocks, sequence } = command;
        const taken = this.options.echoes ? sequence : undefined;
        this.#registration = { config, blocks, sequence: taken };
        this.accept();
        await this.#line.say(encodeCompletion({ terminalId: this.options.terminalId, sequence: taken }));
        return;
      }
      case 'status-enquiry':
        this.accept();
        await this.#line.say(encodeTerminalStatus(this.#switches.conditions.status));
        return;
      case 'authorisation':
        this.#compareReceipts(command.receiptEcho);
        await runMoney(this, { kind: 'payment', amountCents: command.amountCents });
        return;
      case 'reversal':
        await runMoney(this, { kind: 'reversal', receipt: command.receipt });
        return;
      case 'repeat-receipt':
        await this.#repeatReceipt();
        return;
      case 'totals':
        this.accept();
        await this.#tellTotals(this.memory.day);
        await this.#line.say(encodeCompletion());
        return;
      case 'end-of-day':
        await this.#endOfDay();
        return;
      case 'diagnosis':
        this.accept();
        await this.intermediate(0x17, 'DIAGNOSI...');
        await this.pause();
        await this.#line.say(encodeCompletion());
        return;
      case 'log-off':
        this.#registration = undefined;
        this.accept();
        return;
      default:
        this.#refuse(code.notSupported);
    }
  }

  async #repeatReceipt(): Promise<void> {
    const { noRepeat, olderOnRepeat } = this.#switches.conditions;
    if (noRepeat) {
      this.#refuse(code.notSupported);
      return;
    }
    const result = this.memory.result(olderOnRepeat);
    this.accept();
    if (!result) {
      await this.#line.say(encodeAbort(code.noData));
      return;
    }
    if ((await this.#line.say(resultApdu(this, result))) !== 'ok') return;
    const amountCents = result.amountCents ?? 0;
    await this.print({ title: 'COPIA', verdict: '', amountCents, rows: [['Trace', result.trace ?? '']] });
    await this.#line.say(encodeCompletion());
  }

  async #endOfDay(): Promise<void> {
    this.accept();
    this.show('authorising', 'CHIUSURA IN CORSO');
    await this.intermediate(0x17, 'CHIUSURA...');
    await this.pause();
    const day = this.memory.closeDay();
    const answer = await this.#tellTotals(day, true);
    const registration = this.#registration;
    if (answer !== 'ok' || !registration) return;
    const total = day.reduce((sum, { amountCents, reversed }) => sum + (reversed ? 0 : amountCents), 0);
    if (registration.config & bit.printsAdmin)
      await this.#print(
        'administration',
        { title: 'CHIUSURA GIORNATA', verdict: 'QUADRATURA OK', amountCents: total, rows: [] },
        registration,
      );
    await this.#line.say(encodeCompletion());
  }

  /** `04 0F` with field 60. A closed day is what a repeated receipt then tells. */
  async #tellTotals(day: ZvtMemory['day'], keep = false): Promise<Answer> {
    const standing = day.filter(({ reversed }) => !reversed);
    const amountCents = standing.reduce((sum, payment) => sum + payment.amountCents, 0);
    const none = { count: 0, totalCents: 0 };
    const result = {
      resultCode: 0,
      amountCents,
      ...clockOf(this.options.clock.now()),
      totals: {
        receiptFrom: Number(day[0]?.receipt ?? 0),
        receiptTo: Number(day.at(-1)?.receipt ?? 0),
        schemes: [
          { scheme: 'girocard', ...none },
          { scheme: 'jcb', ...none },
          { scheme: 'mastercard', count: standing.length % 100, totalCents: amountCents },
          { scheme: 'amex', ...none },
          { scheme: 'visa', ...none },
          { scheme: 'diners', ...none },
          { scheme: 'other', ...none },
        ],
      },
    } as const;
    if (keep) this.memory.keep(result);
    return this.#line.say(resultApdu(this, result));
  }

  /** One less than the last stored receipt: the till never heard of that one, so it is given back (pos.md 2). */
  #compareReceipts(echo: Uint8Array | undefined): void {
    if (!this.options.echoes || !echo || echo.length === 0) return;
    const heard = Number(Buffer.from(echo).toString('hex'));
    const last = this.memory.day.at(-1);
    if (!last || last.reversed || Number(last.receipt) !== heard + 1) return;
    const { trace } = this.memory.nextNumbers();
    this.memory.approve({
      result: { resultCode: 0, amountCents: last.amountCents, trace, originalTrace: last.stan },
      entry: { stan: trace, amountCents: last.amountCents, kind: 'reversal', at: this.options.clock.now() },
      reverses: last.receipt,
    });
    this.memory.store();
  }

  /** Where both speak of sequence numbers, each command must have the next one. */
  #inSequence(command: TillCommand): boolean {
    const registration = this.#registration;
    if (!registration || registration.sequence === undefined) return true;
    if (!('sequence' in command) || command.sequence !== registration.sequence + 1) return false;
    registration.sequence = command.sequence;
    return true;
  }

  #refuse(with84: number): void {
    this.#line.answer(encodeRefusal(with84));
  }

  #note(direction: 'in' | 'out', what: string): void {
    this.#log.push({ at: this.options.clock.now(), direction, what });
    if (this.#log.length > LOG_LINES) this.#log.shift();
  }
}
