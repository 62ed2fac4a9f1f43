import type { NoticeKey } from '@jolly/contracts/notice';
import {
  type Cents,
  type Clock,
  cents,
  type RandomBytes,
  sleep,
  systemClock,
  systemRandom,
} from '@jolly/contracts/values';
import type { MilConfig } from '../config.ts';
import { type HttpPost, nodeHttpPost } from '../http.ts';
import { idempotencyKey, iuvOf } from '../keys.ts';
import type {
  AnnounceAnswer,
  AnnounceFacts,
  GatewayCapabilities,
  Opened,
  OutcomeAnswer,
  OutcomeFacts,
  PaymentAbout,
  PaymentGateway,
  PreparedRequest,
  Verified,
} from '../port.ts';
import { present } from '../present.ts';
import { base, MilClient, type MilCredentials, type MilReply, readJson, terminalUnknown } from './client.ts';
import { answerOfStatus, problemOfOutcome, problemOfStatus } from './codec/meaning.ts';
import {
  ActivateAnswer,
  abortBody,
  activateBody,
  closeBody,
  FeeAnswer,
  feeBody,
  preCloseBody,
  StatusAnswer,
  type Transfer,
  transactionIdOf,
  VerifyAnswer,
} from './codec/messages.ts';
import { readStored, type StoredRequest } from './codec/stored.ts';

export interface MilOptions {
  readonly config: MilConfig;
  readonly credentials: () => MilCredentials;
  readonly post?: HttpPost;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

type Unknown = { readonly ok: 'unknown'; readonly reason: string };

/** One automatic repetition of verify when the creditor does not answer (pagopa.md 4). */
const CREDITOR_RETRY_MS = 3_000;
/** Repetitions of verify after a broken connection: it has no side effect (pagopa.md 7). */
const VERIFY_REPEATS = 2;

/**
 * PagoPA's multi-channel integration layer by REST: option B of pagopa.md 2.2. MIL tells its terminals apart, so every
 * call is made through `forTerminal`. Bodies, tokens and the client's secret never reach a log.
 */
export class MilGateway implements PaymentGateway {
  readonly capabilities: GatewayCapabilities;
  readonly psp: { readonly name: string; readonly taxCode: string };
  readonly #options: Required<MilOptions>;
  readonly #terminals: Map<string, MilGateway>;
  readonly #client: MilClient | undefined;

