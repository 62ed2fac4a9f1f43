import type { PaymentProblem } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import {
  type Cents,
  type Clock,
  isJollyError,
  type RandomBytes,
  type Secret,
  sleep,
  systemClock,
  systemRandom,
} from '@jolly/contracts/values';
import type { NodeSoapConfig } from '../config.ts';
import { type GatewayError, type GatewayErrorCode, gatewayError } from '../errors.ts';
import { type HttpPost, nodeHttpPost } from '../http.ts';
import { idempotencyKey, iuvOf } from '../keys.ts';
import type {
  GatewayCapabilities,
  Opened,
  OutcomeAnswer,
  OutcomeFacts,
  PaymentGateway,
  PreparedRequest,
  Verified,
} from '../port.ts';
import { present } from '../present.ts';
import { outcomeAnswerOf, problemOf } from './codec/faults.ts';
import {
  type Caller,
  encodeActivate,
  encodeOutcome,
  encodeVerify,
  transferDateOf,
} from './codec/requests.ts';
import { decodeActivate, decodeOutcome, decodeVerify, type NodeAnswer } from './codec/responses.ts';
import { MAX_BYTES } from './codec/xml-read.ts';

export interface GatewayCredentials {
  /** Password of the channel, 8..15 characters; `PLACEHOLDER` where the PSP uses keys (pagopa.md 3.1). */
  readonly password: Secret<string>;
  readonly subscriptionKey: Secret<string>;
}

export interface NodeSoapOptions {
  readonly config: NodeSoapConfig;
  /** Asked at every call, so that a rotation takes effect at once. */
  readonly credentials: () => GatewayCredentials;
  readonly post?: HttpPost;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

type Operation = 'verifyPaymentNotice' | 'activatePaymentNoticeV2' | 'sendPaymentOutcomeV2';
type Reply<Message> = NodeAnswer<Message> | { readonly kind: 'unreachable'; readonly error: GatewayError };

/** One automatic repetition of verify when the creditor does not answer (pagopa.md 4). */
const CREDITOR_RETRY_MS = 3_000;
/** Repetitions of verify after a broken connection: it has no side effect (pagopa.md 7). */
const VERIFY_REPEATS = 2;

/** Why an operator item or a log says the node could not be heard: a code of ours, and the HTTP status if any. */
function reasonOf(error: GatewayError): string {
  const status = error.detail.status;
  return status === undefined ? error.code : `${error.code} ${status}`;
}

/** The notice inside a body that this adapter wrote. */
function noticeIn(body: string): NoticeKey | undefined {
  const found = /<fiscalCode>(\d{11})<\/fiscalCode><noticeNumber>(\d{18})<\/noticeNumber>/.exec(body);
  return found?.[1] && found[2] ? { creditorTaxCode: found[1], noticeNumber: found[2] } : undefined;
}

/**
 * The node of pagoPA by SOAP (nodeForPsp), in the PSP's name: option A of pagopa.md 2.2. Where the
 * creditor bears the fee (a single-creditor machine, 2.1) the citizen pays none. Bodies never reach a log: errors carry codes and counts only.
 */
export class NodeSoapGateway implements PaymentGateway {
  readonly capabilities: GatewayCapabilities;
  readonly psp: { readonly name: string; readonly taxCode: string };
  readonly #config: NodeSoapConfig;
  readonly #credentials: () => GatewayCredentials;
  readonly #post: HttpPost;
  readonly #clock: Clock;
  readonly #random: RandomBytes;

  constructor(options: NodeSoapOptions) {
    this.#config = options.config;
    const { fee } = options.config;
    this.capabilities = { cardDrivenBy: 'kiosk', multiNotice: false, refund: false, fee };
    this.psp = { name: options.config.pspName, taxCode: options.config.pspTaxCode };
    this.#credentials = options.credentials;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#post = options.post ?? nodeHttpPost(this.#clock);
  }

