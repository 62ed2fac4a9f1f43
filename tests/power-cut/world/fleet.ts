import type {
  Activation,
  CardEvidence,
  OutcomeRequest,
  PaymentFact,
  PaymentState,
  PaymentStatus,
} from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import { type Cents, cents, errorsOf, type ManualClock, sleep } from '@jolly/contracts/values';
import type { FleetClient } from '@jolly/kiosk-runtime/fleet-link';
import type { Power } from './power.ts';

const fail = errorsOf({
  SERVER_UNREACHABLE: { cause: 'no answer', retry: 'later' },
  SERVER_REFUSED: { cause: 'refused', retry: 'no' },
});

/** How the node takes an OK. */
export type NodeMood = 'ok' | 'silent' | 'late' | 'duplicate' | 'discordant' | 'token-unknown' | 'rejected';

export interface FleetScript {
  node: NodeMood;
  /** The amount grew between verify and activate. */
  amountChanges: boolean;
  tokenMs: number;
  verify: 'ok' | 'refused';
  /** Calls that get no answer, from now on. */
  reachable: boolean;
  /** The call is done, its answer lost, this many times. */
  lose: { activate: number; outcome: number; facts: number };
  link: boolean;
}

interface Record {
  id: string;
  notice: NoticeKey;
  state: PaymentState;
  activation?: Activation;
  outcome?: OutcomeRequest;
  facts: Map<number, PaymentFact>;
  linked: boolean;
}