  constructor(options: MilOptions, milTerminalId?: string) {
    const clock = options.clock ?? systemClock;
    const { config } = options;
    this.capabilities = { cardDrivenBy: 'kiosk', multiNotice: false, refund: false, fee: config.fee };
    this.psp = { name: config.pspName, taxCode: config.pspTaxCode };
    this.#options = {
      ...options,
      clock,
      random: options.random ?? systemRandom,
      post: options.post ?? nodeHttpPost(clock),
    };
    this.#terminals = new Map();
    this.#client =
      milTerminalId === undefined ? undefined : new MilClient({ ...this.#options, milTerminalId });
  }

  /** Throws MIL_TERMINAL_UNKNOWN for a terminal that has no name at MIL. */
  forTerminal(terminalId: string): MilGateway {
    const milTerminalId = this.#options.config.terminals[terminalId];
    if (milTerminalId === undefined) throw terminalUnknown(terminalId);
    const known = this.#terminals.get(milTerminalId);
    if (known) return known;
    const made = new MilGateway(this.#options, milTerminalId);
    this.#terminals.set(milTerminalId, made);
    return made;
  }

  async verify(notice: NoticeKey): Promise<Verified> {
    const first = await this.#verifyOnce(notice);
    if (first.ok || first.problem.class !== 'CREDITOR_PROBLEMS') return first;
    await sleep(this.#options.clock, CREDITOR_RETRY_MS);
    return this.#verifyOnce(notice);
  }

  /** MIL gives a token the platform's own life: `expirationMs` bounds it on our side only. */
  prepareOpen(
    notice: NoticeKey,
    amountCents: Cents,
    _expirationMs: number,
    about?: PaymentAbout,
  ): PreparedRequest {
    const key = idempotencyKey(this.psp.taxCode, this.#options.random(10));
    const { creditorTaxCode, noticeNumber } = notice;
    const body = activateBody(key, amountCents);
    return prepared('activatePaymentNoticeV2', key, {
      call: 'activate',
      creditorTaxCode,
      noticeNumber,
      body,
      ...(about?.shown ? { shown: about.shown } : {}),
    });
  }

  /** Activates, then asks for the fee where the citizen bears it: without the fee nobody may be charged. */
  async sendOpen(request: PreparedRequest): Promise<Opened | Unknown> {
    const stored = readStored(request.body, 'activate');
    const reply = await this.#call('PATCH', this.#noticeUrl(stored), stored.body, 'activateMs');
    if (reply.kind === 'unreachable') return { ok: 'unknown', reason: reply.reason };
    if (reply.status !== 200) return { ok: false, problem: problemOfStatus(reply.status, reply.codes) };
    const answer = readJson(reply.json, ActivateAnswer);
    if (!answer) return { ok: 'unknown', reason: 'MIL_ANSWER_INVALID' };
    if (answer.outcome !== 'OK') return { ok: false, problem: problemOfOutcome(answer.outcome) };
    const fee = await this.#fee(answer);
    if (typeof fee === 'object') return fee;
    return present({
      ok: true as const,
      paymentToken: answer.paymentToken,
      iuv: iuvOf(stored.noticeNumber),
      totalCents: answer.amount,
      description: stored.shown?.description ?? '',
      creditorTaxCode: answer.paTaxCode,
      creditorName: stored.shown?.creditorName ?? answer.paTaxCode,
      office: stored.shown?.office,
      transfers: answer.transfers.map((transfer, index) => ({
        idTransfer: index + 1,
        // MIL tells who gets a part and of what kind, not how much.
        amountCents: cents(0),
        creditorTaxCode: transfer.paTaxCode,
        stamp: false,
        remittance: '',
        category: transfer.category,
      })),
      suggestedUserFeeCents: fee,
    });
  }

  readonly announce = {
    prepare: (facts: AnnounceFacts): PreparedRequest => {
      const transactionId = transactionIdOf(facts.kioskPaymentId);
      const of = {
        paymentToken: facts.paymentToken,
        transactionId,
        totalAmount: facts.amountCents,
      };
      const body = preCloseBody({ ...of, fee: facts.feeCents });
      return prepared('announce', transactionId, { call: 'pre-close', ...of, body });
    },
    send: async (request: PreparedRequest): Promise<AnnounceAnswer> => {
      const stored = readStored(request.body, 'pre-close');
      const reply = await this.#call('POST', this.#paymentsUrl(), stored.body, 'outcomeMs');
      if (reply.kind === 'unreachable') return { ok: 'unknown', reason: reply.reason };
      if (reply.status === 201) return { ok: true };
      // The answer to an earlier try was lost: it is ours if it says the same.
      if (reply.status === 409) return this.#announcedBefore(stored);
      return { ok: false, faultCode: faultOf(reply) };
    },
  };

  prepareOutcome(facts: OutcomeFacts): PreparedRequest {
    const transactionId = transactionIdOf(facts.kioskPaymentId);
    const paid = facts.outcome === 'OK';
    if (!paid && !facts.announced) {
      const body = abortBody(facts.paymentToken);
      return prepared('sendPaymentOutcomeV2', `abort-${transactionId}`, { call: 'abort', body });
    }
    const { paymentMethods } = this.#options.config;
    const method = {
      bancomat: paymentMethods.debit,
      creditCard: paymentMethods.credit,
      other: paymentMethods.unknown,
    };
    const body = closeBody(paid ? 'CLOSE' : 'ERROR_ON_PAYMENT', method[facts.paymentMethod], facts.localTime);
    return prepared('sendPaymentOutcomeV2', `outcome-${transactionId}`, {
      call: 'outcome',
      transactionId,
      paid,
      body,
    });
  }

  async sendOutcome(request: PreparedRequest, attempt = 1): Promise<OutcomeAnswer> {
    const stored = readStored(request.body, 'abort', 'outcome');
    if (stored.call === 'abort') return this.#abort(stored);
    if (attempt > 1) {
      const before = await this.#outcomeByStatus(stored, attempt);
      if (before !== 'not-told') return before;
    }
    const url = `${this.#paymentsUrl()}/${stored.transactionId}/sendPaymentOutcome`;
    const reply = await this.#call('PATCH', url, stored.body, 'outcomeMs');
    if (reply.kind === 'unreachable') return { answer: 'unreachable', reason: reply.reason };
    if (reply.status === 404) return { answer: 'token-unknown' };
    // Refused credentials say nothing of the payment: they may be set right in time.
    if (reply.status === 401 || reply.status === 403)
      return { answer: 'unreachable', reason: faultOf(reply) };
    if (reply.status >= 300) return { answer: 'rejected', faultCode: faultOf(reply) };
    const after = await this.#outcomeByStatus(stored, attempt, reply.retryAfterMs);
    return after === 'not-told' ? this.#pending(attempt, reply.retryAfterMs) : after;
  }

  async #verifyOnce(notice: NoticeKey): Promise<Verified> {
    const ask = () => this.#call('GET', this.#noticeUrl(notice), '', 'verifyMs');
    let reply = await ask();
    // Only a broken connection is tried again at once: after a timeout the citizen has waited long enough.
    for (let again = 0; again < VERIFY_REPEATS; again++) {
      if (reply.kind === 'heard' || !reply.lost) break;
      reply = await ask();
    }
    if (reply.kind === 'unreachable') return unheard(reply.reason);
    if (reply.status !== 200) return { ok: false, problem: problemOfStatus(reply.status, reply.codes) };
    const answer = readJson(reply.json, VerifyAnswer);
    if (!answer) return unheard('MIL_ANSWER_INVALID');
    if (answer.outcome !== 'OK') return { ok: false, problem: problemOfOutcome(answer.outcome) };
    return present({
      ok: true as const,
      amountCents: answer.amount,
      description: answer.description ?? answer.note ?? '',
      creditorTaxCode: answer.paTaxCode,
      creditorName: answer.company ?? answer.paTaxCode,
      office: answer.office,
      dueDate: answer.dueDate,
      standIn: false,
    });
  }

  /** The citizen's fee; 404 = there is none. */
  async #fee(notice: {
    readonly amount: Cents;
    readonly paTaxCode: string;
    readonly transfers: readonly Transfer[];
  }): Promise<Cents | undefined | Unknown> {
    const { config } = this.#options;
    if (config.fee === 'none') return undefined;
    const { amount, paTaxCode, transfers } = notice;
    const body = feeBody(config.paymentMethods.unknown, { amount, paTaxCode, transfers });
    const reply = await this.#call('POST', `${base(config.urls.fees)}/fees`, body, 'verifyMs');
    if (reply.kind === 'unreachable') return { ok: 'unknown', reason: reply.reason };
    if (reply.status === 404) return cents(0);
    const answer = reply.status === 200 ? readJson(reply.json, FeeAnswer) : undefined;
    return answer?.fee ?? { ok: 'unknown', reason: `MIL_FEE ${faultOf(reply)}` };
  }

  async #announcedBefore(stored: Extract<StoredRequest, { call: 'pre-close' }>): Promise<AnnounceAnswer> {
    const reply = await this.#call('GET', `${this.#paymentsUrl()}/${stored.transactionId}`, '', 'outcomeMs');
    if (reply.kind === 'unreachable') return { ok: 'unknown', reason: reply.reason };
    const answer = reply.status === 200 ? readJson(reply.json, StatusAnswer) : undefined;
    if (!answer) return { ok: 'unknown', reason: faultOf(reply) };
    const same =
      answer.status === 'PRE_CLOSE' &&
      answer.totalAmount === stored.totalAmount &&
      answer.notices.some(({ paymentToken }) => paymentToken === stored.paymentToken);
    return same ? { ok: true } : { ok: false, faultCode: 'MIL_TRANSACTION_EXISTS' };
  }

