import type { Clock } from '@jolly/contracts/values';
import type { Operation } from '../answers.ts';
import type { Fault } from '../faults.ts';
import type { PagopaNode } from '../node.ts';
import type { Notice } from '../notices.ts';
import type { NodeRequest } from '../requests.ts';
import type { RestAnswer } from '../wire.ts';
import { ascii, outcomeOf } from './outcomes.ts';

export interface MilSettings {
  clientId: string;
  clientSecret: string;
  /** Life of an access token, seconds. */
  tokenSeconds: number;
  /** The only acquirer known. */
  acquirerId: string;
  /** Fee by payment method, cents; without one there is none (404). */
  fees: Record<string, number>;
  /** How long an outcome stays PENDING, ms; 0 = settled before its answer leaves. */
  settleMs: number;
  /** An outcome stays PENDING for ever. */
  stuck: boolean;
}

export const defaultMilSettings: MilSettings = {
  clientId: '5254f087-1214-45cd-94ae-fda53c835197',
  clientSecret: 'demo-secret-demo-secret-demo-secret1',
  tokenSeconds: 300,
  acquirerId: '4585625',
  fees: {},
  settleMs: 0,
  stuck: false,
};

export type TransactionStatus =
  | 'PRE_CLOSE'
  | 'PENDING'
  | 'ERROR_ON_CLOSE'
  | 'CLOSED'
  | 'ERROR_ON_RESULT'
  | 'ERROR_ON_PAYMENT'
  | 'ABORTED';

interface Held {
  readonly notice: Notice;
  readonly amountCents: number;
}

export interface Transaction {
  readonly transactionId: string;
  readonly tokens: readonly string[];
  readonly totalCents: number;
  readonly feeCents?: number | undefined;
  readonly caller: Caller;
  readonly insertedAt: number;
  status: TransactionStatus;
  paymentMethod?: string;
  paymentTimestamp?: string;
  closedAt?: number;
}

export interface Caller {
  readonly acquirerId: string;
  readonly channel: string;
  readonly terminalId: string;
  readonly merchantId?: string | undefined;
}

export interface MilState {
  readonly transactions: readonly Transaction[];
  readonly held: readonly (readonly [string, Held])[];
}

/** Who MIL is to the node. */
const psp = {
  idPsp: 'BDIMITMM',
  idBroker: '02654890025',
  idChannel: '02654890025_01',
  password: 'PLACEHOLDER',
} as const;

const error = (status: number, code: string): RestAnswer => ({ status, json: { errors: [code] } });
const stamp = (instant: number) => new Date(instant).toISOString().slice(0, 19);

/** PagoPA's multi-channel integration layer over the same positions as the SOAP face (pagopa.md 5). */
export class Mil {
  readonly settings: MilSettings = { ...defaultMilSettings };
  readonly #node: PagopaNode;
  readonly #clock: Clock;
  readonly #changed: () => void;
  /** What was activated here, by token: the cache that pre-close is checked against. */
  readonly #held = new Map<string, Held>();
  readonly #transactions = new Map<string, Transaction>();

  constructor(node: PagopaNode, clock: Clock, changed: () => void) {
    this.#node = node;
    this.#clock = clock;
    this.#changed = changed;
  }

