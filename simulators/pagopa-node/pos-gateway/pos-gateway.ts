import { randomUUID } from 'node:crypto';
import type { Clock } from '@jolly/contracts/values';
import { asNodeRequest } from '../mil/mil.ts';
import type { PagopaNode } from '../node.ts';
import { iuv } from '../numbers.ts';
import type { RestAnswer } from '../wire.ts';

export type CardOutcome = 'AUTHORIZED' | 'DECLINED' | 'REFUSED' | 'CANCELED_BY_USER' | 'TIMEOUT';

export interface PosGatewaySettings {
  /** What the citizen and the bank do at the terminal; `wait` = until the control decides. */
  card: CardOutcome | 'wait';
  /** How long that takes, ms. */
  afterMs: number;
  /** `never`: the callback is not sent and the session stays open; `claimed`: not sent, yet called done. */
  callback: 'deliver' | 'never' | 'claimed';
  /** How much later than the card the callback goes out, ms. */
  callbackDelayMs: number;
  /** Where the creditor takes callbacks: everything before `/pos/ci/…`. */
  callbackUrl: string;
  terminals: { id: string; status: 'AVAILABLE' | 'UNAVAILABLE' | 'MAINTENANCE' }[];
}

export const defaultPosGatewaySettings: PosGatewaySettings = {
  card: 'AUTHORIZED',
  afterMs: 0,
  callback: 'deliver',
  callbackDelayMs: 0,
  callbackUrl: '',
  terminals: [{ id: '00000001', status: 'AVAILABLE' }],
};

interface Session {
  readonly sessionId: string;
  readonly creditorTaxCode: string;
  outcome: 'ONGOING' | 'SUCCESS' | 'ERROR';
  request?: {
    readonly terminalId: string;
    readonly noticeNumber: string;
    readonly amountCents: number;
    readonly token: string;
  };
  card?: CardOutcome;
}

/** A callback as it goes to the creditor. */
export interface SentCallback {
  readonly url: string;
  readonly correlationId: string;
  readonly body: unknown;
}
export type SendCallback = (callback: SentCallback) => Promise<number>;

const problem = (status: number, detail: string): RestAnswer => ({ status, json: { status, detail } });
const RETRIES = 5;
const RETRY_MS = 1_000;

/** PagoPA's POS gateway with the PSP and its terminals behind it, over the same positions (pagopa.md 6.1). */
export class PosLayer {
  readonly settings: PosGatewaySettings = { ...defaultPosGatewaySettings };
  readonly #node: PagopaNode;
  readonly #clock: Clock;
  readonly #send: SendCallback;
  readonly #changed: () => void;
  readonly #sessions = new Map<string, Session>();
  /** Requests for a card, each once: a second one for a payment would be a second charge. */
  readonly asked: { readonly sessionId: string; readonly noticeNumber: string }[] = [];

  /** Callbacks as they went out. */
  readonly sent: SentCallback[] = [];

  constructor(node: PagopaNode, clock: Clock, send: SendCallback, changed: () => void) {
    this.#node = node;
    this.#clock = clock;
    this.#send = send;
    this.#changed = changed;
  }