  async #abort(stored: Extract<StoredRequest, { call: 'abort' }>): Promise<OutcomeAnswer> {
    const reply = await this.#call('POST', this.#paymentsUrl(), stored.body, 'outcomeMs');
    if (reply.kind === 'unreachable') return { answer: 'unreachable', reason: reply.reason };
    if (reply.status === 401 || reply.status === 403)
      return { answer: 'unreachable', reason: faultOf(reply) };
    if (reply.status < 300) return { answer: 'ok' };
    // The token is no longer in MIL's cache: it has ended, and the lock with it.
    if (reply.codes.includes('008000032')) return { answer: 'token-expired-ko' };
    return { answer: 'rejected', faultCode: faultOf(reply) };
  }

  async #outcomeByStatus(
    stored: Extract<StoredRequest, { call: 'outcome' }>,
    attempt: number,
    retryAfterMs?: number,
  ): Promise<OutcomeAnswer | 'not-told'> {
    const reply = await this.#call('GET', `${this.#paymentsUrl()}/${stored.transactionId}`, '', 'outcomeMs');
    if (reply.kind === 'unreachable') return { answer: 'unreachable', reason: reply.reason };
    // Unknown there: the outcome itself will be told so.
    if (reply.status === 404) return 'not-told';
    const answer = reply.status === 200 ? readJson(reply.json, StatusAnswer) : undefined;
    if (!answer) return { answer: 'unreachable', reason: faultOf(reply) };
    const said = answerOfStatus(answer.status, stored.paid, 0);
    if (said === 'not-told' || said.answer !== 'pending') return said;
    return this.#pending(attempt, retryAfterMs);
  }

  /** Asked again at MIL's own pace, and after that at the pace of an outcome nobody answers. */
  #pending(attempt: number, retryAfterMs: number | undefined): OutcomeAnswer {
    const { polling } = this.#options.config;
    if (attempt > polling.maxRetries) return { answer: 'unreachable', reason: 'MIL_PENDING' };
    return { answer: 'pending', reason: 'MIL_PENDING', againInMs: retryAfterMs ?? polling.retryAfterMs };
  }

  #call(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    body: string,
    limit: 'verifyMs' | 'activateMs' | 'outcomeMs',
  ): Promise<MilReply> {
    if (!this.#client) throw terminalUnknown('');
    return this.#client.call({ method, url, body, answerMs: this.#options.config.timeouts[limit] });
  }

  #noticeUrl({ creditorTaxCode, noticeNumber }: NoticeKey): string {
    return `${base(this.#options.config.urls.paymentNotice)}/paymentNotices/${creditorTaxCode}/${noticeNumber}`;
  }

  #paymentsUrl(): string {
    return `${base(this.#options.config.urls.paymentNotice)}/payments`;
  }
}

const prepared = (
  operation: PreparedRequest['operation'],
  idempotencyKey: string,
  stored: StoredRequest,
): PreparedRequest => ({ operation, idempotencyKey, body: JSON.stringify(stored) });

const faultOf = (reply: Extract<MilReply, { kind: 'heard' }>): string =>
  reply.codes[0] === undefined ? `MIL_HTTP_STATUS ${reply.status}` : `MIL_${reply.codes[0]}`;

const unheard = (faultCode: string): Verified => ({
  ok: false,
  problem: { class: 'NODE_UNREACHABLE', faultCode, retry: 'later' },
});
