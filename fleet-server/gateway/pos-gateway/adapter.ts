import type { PaymentProblem } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import {
  type Cents,
  type Clock,
  cents,
  isJollyError,
  type Secret,
  systemClock,
} from '@jolly/contracts/values';
import { z } from 'zod';
import type { PosGatewayConfig } from '../config.ts';
import { type GatewayErrorCode, gatewayError } from '../errors.ts';
import { type HttpPost, nodeHttpPost } from '../http.ts';
import { iuvOf } from '../keys.ts';
import { problemOf } from '../node-soap/codec/faults.ts';
import type {
  AuthorisationAnswer,
  AuthorisationFacts,
  CardDriver,
  CardSession,
  GatewayCapabilities,
  Opened,
  OutcomeAnswer,
  OutcomeFacts,
  PaymentAbout,
  PaymentGateway,
  PreparedRequest,
  SessionState,
  Verified,
} from '../port.ts';
import { present } from '../present.ts';
import {
  AuthorisationRead,
  authorisationBody,
  OptionsError,
  PaymentOptions,
  readCallback,
  SessionAnswer,
  SessionStatus,
  sessionBody,
} from './codec/messages.ts';

export interface PosGatewayCredentials {
  readonly subscriptionKey: Secret<string>;
}

export interface PosGatewayOptions {
  readonly config: PosGatewayConfig;
  readonly credentials: () => PosGatewayCredentials;
  readonly post?: HttpPost;
  readonly clock?: Clock;
}

/** What an opening holds here: nothing goes out for it. */
const Opening = z.object({
  creditorTaxCode: z.string(),
  noticeNumber: z.string(),
  amountCents: z.int(),
  kioskPaymentId: z.uuid(),
  shown: z
    .object({ description: z.string(), creditorName: z.string(), office: z.string().optional() })
    .optional(),
});
const Asking = z.object({ sessionId: z.uuid(), kioskPaymentId: z.uuid(), body: z.string() });

const Outcome = z.object({ confirmed: z.boolean() });

/**
 * The interface's words for "the terminal was left alone": not authorised, no such session. "Formally invalid" (400) is none:
 * a request that the network delivers twice gets it for the second one, while the first asks for the card.
 */
const NOBODY_ASKED: ReadonlySet<number> = new Set([401, 404]);
const MAX_BYTES = 262_144;
/** The PSP's clock and network may take this much longer than the time it gives the citizen. */
const MARGIN_MS = 60_000;

type Heard =
  | { readonly kind: 'heard'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'unheard'; readonly reason: string };

/**
 * PagoPA's POS gateway: option C of pagopa.md 2.2. The platform activates the notice, drives the card terminal and reports
 * to the node, so opening and outcome send nothing; the amount for the citizen's consent comes from the creditor's own
 * payment options service, for the platform has no verification here.
 */
export class PosGateway implements PaymentGateway {
  readonly capabilities: GatewayCapabilities = {
    cardDrivenBy: 'gateway',
    multiNotice: false,
    refund: false,
    fee: 'none',
  };
  readonly psp: { readonly name: string; readonly taxCode: string };
  readonly card: CardDriver;
  readonly #config: PosGatewayConfig;
  readonly #credentials: () => PosGatewayCredentials;
  readonly #post: HttpPost;

  constructor(options: PosGatewayOptions) {
    const { config } = options;
    this.#config = config;
    this.#credentials = options.credentials;
    this.#post = options.post ?? nodeHttpPost(options.clock ?? systemClock);
    this.psp = { name: config.pspName, taxCode: config.pspTaxCode };
    this.card = {
      waitMs: config.authorisationMs + MARGIN_MS,
      askEveryMs: config.askEveryMs,
      readCallback,
      openSession: (kioskPaymentId) => this.#openSession(kioskPaymentId),
      prepareAuthorisation: (facts) => prepareAuthorisation(facts),
      sendAuthorisation: (request) => this.#sendAuthorisation(request),
      askSession: (of) => this.#askSession(of),
    };
  }