  get sessions(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  reset(): void {
    const { callbackUrl } = this.settings;
    Object.assign(this.settings, defaultPosGatewaySettings, { callbackUrl });
    this.#sessions.clear();
    this.asked.length = 0;
    this.sent.length = 0;
  }

  terminals() {
    return this.settings.terminals.map(({ id, status }) => ({
      id,
      description: `POS ${id}`,
      status,
      ...(status === 'AVAILABLE' ? {} : { statusCode: 'S0001' }),
    }));
  }

  open(creditorTaxCode: string, includeTerminals: boolean): RestAnswer {
    const sessionId = randomUUID();
    this.#sessions.set(sessionId, { sessionId, creditorTaxCode, outcome: 'ONGOING' });
    return { status: 200, json: { sessionId, terminals: includeTerminals ? this.terminals() : [] } };
  }

  state(sessionId: string): RestAnswer {
    const found = this.#sessions.get(sessionId);
    return found ? { status: 200, json: { outcome: found.outcome } } : problem(404, 'Not Found');
  }

  /** Locks the notice, then asks for the card: the answer says that it is being asked for. */
  async ask(
    sessionId: string,
    correlationId: string,
    wanted: { readonly terminalId: string; readonly noticeNumber: string },
  ): Promise<RestAnswer> {
    const session = this.#sessions.get(sessionId);
    if (!session) return problem(404, 'Not Found');
    if (session.request) return problem(400, 'The session has its request');
    const { noticeNumber, terminalId } = wanted;
    const position = this.#node.books.position(session.creditorTaxCode, noticeNumber);
    const amount = position?.notice.amountCents ?? 1;
    const detail = {
      creditorInstitutionFiscalCode: session.creditorTaxCode,
      noticeNumber,
      iuv: iuv(noticeNumber),
      amount,
    };
    const ko = (reason: string): RestAnswer => {
      session.outcome = 'ERROR';
      return { status: 200, json: { outcome: 'KO', amount, details: [{ ...detail, reason }] } };
    };
    const free = this.settings.terminals.some(
      ({ id, status }) => id === terminalId && status === 'AVAILABLE',
    );
    if (!free) return ko('AUTH_ERROR');
    const { token } = await this.#node.ask(
      asNodeRequest('activate', {
        fiscalCode: session.creditorTaxCode,
        noticeNumber,
        amount: String(amount),
      }),
    );
    if (!token) return ko('ACTIVATION_ERROR');
    const amountCents = token.amountCents;
    session.request = { terminalId, noticeNumber, amountCents, token: token.token };
    this.asked.push({ sessionId, noticeNumber });
    const { card, afterMs } = this.settings;
    if (card !== 'wait') this.#clock.after(afterMs, () => void this.decide(sessionId, card, correlationId));
    return {
      status: 200,
      json: { outcome: 'OK', amount: amountCents, details: [{ ...detail, amount: amountCents }] },
    };
  }

  /** The card's end: the PSP reports to the node, the platform to the creditor. False when there is nothing to decide. */
  async decide(sessionId: string, card: CardOutcome, correlationId: string): Promise<boolean> {
    const session = this.#sessions.get(sessionId);
    const request = session?.request;
    if (!session || !request || session.card) return false;
    session.card = card;
    const paid = card === 'AUTHORIZED';
    await this.#node.ask(
      asNodeRequest('outcome', { paymentToken: request.token, outcome: paid ? 'OK' : 'KO', fee: '0' }),
    );
    const { callback, callbackDelayMs } = this.settings;
    if (callback === 'claimed') session.outcome = paid ? 'SUCCESS' : 'ERROR';
    this.#changed();
    if (callback === 'deliver') {
      this.#clock.after(callbackDelayMs, () => void this.#deliver(session, correlationId, RETRIES));
    }
    return true;
  }

  async #deliver(session: Session, correlationId: string, triesLeft: number): Promise<void> {
    const { request, card } = session;
    if (!request || !card || triesLeft === 0) return;
    const path = `/pos/ci/sessions/${session.sessionId}/auth-requests`;
    const callback: SentCallback = {
      url: `${this.settings.callbackUrl}${path}`,
      correlationId,
      body: {
        outcome: card,
        terminalId: request.terminalId,
        timestamp: new Date(this.#node.now()).toISOString(),
        amount: request.amountCents,
        sessionId: session.sessionId,
        details:
          card === 'AUTHORIZED'
            ? {
                paymentType: 'CARD',
                details: {
                  bin: '453201',
                  lastFourDigits: '1234',
                  paymentAuthCode: '889900',
                  rrn: '123456789012',
                  brand: 'VISA',
                },
              }
            : { errorDescription: 'simulated' },
      },
    };
    this.sent.push(callback);
    const status = await this.#send(callback);
    if (status === 204) {
      session.outcome = card === 'AUTHORIZED' ? 'SUCCESS' : 'ERROR';
      this.#changed();
      return;
    }
    this.#clock.after(RETRY_MS, () => void this.#deliver(session, correlationId, triesLeft - 1));
  }
}
