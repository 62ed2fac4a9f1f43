import { type Clock, sleep } from '@jolly/contracts/values';
import {
  decodeMessage,
  type MessageHeader,
  type SaleToPOIRequest,
  type SaleToPOIResponse,
  type Seal,
  toCents,
} from '@jolly/drivers/pos/nexo';
import type { Card, NexoAction, NextOutcome } from './actions.ts';
import { answerTo, failure, totalsBody } from './answers.ts';
import type { TerminalMemory } from './memory.ts';
import { Switchboard } from './switchboard.ts';
import { type Exchange, type MoneyOperation, type Phase, runMoney, type Till } from './transaction.ts';

export interface TerminalOptions {
  readonly poiId: string;
  /** Milliseconds of each visible step of a transaction. */
  readonly delayMs: number;
  readonly cardTimeoutMs: number;
  readonly clock: Clock;
  /** Messages are sealed, both ways. */
  readonly seal?: Seal | undefined;
}

const LOG_LINES = 50;
const SUCCESS = { Result: 'Success' } as const;

/**
 * A terminal speaking the Terminal API, seen from its own side (pos.md 3). It serves one operation at a time, and answers questions
 * and aborts meanwhile. A message whose ServiceID it knows is answered again and not done again.
 */
export class SimulatedNexo implements Till {
  readonly options: TerminalOptions;
  readonly memory: TerminalMemory;
  /** The message that is being served. */
  #serving: string | undefined;
  #phase: Phase = 'idle';
  #display = 'PRONTO';
  readonly #switches = new Switchboard();
  #cardWaiter: ((how: 'card' | 'cancelled' | 'aborted') => void) | undefined;
  readonly #log: { at: number; direction: 'in' | 'out'; what: string }[] = [];

  constructor(memory: TerminalMemory, options: TerminalOptions) {
    this.memory = memory;
    this.options = options;
  }

  get card(): Card {
    return this.#switches.card;
  }
  get split(): boolean {
    return this.#switches.split;
  }