/** Fleet server and node in one, with a memory of their own: they outlive every power cut of the terminal. */
export class FakeFleet {
  readonly script: FleetScript = {
    node: 'ok',
    amountChanges: false,
    tokenMs: 600_000,
    verify: 'ok',
    reachable: true,
    lose: { activate: 0, outcome: 0, facts: 0 },
    link: true,
  };
  readonly records = new Map<string, Record>();
  readonly items: { paymentId: string; reason: string }[] = [];
  readonly days: unknown[] = [];
  readonly #clock: ManualClock;
  readonly #amounts = new Map<string, Cents>();
  #tokens = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  client(power: Power): FleetClient {
    const call = <T>(work: () => T, name?: keyof FleetScript['lose']): Promise<T> =>
      power.across(async () => {
        await sleep(this.#clock, 5);
        if (!this.script.reachable) throw fail('SERVER_UNREACHABLE');
        const answer = work();
        await sleep(this.#clock, 5);
        if (name && this.script.lose[name] > 0) {
          this.script.lose[name]--;
          throw fail('SERVER_UNREACHABLE');
        }
        return answer;
      });
    const fleet = this;
    return {
      verify: ({ kioskPaymentId, notice }) => call(() => this.#verify(kioskPaymentId, notice)),
      activate: (id, request) => call(() => this.#activate(id, request.notice), 'activate'),
      outcome: (id, request) => call(() => this.#outcome(id, request), 'outcome'),
      // A gateway's card goes through its own bench.
      authorise: () => Promise.reject(fail('SERVER_REFUSED', { code: 'NO_GATEWAY' })),
      authorisation: () => Promise.reject(fail('SERVER_REFUSED', { code: 'NO_GATEWAY' })),
      status: (id) => call(() => this.#status(this.#record(id))),
      facts: (id, { facts }) => call(() => this.#facts(id, facts), 'facts'),
      receiptLink: (id) =>
        call(() => {
          if (!this.script.link) throw fail('SERVER_REFUSED', { code: 'RECEIPT_NOT_READY', status: 409 });
          this.#record(id).linked = true;
          return { url: `https://ricevute.example/${id.slice(-8)}`, expiresAt: this.#clock.now() + 600_000 };
        }),
      posDay: (day) => call(() => void this.days.push(day)),
      usage: () => Promise.resolve(),
      linkAccess: () => Promise.reject(fail('SERVER_UNREACHABLE', {})),
      assistance: () => Promise.resolve(),
      clockSkewMs: 0,
      get reachable() {
        return fleet.script.reachable;
      },
    };
  }

  /** The node speaks at last: what was silent is acknowledged. */
  nodeWakes(): void {
    for (const record of this.records.values()) {
      if (record.state === 'outcome-stored')
        record.state = record.outcome?.outcome === 'OK' ? 'confirmed' : 'cancelled';
    }
  }

  /** The server's own grace is over: money that should have gone back and did not is a person's business. */
  settle(): void {
    for (const { id, state } of this.records.values()) {
      if (['duplicate', 'discordant', 'token-unknown'].includes(state))
        this.#item(id, 'not-reversed-in-time');
    }
  }

  #item(paymentId: string, reason: string): void {
    this.items.push({ paymentId, reason });
  }

  #record(id: string): Record {
    const record = this.records.get(id);
    if (!record) throw fail('SERVER_REFUSED', { code: 'PAYMENT_UNKNOWN', status: 404 });
    return record;
  }

  /** Of this notice alone: the card terminal's ledger has nothing else to tell one payment's charge from another's. */
  #amountOf({ noticeNumber }: NoticeKey): Cents {
    const seen = this.#amounts.get(noticeNumber) ?? cents(12_345 + this.#amounts.size);
    this.#amounts.set(noticeNumber, seen);
    return seen;
  }

  #verify(id: string, notice: NoticeKey) {
    if (this.script.verify === 'refused') {
      return { result: 'refused', problem: { class: 'NOTICE_ALREADY_PAID', retry: 'no' } } as const;
    }
    const paid = [...this.records.values()].some(
      (other) => other.notice.noticeNumber === notice.noticeNumber && other.state.startsWith('confirmed'),
    );
    if (paid) return { result: 'refused', problem: { class: 'NOTICE_ALREADY_PAID', retry: 'no' } } as const;
    if (!this.records.has(id)) {
      this.records.set(id, { id, notice, state: 'verified', facts: new Map(), linked: false });
    }
    return {
      result: 'payable',
      notice: {
        amountCents: this.#amountOf(notice),
        feeCents: cents(0),
        description: 'TARI 2026 prima rata',
        creditorTaxCode: notice.creditorTaxCode,
        creditorName: 'Comune di Prova',
        standIn: false,
      },
    } as const;
  }

  #activate(id: string, notice: NoticeKey) {
    const record = this.#record(id);
    if (record.outcome) throw fail('SERVER_REFUSED', { code: 'PAYMENT_CLOSED', status: 409 });
    const locked = [...this.records.values()].find(
      (other) =>
        other.id !== id &&
        other.notice.noticeNumber === notice.noticeNumber &&
        ['activated', 'outcome-stored'].includes(other.state) &&
        (other.activation?.expiresAt ?? 0) > this.#clock.now(),
    );
    if (locked) {
      return {
        result: 'refused',
        problem: { class: 'PAYMENT_ALREADY_IN_PROGRESS', retry: 'later' },
      } as const;
    }
    const totalCents = cents(this.#amountOf(notice) + (this.script.amountChanges ? 1_000 : 0));
    record.activation ??= {
      paymentToken: `${this.#tokens++}`.padStart(32, 'a'),
      iuv: notice.noticeNumber.slice(1),
      amountCents: totalCents,
      feeCents: cents(0),
      totalCents,
      expiresAt: this.#clock.now() + this.script.tokenMs,
      description: 'TARI 2026 prima rata',
      creditorTaxCode: notice.creditorTaxCode,
      creditorName: 'Comune di Prova',
      pspName: 'Banca di Prova',
      pspTaxCode: '00000000018',
      beneficiaries: 1,
    };
    record.state = 'activated';
    return { result: 'activated', activation: record.activation } as const;
  }

  #outcome(id: string, request: OutcomeRequest) {
    const record = this.#record(id);
    if (!record.outcome) {
      record.outcome = request;
      record.state = this.#answer(record, request);
    }
    return { stored: true as const, status: this.#status(record) };
  }

  #answer(record: Record, request: OutcomeRequest): PaymentState {
    if (request.outcome === 'KO') return 'cancelled';
    switch (this.script.node) {
      case 'silent':
        return 'outcome-stored';
      case 'late':
        return 'confirmed-late';
      case 'rejected':
        this.#item(record.id, 'outcome-rejected');
        return 'rejected';
      case 'ok':
        return 'confirmed';
      default:
        return this.script.node;
    }
  }

  #status(record: Record): PaymentStatus {
    const instruction = (
      {
        'outcome-stored': 'wait',
        'confirmed-late': 'do-not-reverse',
        rejected: 'operator',
        duplicate: 'reverse',
        discordant: 'reverse',
        'token-unknown': 'reverse',
      } as const
    )[record.state as 'outcome-stored'];
    return {
      kioskPaymentId: record.id,
      state: record.state,
      instruction: instruction ?? 'none',
      ...(record.activation ? { activation: record.activation } : {}),
    };
  }

  #facts(id: string, facts: readonly { seq: number; fact: PaymentFact }[]): void {
    const record = this.#record(id);
    for (const { seq, fact } of facts) {
      if (record.facts.has(seq)) continue;
      record.facts.set(seq, fact);
      if (['operator-needed', 'charge-unknown', 'reversal-failed'].includes(fact.fact))
        this.#item(id, fact.fact);
      if (fact.fact === 'charge-reversed') record.state = 'refunded';
    }
  }

  cardOf(id: string): CardEvidence | undefined {
    const outcome = this.records.get(id)?.outcome;
    return outcome?.outcome === 'OK' ? outcome.card : undefined;
  }
}