  async verify(notice: NoticeKey): Promise<Verified> {
    const { creditorTaxCode, noticeNumber } = notice;
    if (creditorTaxCode !== this.#config.creditorTaxCode) {
      return refused({ class: 'WRONG_NOTICE_DATA', faultCode: 'CREDITOR_NOT_SERVED', retry: 're-enter' });
    }
    const heard = await this.#call(
      'POST',
      `${this.#config.paymentOptionsUrl.replace(/\/+$/, '')}/payment-options/organizations/${creditorTaxCode}/notices/${noticeNumber}`,
      '',
      undefined,
      this.#config.timeouts.verifyMs,
    );
    if (heard.kind === 'unheard') return refused(unreachable(heard.reason));
    if (heard.status !== 200) return refused(problemOfOptions(heard));
    const read = PaymentOptions.safeParse(heard.json);
    const found = read.data?.paymentOptions
      .flatMap(({ installments }) => installments)
      .find(({ nav }) => nav === noticeNumber);
    if (!read.success || !found) return refused(unreachable('POS_GATEWAY_ANSWER_INVALID'));
    const closed = CLOSED[found.status];
    if (closed) return refused(closed);
    return present({
      ok: true as const,
      amountCents: found.amount,
      description: found.description,
      creditorTaxCode: read.data.organizationFiscalCode,
      creditorName: read.data.companyName ?? creditorTaxCode,
      office: read.data.officeName,
      dueDate: found.dueDate && /^\d{4}-\d{2}-\d{2}/.exec(found.dueDate)?.[0],
      standIn: read.data.standin ?? false,
    });
  }

  prepareOpen(
    notice: NoticeKey,
    amountCents: Cents,
    _expirationMs: number,
    about?: PaymentAbout,
  ): PreparedRequest {
    if (!about) throw new Error('the POS gateway needs to know whose payment it opens');
    const { creditorTaxCode, noticeNumber } = notice;
    const { kioskPaymentId, shown } = about;
    const opening = {
      creditorTaxCode,
      noticeNumber,
      amountCents,
      kioskPaymentId,
      ...(shown ? { shown } : {}),
    };
    return {
      operation: 'activatePaymentNoticeV2',
      idempotencyKey: `open-${referenceOf(kioskPaymentId)}`,
      body: JSON.stringify(opening),
    };
  }

  /** Nothing is locked yet: the platform does that with the request for the card. The token is a reference of ours. */
  async sendOpen(request: PreparedRequest): Promise<Opened> {
    const opening = Opening.parse(JSON.parse(request.body));
    const totalCents = cents(opening.amountCents);
    return present({
      ok: true as const,
      paymentToken: referenceOf(opening.kioskPaymentId),
      iuv: iuvOf(opening.noticeNumber),
      totalCents,
      description: opening.shown?.description ?? '',
      creditorTaxCode: opening.creditorTaxCode,
      creditorName: opening.shown?.creditorName ?? opening.creditorTaxCode,
      office: opening.shown?.office,
      transfers: [],
    });
  }

  prepareOutcome(facts: OutcomeFacts): PreparedRequest {
    return {
      operation: 'sendPaymentOutcomeV2',
      idempotencyKey: `outcome-${referenceOf(facts.kioskPaymentId)}`,
      // What the gateway's own word on the card was: a charge it does not know is not confirmed.
      body: JSON.stringify({ confirmed: facts.outcome === 'KO' || facts.announced }),
    };
  }

  /** The outcome is the PSP's business: nothing of ours goes to the node. */
  async sendOutcome(request: PreparedRequest): Promise<OutcomeAnswer> {
    const { confirmed } = Outcome.parse(JSON.parse(request.body));
    return confirmed ? { answer: 'ok' } : { answer: 'rejected', faultCode: 'CARD_NOT_AUTHORISED' };
  }

  async #openSession(kioskPaymentId: string): Promise<CardSession> {
    const { psp, creditorTaxCode, logicalOffice } = this.#config;
    const heard = await this.#call(
      'POST',
      `${this.#base()}/pos/sessions?includeTerminals=true`,
      sessionBody({ psp, creditorTaxCode, logicalOffice }),
      kioskPaymentId,
      this.#config.timeouts.verifyMs,
    );
    if (heard.kind === 'unheard') return { ok: false, reason: heard.reason };
    const read = SessionAnswer.safeParse(heard.json);
    if (heard.status !== 200 || !read.success)
      return { ok: false, reason: `POS_GATEWAY_HTTP ${heard.status}` };
    return {
      ok: true,
      sessionId: read.data.sessionId,
      terminals: read.data.terminals.map(({ id, status }) => ({ id, available: status === 'AVAILABLE' })),
    };
  }

  async #sendAuthorisation(request: PreparedRequest): Promise<AuthorisationAnswer> {
    const { sessionId, kioskPaymentId, body } = Asking.parse(JSON.parse(request.body));
    const heard = await this.#call(
      'POST',
      `${this.#base()}/pos/sessions/${sessionId}/auth-requests`,
      body,
      kioskPaymentId,
      this.#config.timeouts.activateMs,
    );
    // 5xx of a gateway in between says nothing of the request behind it.
    if (heard.kind === 'unheard') return { ok: 'unknown', reason: heard.reason };
    if (heard.status !== 200) {
      const reason = `POS_GATEWAY_HTTP ${heard.status}`;
      return { ok: NOBODY_ASKED.has(heard.status) ? false : 'unknown', reason };
    }
    const read = AuthorisationRead.safeParse(heard.json);
    if (!read.success) return { ok: 'unknown', reason: 'POS_GATEWAY_ANSWER_INVALID' };
    if (read.data.outcome === 'OK') return { ok: true, amountCents: read.data.amount };
    return { ok: false, reason: read.data.details[0]?.reason ?? 'KO' };
  }

  async #askSession(of: { sessionId: string; kioskPaymentId: string }): Promise<SessionState> {
    const heard = await this.#call(
      'GET',
      `${this.#base()}/pos/sessions/${of.sessionId}`,
      '',
      of.kioskPaymentId,
      this.#config.timeouts.verifyMs,
    );
    const read =
      heard.kind === 'heard' && heard.status === 200 ? SessionStatus.safeParse(heard.json) : undefined;
    if (!read?.success) return 'unheard';
    return ({ SUCCESS: 'done', ERROR: 'failed', ONGOING: 'ongoing' } as const)[read.data.outcome];
  }

  async #call(
    method: 'GET' | 'POST',
    url: string,
    body: string,
    correlationId: string | undefined,
    answerMs: number,
  ): Promise<Heard> {
    try {
      const answer = await this.#post({
        method,
        url,
        headers: {
          accept: 'application/json',
          ...(body === '' ? {} : { 'content-type': 'application/json' }),
          'ocp-apim-subscription-key': this.#credentials().subscriptionKey.reveal(),
          ...(correlationId === undefined ? {} : { 'x-correlation-id': correlationId }),
        },
        body,
        connectMs: this.#config.timeouts.connectMs,
        answerMs,
        maxBytes: MAX_BYTES,
      });
      if (answer.status === 429 || answer.status >= 500) {
        throw gatewayError('NODE_HTTP_STATUS', { status: answer.status });
      }
      return { kind: 'heard', status: answer.status, json: jsonOf(answer.body) };
    } catch (error) {
      if (!isJollyError<GatewayErrorCode>(error)) throw error;
      const { status } = error.detail;
      return { kind: 'unheard', reason: status === undefined ? error.code : `${error.code} ${status}` };
    }
  }

  #base(): string {
    return this.#config.url.replace(/\/+$/, '');
  }
}