  get transactions(): readonly Transaction[] {
    return [...this.#transactions.values()];
  }

  reset(): void {
    Object.assign(this.settings, defaultMilSettings);
    this.#held.clear();
    this.#transactions.clear();
  }

  snapshot(): MilState {
    return { transactions: this.transactions, held: [...this.#held] };
  }

  restore(state: MilState): void {
    for (const each of state.transactions) {
      this.#transactions.set(each.transactionId, each);
      // Whoever waited for the node died with the process: it is asked again.
      if (each.status === 'PENDING') void this.#settle(each);
    }
    for (const [token, held] of state.held) this.#held.set(token, held);
  }

  async verify(fiscalCode: string, noticeNumber: string): Promise<RestAnswer> {
    const said = await this.#ask('verify', { fiscalCode, noticeNumber });
    if (said.fault) return { status: 200, json: { outcome: outcomeOf(said.fault) } };
    const notice = this.#notice(fiscalCode, noticeNumber);
    return {
      status: 200,
      json: {
        outcome: 'OK',
        amount: notice.amountCents,
        dueDate: notice.dueDate,
        note: ascii(notice.description, 210),
        description: ascii(notice.description),
        company: ascii(notice.creditorName),
        office: ascii(notice.office),
        paTaxCode: fiscalCode,
        noticeNumber,
      },
    };
  }

  async activate(
    fiscalCode: string,
    noticeNumber: string,
    wanted: { readonly idempotencyKey: string; readonly amount: number },
  ): Promise<RestAnswer> {
    const said = await this.#ask('activate', {
      fiscalCode,
      noticeNumber,
      idempotencyKey: wanted.idempotencyKey,
      amount: String(wanted.amount),
    });
    const token = said.token;
    if (said.fault || !token) {
      const outcome = said.fault ? outcomeOf(said.fault) : 'UNEXPECTED_ERROR';
      return { status: 200, json: { outcome } };
    }
    const notice = this.#notice(fiscalCode, noticeNumber);
    this.#held.set(token.token, { notice, amountCents: token.amountCents });
    return {
      status: 200,
      json: {
        outcome: 'OK',
        amount: token.amountCents,
        paTaxCode: fiscalCode,
        paymentToken: token.token,
        transfers: [
          { paTaxCode: fiscalCode, category: '9/0101100IM/' },
          ...notice.others.map(({ taxCode, category }) => ({ paTaxCode: taxCode, category })),
        ],
      },
    };
  }

  fee(paymentMethod: string): RestAnswer {
    const fee = this.settings.fees[paymentMethod];
    return fee === undefined ? { status: 404 } : { status: 200, json: { fee } };
  }

  preClose(
    caller: Caller,
    wanted: {
      readonly transactionId: string;
      readonly paymentTokens: readonly string[];
      readonly totalAmount: number;
      readonly fee?: number | undefined;
    },
  ): RestAnswer {
    if (this.#transactions.has(wanted.transactionId)) return { status: 409 };
    const held = wanted.paymentTokens.map((token) => this.#held.get(token));
    if (held.includes(undefined)) return error(400, '008000032');
    const sum = held.reduce((total, each) => total + (each?.amountCents ?? 0), 0);
    if (sum !== wanted.totalAmount) return error(400, '008000033');
    this.#transactions.set(wanted.transactionId, {
      transactionId: wanted.transactionId,
      tokens: wanted.paymentTokens,
      totalCents: wanted.totalAmount,
      feeCents: wanted.fee,
      caller,
      insertedAt: this.#node.now(),
      status: 'PRE_CLOSE',
    });
    const location = `/mil-payment-notice/payments/${wanted.transactionId}`;
    return { status: 201, json: { outcome: 'OK' }, headers: { location } };
  }

  async abort(paymentTokens: readonly string[]): Promise<RestAnswer> {
    if (paymentTokens.some((token) => !this.#held.has(token))) return error(400, '008000032');
    for (const token of paymentTokens) await this.#report(token, 'KO', '0');
    for (const each of this.#transactions.values()) {
      if (each.status === 'PRE_CLOSE' && each.tokens.some((token) => paymentTokens.includes(token))) {
        each.status = 'ABORTED';
      }
    }
    return { status: 202 };
  }

  async close(
    transactionId: string,
    wanted: { readonly outcome: string; readonly paymentMethod: string; readonly paymentTimestamp: string },
  ): Promise<RestAnswer> {
    const found = this.#transactions.get(transactionId);
    if (!found) return { status: 404 };
    if (found.status !== 'PRE_CLOSE') return error(400, '008000027');
    found.paymentMethod = wanted.paymentMethod;
    found.paymentTimestamp = wanted.paymentTimestamp;
    found.closedAt = this.#node.now();
    if (wanted.outcome === 'ERROR_ON_PAYMENT') {
      found.status = 'ERROR_ON_PAYMENT';
      for (const token of found.tokens) await this.#report(token, 'KO', '0');
      return { status: 202 };
    }
    found.status = 'PENDING';
    if (this.settings.stuck) return { status: 202 };
    if (this.settings.settleMs === 0) await this.#settle(found);
    else this.#clock.after(this.settings.settleMs, () => void this.#settle(found));
    return { status: 202 };
  }

  status(transactionId: string): RestAnswer {
    const found = this.#transactions.get(transactionId);
    return found ? { status: 200, json: this.#shown(found) } : { status: 404 };
  }

  last(): RestAnswer {
    const shown = this.transactions.slice(-30).map((each) => this.#shown(each));
    return { status: 200, json: { transactions: shown } };
  }

  /** The control's word: a transaction stands as told, whatever the node would say. */
  setStatus(transactionId: string, status: TransactionStatus): boolean {
    const found = this.#transactions.get(transactionId);
    if (found) found.status = status;
    return found !== undefined;
  }

  async #settle(transaction: Transaction): Promise<void> {
    const said = [];
    for (const token of transaction.tokens) {
      said.push(await this.#report(token, 'OK', String(transaction.feeCents ?? 0)));
    }
    transaction.status = said.every((fault) => fault === undefined) ? 'CLOSED' : 'ERROR_ON_CLOSE';
    this.#changed();
  }

  async #report(token: string, outcome: 'OK' | 'KO', fee: string): Promise<Fault | undefined> {
    const { fault } = await this.#ask('outcome', { paymentToken: token, outcome, fee });
    return fault;
  }

  #notice(fiscalCode: string, noticeNumber: string): Notice {
    const position = this.#node.books.position(fiscalCode, noticeNumber);
    if (!position) throw new Error('the node has no such notice');
    return position.notice;
  }

  #shown(of: Transaction) {
    return {
      transactionId: of.transactionId,
      acquirerId: of.caller.acquirerId,
      channel: of.caller.channel,
      ...(of.caller.merchantId === undefined ? {} : { merchantId: of.caller.merchantId }),
      terminalId: of.caller.terminalId,
      insertTimestamp: stamp(of.insertedAt),
      notices: of.tokens.map((token) => {
        const notice = this.#held.get(token)?.notice;
        return {
          paymentToken: token,
          paTaxCode: notice?.creditorTaxCode,
          noticeNumber: notice?.noticeNumber,
          amount: this.#held.get(token)?.amountCents,
          description: ascii(notice?.description ?? ''),
          company: ascii(notice?.creditorName ?? ''),
          office: ascii(notice?.office ?? ''),
        };
      }),
      totalAmount: of.totalCents,
      ...(of.feeCents === undefined ? {} : { fee: of.feeCents }),
      status: of.status,
      ...(of.paymentMethod === undefined ? {} : { paymentMethod: of.paymentMethod }),
      ...(of.paymentTimestamp === undefined ? {} : { paymentTimestamp: of.paymentTimestamp }),
      ...(of.closedAt === undefined ? {} : { closeTimestamp: stamp(of.closedAt) }),
    };
  }

  #ask(operation: Operation, fields: Readonly<Record<string, string>>) {
    return this.#node.ask(asNodeRequest(operation, fields));
  }
}

/** MIL calls the node in its own name: the rules are the node's, only the XML is left out. */
export function asNodeRequest(operation: Operation, fields: Readonly<Record<string, string>>): NodeRequest {
  const field = (...path: string[]) => fields[path.at(-1) ?? ''];
  return {
    operation,
    caller: psp,
    idempotencyKey: fields.idempotencyKey,
    wording: JSON.stringify(fields),
    field,
    fields: (...path) => [field(...path)].filter((value) => value !== undefined),
  };
}
