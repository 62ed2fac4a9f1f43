import type { Clock } from '@jolly/contracts/values';
import type { Changes } from '../changes/index.ts';
import type { PaymentGateway } from '../gateway/index.ts';
import type { OperatorDesk } from '../operator/index.ts';
import type { Keyring } from '../sealing/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import { type Payment, subjectOf } from './records.ts';
import type { ItemWanted } from './rules.ts';

export interface Log {
  warn(detail: object, message: string): void;
  error(detail: object, message: string): void;
}

/** What the payments need of the rest. */
export interface PaymentsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly keyring: Keyring;
  /** The gateway of a terminal, with the credentials in force now. Never called inside a transaction. */
  readonly gatewayFor: (caller: {
    readonly tenantId: string;
    readonly terminalId: string;
  }) => Promise<PaymentGateway>;
  readonly operator: Pick<OperatorDesk, 'raise' | 'settle' | 'openAbout'>;
  readonly changes: Changes;
  readonly timeZoneOf: (tenantId: string) => string;
  readonly tokenMsOf: (tenantId: string) => number;
  readonly log: Log;
}

/** Raises an item about a payment. The amount is the charge's where there was one. */
export async function raiseFor(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  item: ItemWanted & { readonly amountCents?: number },
): Promise<void> {
  const amountCents = item.amountCents ?? payment.card?.amountCents ?? payment.activation?.totalCents;
  await ctx.operator.raise(tx, {
    tenantId: payment.key.tenantId,
    terminalId: payment.key.terminalId,
    kioskPaymentId: payment.key.kioskPaymentId,
    subject: subjectOf(payment.key),
    kind: item.kind,
    reason: item.reason,
    ...(amountCents === undefined ? {} : { amountCents }),
  });
}

/** Runs one task a key at a time: who comes while it runs waits for the same result. */
export class OneAtATime {
  readonly #running = new Map<string, Promise<void>>();

  run(key: string, task: () => Promise<void>): Promise<void> {
    const running = this.#running.get(key);
    if (running) return running;
    const started = task().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  has(key: string): boolean {
    return this.#running.has(key);
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }
}
