import type { NoticeKey } from '@jolly/contracts/notice';
import { type Cents, cents } from '@jolly/contracts/values';
import type {
  AnnounceAnswer,
  AnnounceFacts,
  GatewayCapabilities,
  Opened,
  OutcomeAnswer,
  OutcomeFacts,
  PaymentGateway,
  PreparedRequest,
  Transfer,
  Verified,
} from '../gateway/index.ts';

/** A gateway in memory for tests: says what the script says, and remembers every request it was sent. */
export class ScriptedGateway implements PaymentGateway {
  capabilities: GatewayCapabilities = {
    cardDrivenBy: 'kiosk',
    multiNotice: false,
    refund: false,
    fee: 'none',
  };
  /** Whether charges are announced before the card, as MIL asks. */
  readonly announce?: NonNullable<PaymentGateway['announce']>;
  announceAnswers: AnnounceAnswer[] = [];
  /** Fee that activation names; counts only with `capabilities.fee: 'citizen'`. */
  feeCents: Cents | undefined;
  readonly psp = { name: 'Banca Dimostrativa', taxCode: '02654890025' };
  readonly sent: PreparedRequest[] = [];
  amountCents: Cents = cents(12_345);
  verifyAnswers: Verified[] = [];
  openAnswers: (Opened | { ok: 'unknown'; reason: string })[] = [];
  /** Answers to outcomes, one a sending; `ok` once they are used up. */
  outcomeAnswers: OutcomeAnswer[] = [];
  /** Runs before each answer: throws or waits for ever to play a dead connection. */
  before: (request: PreparedRequest) => Promise<void> | void = () => undefined;
  stamp = false;
  /** Never the same key twice, also of a gateway made after a restart. */
  static #keys = 0;

  constructor(of: { readonly announces?: boolean } = {}) {
    if (!of.announces) return;
    this.announce = {
      prepare: (facts: AnnounceFacts) => ({
        operation: 'announce',
        idempotencyKey: this.#key(),
        body: JSON.stringify({ ...facts, password: 'hunter2-channel' }),
      }),
      send: async (request) => {
        this.sent.push(request);
        await this.before(request);
        return this.announceAnswers.shift() ?? { ok: true };
      },
    };
  }

  sentOf(operation: PreparedRequest['operation']): readonly PreparedRequest[] {
    return this.sent.filter((request) => request.operation === operation);
  }

  async verify(notice: NoticeKey): Promise<Verified> {
    return (
      this.verifyAnswers.shift() ?? {
        ok: true,
        amountCents: this.amountCents,
        description: 'Tassa rifiuti 2026',
        creditorTaxCode: notice.creditorTaxCode,
        creditorName: 'Comune di Prova',
        standIn: false,
      }
    );
  }

  prepareOpen(notice: NoticeKey, amountCents: Cents, expirationMs: number): PreparedRequest {
    const body = JSON.stringify({ notice, amountCents, expirationMs, password: 'hunter2-channel' });
    return { operation: 'activatePaymentNoticeV2', idempotencyKey: this.#key(), body };
  }

  async sendOpen(request: PreparedRequest): Promise<Opened | { ok: 'unknown'; reason: string }> {
    this.sent.push(request);
    await this.before(request);
    return this.openAnswers.shift() ?? this.opened();
  }

  prepareOutcome(facts: OutcomeFacts): PreparedRequest {
    const body = JSON.stringify({ ...facts, password: 'hunter2-channel' });
    return { operation: 'sendPaymentOutcomeV2', idempotencyKey: this.#key(), body };
  }

  async sendOutcome(request: PreparedRequest): Promise<OutcomeAnswer> {
    this.sent.push(request);
    await this.before(request);
    return this.outcomeAnswers.shift() ?? { answer: 'ok' };
  }

  opened(): Extract<Opened, { ok: true }> {
    const transfer: Transfer = {
      idTransfer: 1,
      amountCents: this.amountCents,
      creditorTaxCode: '77777777777',
      stamp: this.stamp,
      remittance: 'TARI',
    };
    return {
      ok: true,
      paymentToken: 'c110729d258c4ab1b765fe902aae41d6',
      iuv: '02000000000123456',
      totalCents: this.amountCents,
      description: 'Tassa rifiuti 2026',
      creditorTaxCode: '77777777777',
      creditorName: 'Comune di Prova',
      transfers: [transfer],
      ...(this.feeCents === undefined ? {} : { suggestedUserFeeCents: this.feeCents }),
    };
  }

  #key(): string {
    return `${this.psp.taxCode}_${String(ScriptedGateway.#keys++).padStart(10, 'k')}`;
  }
}