  act(action: NexoAction): void {
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
      terminalId: this.options.poiId,
      connected: true,
      phase: this.#phase,
      ...this.#switches.state(),
      display: this.#display,
      lastStan: this.memory.ledger.at(-1)?.stan ?? '',
      posTotalCents: this.memory.posTotalCents,
      ledger: this.memory.ledger,
      log: this.#log,
    };
  }

  /** One question, from its text to its answer. */
  async receive(text: string, exchange: Exchange): Promise<void> {
    if (this.#switches.silent) return;
    const { seal } = this.options;
    const clear = seal ? seal.open(text) : text;
    const message = clear === undefined ? undefined : decodeMessage(clear);
    if (!message || !('request' in message)) {
      this.#note('in', 'not understood');
      return exchange.answer('', 400);
    }
    const { request } = message;
    const { MessageHeader: header } = request;
    const sealed: Exchange = seal
      ? {
          ...exchange,
          answer: (answer, status) =>
            exchange.answer(
              answer.startsWith('{') ? seal.close(header, answer, 'SaleToPOIResponse') : answer,
              status,
            ),
        }
      : exchange;
    this.#note('in', header.MessageCategory);
    if (header.POIID !== this.options.poiId) return exchange.answer('', 404);
    await this.#serve(request, header, sealed);
  }

  // What a running operation uses: see `Till`.

  now(): number {
    return this.options.clock.now();
  }

  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome {
    return this.#switches.takeOutcome(kind);
  }

  show(phase: Phase, display: string): void {
    this.#phase = phase;
    this.#display = display;
  }

  note(what: string): void {
    this.#note('out', what);
  }

  pause(ms = this.options.delayMs): Promise<void> {
    return sleep(this.options.clock, ms);
  }

  async awaitCard(): Promise<'card' | 'cancelled' | 'aborted' | 'timeout'> {
    const { clock, delayMs, cardTimeoutMs } = this.options;
    let stop = () => undefined as unknown;
    const how = await new Promise<'card' | 'cancelled' | 'aborted' | 'timeout'>((resolve) => {
      this.#cardWaiter = resolve;
      stop = this.#switches.holdCard
        ? clock.after(cardTimeoutMs, () => resolve('timeout'))
        : clock.after(delayMs, () => resolve('card'));
    });
    stop();
    this.#cardWaiter = undefined;
    return how;
  }

  #serve(request: SaleToPOIRequest, header: MessageHeader, exchange: Exchange): Promise<void> | void {
    const tell = (body: Omit<SaleToPOIResponse, 'MessageHeader'>) =>
      exchange.answer(JSON.stringify({ SaleToPOIResponse: answerTo(header, body) }));
    if (request.PaymentRequest) {
      const { RequestedAmount, Currency } = request.PaymentRequest.PaymentTransaction.AmountsReq;
      const amountCents = toCents(RequestedAmount);
      if (amountCents === undefined || Currency !== 'EUR')
        return tell({ PaymentResponse: { Response: failure('MessageFormat') } });
      return this.#money(header, { kind: 'payment', amountCents }, exchange);
    }
    if (request.ReversalRequest) {
      const { TransactionID: reference } = request.ReversalRequest.OriginalPOITransaction.POITransactionID;
      return this.#money(header, { kind: 'reversal', reference }, exchange);
    }
    if (request.TransactionStatusRequest) {
      const about = request.TransactionStatusRequest.MessageReference?.ServiceID;
      return tell({ TransactionStatusResponse: this.#statusOf(about) });
    }
    if (request.AbortRequest) {
      if (request.AbortRequest.MessageReference.ServiceID === this.#serving) this.#cardWaiter?.('aborted');
      // An event: nothing is answered but that it was heard.
      return exchange.answer('');
    }
    if (request.DiagnosisRequest) return tell({ DiagnosisResponse: this.#diagnosis() });
    if (request.LoginRequest) {
      this.#switches.loggedOut = false;
      return tell({ LoginResponse: { Response: SUCCESS } });
    }
    if (request.LogoutRequest) {
      this.#switches.loggedOut = true;
      return tell({ LogoutResponse: { Response: SUCCESS } });
    }
    if (request.GetTotalsRequest) return tell({ GetTotalsResponse: totalsBody(this.memory.posTotalCents) });
    if (request.ReconciliationRequest)
      return tell({ ReconciliationResponse: totalsBody(this.memory.closeSession()) });
    return exchange.answer('', 400);
  }

  #diagnosis() {
    const Response = this.#switches.loggedOut ? failure('LoggedOut') : SUCCESS;
    const GlobalStatus = !this.#switches.operative
      ? 'Maintenance'
      : this.#serving !== undefined || this.#switches.busy
        ? 'Busy'
        : 'OK';
    return { Response, POIStatus: { GlobalStatus }, HostStatus: [{ IsReachableFlag: true }] };
  }

  /** What became of one message, or of the last. */
  #statusOf(about: string | undefined) {
    if (this.#switches.inProgress > 0) {
      this.#switches.inProgress--;
      return { Response: failure('InProgress') };
    }
    if (this.#serving !== undefined && (about === undefined || about === this.#serving))
      return { Response: failure('InProgress') };
    const answer = about === undefined ? this.memory.last() : this.memory.answerTo(about);
    if (!answer) return { Response: failure('NotFound') };
    const { MessageHeader, ...RepeatedResponseMessageBody } = answer;
    return { Response: SUCCESS, RepeatedMessageResponse: { MessageHeader, RepeatedResponseMessageBody } };
  }

  async #money(header: MessageHeader, operation: MoneyOperation, exchange: Exchange): Promise<void> {
    const serviceId = header.ServiceID ?? '';
    const known = this.memory.answerTo(serviceId);
    if (known) {
      this.#note('out', `${header.MessageCategory} repeated`);
      return exchange.answer(JSON.stringify({ SaleToPOIResponse: known }));
    }
    const condition = !serviceId
      ? 'MessageFormat'
      : serviceId === this.#serving
        ? 'InProgress'
        : this.#serving !== undefined || this.#switches.busy
          ? 'Busy'
          : this.#switches.loggedOut
            ? 'LoggedOut'
            : this.#switches.operative
              ? undefined
              : 'UnavailableService';
    if (condition) {
      const body = { Response: failure(condition) };
      const answer = answerTo(
        header,
        operation.kind === 'payment' ? { PaymentResponse: body } : { ReversalResponse: body },
      );
      return exchange.answer(JSON.stringify({ SaleToPOIResponse: answer }));
    }
    this.#serving = serviceId;
    try {
      await runMoney(this, header, operation, exchange);
    } finally {
      this.#serving = undefined;
      this.show('idle', 'PRONTO');
    }
  }

  #note(direction: 'in' | 'out', what: string): void {
    this.#log.push({ at: this.options.clock.now(), direction, what });
    if (this.#log.length > LOG_LINES) this.#log.shift();
  }
}
