import type { Clock } from '@jolly/contracts/values';
import {
  abortRequest,
  decodeMessage,
  type NexoRequest,
  type Parties,
  type SaleToPOIResponse,
} from './codec/index.ts';
import { type Answer, type Dial, NexoLine, type OpenLine } from './line.ts';
import type { Seal } from './seal.ts';
import { QuestionIds } from './service-id.ts';
import type { NexoSettings } from './settings.ts';

/** An answer that is ours, or why there is none. */
export type Heard =
  | { readonly ok: true; readonly response: SaleToPOIResponse }
  /** `refused`: the terminal said that it did nothing with the message. */
  | { readonly ok: false; readonly reason: string; readonly refused?: true };

/** Takes messages to the terminal and their answers back, sealed where that is agreed. Tells an answer from that of another message. */
export class Messenger {
  readonly #settings: NexoSettings;
  readonly #parties: Parties;
  readonly #line: NexoLine;
  readonly #seal: Seal | undefined;
  readonly #questions: QuestionIds;
  readonly #recorded: (direction: 'in' | 'out', message: string) => void;
  #closed = false;

  constructor(
    settings: NexoSettings,
    clock: Clock,
    link: { readonly dial: Dial; readonly seal?: Seal | undefined },
    recorded: (direction: 'in' | 'out', message: string) => void = () => undefined,
  ) {
    this.#recorded = recorded;
    this.#settings = settings;
    this.#parties = { saleId: settings.saleId, poiId: settings.poiId };
    this.#line = new NexoLine(link.dial, settings, clock);
    this.#seal = link.seal;
    this.#questions = new QuestionIds(clock);
  }

  get counters(): Readonly<Record<string, number>> {
    return this.#line.counters;
  }

  /** The name of the next question. */
  question(): string {
    return this.#questions.next();
  }

  /** A connection, or why there is none. */
  open(): Promise<OpenLine | string> {
    return this.#line.open();
  }

  close(): void {
    this.#closed = true;
    this.#line.close();
  }

  /** Writes one message that moves money, once, on an open connection. `sending` is told a signal that ends with the exchange. */
  async money(
    line: OpenLine,
    message: NexoRequest,
    beforeMoney: () => void,
    sending: (over: AbortSignal) => void = () => undefined,
  ): Promise<Heard> {
    const body = this.#written(message);
    try {
      beforeMoney();
    } catch (error) {
      line.close();
      throw error;
    }
    const over = new AbortController();
    const exchange = line.ask(body, this.#settings.resultMs);
    sending(over.signal);
    const answer = await exchange;
    over.abort();
    return this.#heard(message, answer);
  }

  /** A harmless question on a connection of its own. */
  async ask(message: NexoRequest): Promise<Heard> {
    const line = await this.open();
    if (typeof line === 'string') return { ok: false, reason: line };
    return this.#heard(message, await line.ask(this.#written(message), this.#settings.answerMs));
  }

  async abort(serviceId: string): Promise<void> {
    if (this.#closed) return;
    const line = await this.open();
    if (typeof line === 'string') return;
    const message = abortRequest(this.#parties, this.question(), serviceId);
    // An event: many a terminal answers it with nothing.
    await line.ask(this.#written(message), this.#settings.answerMs);
  }

  #written(message: NexoRequest): string {
    const { MessageHeader: header } = message.SaleToPOIRequest;
    const text = JSON.stringify(message);
    this.#recorded('out', text);
    return this.#seal ? this.#seal.close(header, text) : text;
  }

  #heard(asked: NexoRequest, answer: Answer): Heard {
    if (!answer.ok) return answer;
    if (answer.status !== 200) return { ok: false, reason: `http-${answer.status}` };
    const text = this.#seal ? this.#seal.open(answer.text) : answer.text;
    if (text === undefined) return { ok: false, reason: 'seal-broken' };
    this.#recorded('in', text);
    const message = decodeMessage(text);
    if (!message) return { ok: false, reason: 'answer-unreadable' };
    if (!('response' in message)) {
      const rejected = message.request.EventNotification?.EventToNotify === 'Reject';
      return rejected
        ? { ok: false, reason: 'rejected', refused: true }
        : { ok: false, reason: 'other-message' };
    }
    const { response } = message;
    const ours = asked.SaleToPOIRequest.MessageHeader;
    const { MessageCategory, ServiceID } = response.MessageHeader;
    // An answer to another message, however well it reads, says nothing about this one.
    if (ServiceID !== ours.ServiceID || MessageCategory !== ours.MessageCategory)
      return { ok: false, reason: 'answer-of-another' };
    return { ok: true, response };
  }
}