function prepareAuthorisation(facts: AuthorisationFacts): PreparedRequest {
  const { sessionId, kioskPaymentId } = facts;
  return {
    operation: 'authorise',
    idempotencyKey: sessionId,
    body: JSON.stringify({ sessionId, kioskPaymentId, body: authorisationBody(facts) }),
  };
}

const referenceOf = (kioskPaymentId: string): string => kioskPaymentId.replaceAll('-', '');

const CLOSED: Readonly<Record<string, PaymentProblem | undefined>> = {
  POI_PAID: { class: 'NOTICE_ALREADY_PAID', faultCode: 'POI_PAID', retry: 'no' },
  POI_EXPIRED_NOT_PAYABLE: { class: 'EXPIRED_NOTICE', faultCode: 'POI_EXPIRED_NOT_PAYABLE', retry: 'no' },
  POI_INVALID: { class: 'REVOKED_NOTICE', faultCode: 'POI_INVALID', retry: 'no' },
};

const refused = (problem: PaymentProblem): Verified => ({ ok: false, problem });
const unreachable = (faultCode: string): PaymentProblem => ({
  class: 'NODE_UNREACHABLE',
  faultCode,
  retry: 'later',
});

/** The service's error names a PAA code in its message, as the node's faults do (ODP-101 to 111). */
function problemOfOptions(heard: Extract<Heard, { kind: 'heard' }>): PaymentProblem {
  const error = OptionsError.safeParse(heard.json);
  const code = /PAA_[A-Z_]+/.exec(error.data?.errorMessage ?? '')?.[0];
  if (code !== undefined) {
    return problemOf({
      faultCode: 'PPT_ERRORE_EMESSO_DA_PAA',
      faultString: '',
      id: '',
      originalFaultCode: code,
    });
  }
  if (heard.status === 401 || heard.status === 403) {
    return { class: 'NOTICE_GLITCH', faultCode: `PAYMENT_OPTIONS_HTTP ${heard.status}`, retry: 'no' };
  }
  return heard.status === 404
    ? { class: 'UNKNOWN_NOTICE', faultCode: 'PAYMENT_OPTIONS_HTTP 404', retry: 're-enter' }
    : { class: 'UNEXPECTED_ERROR', faultCode: `PAYMENT_OPTIONS_HTTP ${heard.status}`, retry: 'no' };
}

/** Undefined when it is no JSON. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // Errors of a proxy come as pages; where a body is needed its schema says that it is missing.
    return undefined;
  }
}