  async verify(notice: NoticeKey): Promise<Verified> {
    const first = await this.#verifyOnce(notice);
    if (first.ok || first.problem.class !== 'CREDITOR_PROBLEMS') return first;
    await sleep(this.#clock, CREDITOR_RETRY_MS);
    return this.#verifyOnce(notice);
  }

  prepareOpen(notice: NoticeKey, amountCents: Cents, expirationMs: number): PreparedRequest {
    const key = this.#key();
    return {
      operation: 'activatePaymentNoticeV2',
      idempotencyKey: key,
      body: encodeActivate(this.#caller(), { idempotencyKey: key, notice, expirationMs, amountCents }),
    };
  }

  async sendOpen(
    request: PreparedRequest,
  ): Promise<Opened | { readonly ok: 'unknown'; readonly reason: string }> {
    const reply = await this.#call(
      'activatePaymentNoticeV2',
      request.body,
      this.#config.timeouts.activateMs,
      decodeActivate,
    );
    if (reply.kind === 'unreachable' || reply.kind === 'unreadable') {
      return { ok: 'unknown', reason: reasonOf(reply.error) };
    }
    if (reply.kind === 'refused') return { ok: false, problem: problemOf(reply.fault) };
    const { message } = reply;
    const notice = noticeIn(request.body);
    const creditorTaxCode = message.creditorTaxCode ?? notice?.creditorTaxCode ?? '';
    return present({
      ok: true as const,
      paymentToken: message.paymentToken,
      iuv: message.creditorReferenceId ?? iuvOf(notice?.noticeNumber ?? ''),
      totalCents: message.totalCents,
      description: message.description ?? '',
      creditorTaxCode,
      creditorName: message.companyName ?? creditorTaxCode,
      office: message.officeName,
      transfers: message.transfers,
      suggestedUserFeeCents: message.suggestedUserFeeCents,
      bundle: message.bundle,
    });
  }

  prepareOutcome(facts: OutcomeFacts): PreparedRequest {
    const key = this.#key();
    return {
      operation: 'sendPaymentOutcomeV2',
      idempotencyKey: key,
      body: encodeOutcome(this.#caller(), {
        idempotencyKey: key,
        paymentToken: facts.paymentToken,
        outcome: facts.outcome,
        details:
          facts.outcome === 'OK'
            ? {
                paymentMethod: facts.paymentMethod,
                paymentChannel: this.#config.paymentChannel,
                feeCents: facts.feeCents,
                applicationDate: facts.applicationDate,
                bundle: facts.bundle,
                transferDate: transferDateOf(facts.applicationDate),
              }
            : undefined,
      }),
    };
  }

  async sendOutcome(request: PreparedRequest): Promise<OutcomeAnswer> {
    const reply = await this.#call(
      'sendPaymentOutcomeV2',
      request.body,
      this.#config.timeouts.outcomeMs,
      decodeOutcome,
    );
    switch (reply.kind) {
      case 'ok':
        return { answer: 'ok' };
      case 'refused':
        return outcomeAnswerOf(reply.fault);
      default:
        return { answer: 'unreachable', reason: reasonOf(reply.error) };
    }
  }

  async #verifyOnce(notice: NoticeKey): Promise<Verified> {
    const reply = await this.#sendVerify(notice);
    if (reply.kind === 'refused') return { ok: false, problem: problemOf(reply.fault) };
    if (reply.kind !== 'ok') return { ok: false, problem: unheard(reply.error) };
    const { message } = reply;
    const creditorTaxCode = message.creditorTaxCode ?? notice.creditorTaxCode;
    return present({
      ok: true as const,
      amountCents: message.amountCents,
      description: message.description ?? message.paymentNote ?? '',
      creditorTaxCode,
      creditorName: message.companyName ?? creditorTaxCode,
      office: message.officeName,
      dueDate: message.dueDate,
      standIn: message.standIn,
    });
  }

  async #sendVerify(notice: NoticeKey) {
    const body = encodeVerify(this.#caller(), notice);
    const send = () => this.#call('verifyPaymentNotice', body, this.#config.timeouts.verifyMs, decodeVerify);
    let reply = await send();
    // Only a broken connection is tried again at once: after a timeout the citizen has waited long enough.
    for (let again = 0; again < VERIFY_REPEATS; again++) {
      if (reply.kind !== 'unreachable' || !isJollyError(reply.error, 'NODE_CONNECTION_LOST')) break;
      reply = await send();
    }
    return reply;
  }

  async #call<Message>(
    operation: Operation,
    body: string,
    answerMs: number,
    decode: (bytes: Uint8Array) => NodeAnswer<Message>,
  ): Promise<Reply<Message>> {
    try {
      const answer = await this.#post({
        url: this.#config.url,
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"${operation}"`,
          'ocp-apim-subscription-key': this.#credentials().subscriptionKey.reveal(),
        },
        body,
        connectMs: this.#config.timeouts.connectMs,
        answerMs,
        maxBytes: MAX_BYTES,
      });
      if (answer.status !== 200) {
        return { kind: 'unreachable', error: gatewayError('NODE_HTTP_STATUS', { status: answer.status }) };
      }
      return decode(answer.body);
    } catch (error) {
      if (isJollyError<GatewayErrorCode>(error)) return { kind: 'unreachable', error };
      throw error;
    }
  }

  #caller(): Caller {
    const { idPsp, idBrokerPsp, idChannel } = this.#config;
    return { idPsp, idBrokerPsp, idChannel, password: this.#credentials().password.reveal() };
  }

  #key(): string {
    return idempotencyKey(this.psp.taxCode, this.#random(10));
  }
}

/** Verify found nobody, or somebody who does not know us (401, 403: the subscription key). */
function unheard(error: GatewayError): PaymentProblem {
  const status = error.detail.status;
  const refusedUs = status === 401 || status === 403;
  return {
    class: refusedUs ? 'NOTICE_GLITCH' : 'NODE_UNREACHABLE',
    faultCode: reasonOf(error),
    retry: refusedUs ? 'no' : 'later',
  };
}
