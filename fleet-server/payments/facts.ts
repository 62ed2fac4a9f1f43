import type { PaymentFacts } from '@jolly/contracts/fleet-api';
import { fail } from '../problems/index.ts';
import type { Transaction } from '../store/index.ts';
import { type PaymentsContext, raiseFor } from './context.ts';
import { addStep, getPayment, type Payment, subjectOf, updatePayment } from './records.ts';
import { afterFact } from './rules.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

type StoredFact = PaymentFacts['facts'][number];

/** Stores what the terminal reports, each fact once by its number, and does what follows from it. */
export async function takeFacts(ctx: PaymentsContext, key: PaymentKey, body: PaymentFacts): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    await getPayment(tx, key);
    for (const fact of [...body.facts].sort((one, other) => one.seq - other.seq)) {
      if (await storeFact(ctx, tx, key, fact)) await follow(ctx, tx, await getPayment(tx, key), fact);
    }
  });
  ctx.changes.notify(key.tenantId, 'payments');
}

/** False when it was there already. Throws FACT_CONTRADICTS when its number was another fact's. */
async function storeFact(
  ctx: PaymentsContext,
  tx: Transaction,
  key: PaymentKey,
  { seq, at, fact }: StoredFact,
): Promise<boolean> {
  const db = tx.of<PaymentTables>();
  const text = JSON.stringify(fact);
  const known = await db
    .selectFrom('payment_fact')
    .select('fact')
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (known && known.fact !== text) throw fail('FACT_CONTRADICTS', { seq });
  if (known) return false;
  await db
    .insertInto('payment_fact')
    .values({
      tenant_id: key.tenantId,
      terminal_id: key.terminalId,
      kiosk_payment_id: key.kioskPaymentId,
      seq,
      at,
      fact: text,
      received_at: ctx.clock.now(),
    })
    .execute();
  return true;
}

async function follow(
  ctx: PaymentsContext,
  tx: Transaction,
  payment: Payment,
  { at, fact }: StoredFact,
): Promise<void> {
  const { key } = payment;
  const effect = afterFact(payment.state, payment.outcome?.outcome === 'OK', fact);
  const reason = 'reason' in fact ? fact.reason : undefined;
  await addStep(tx, key, at, fact.fact, reason);
  // A receipt once printed is not forgotten for a slip that came before it.
  const receipt = payment.receipt === 'printed' ? undefined : effect.receipt;
  if (effect.state || receipt) {
    await updatePayment(tx, key, {
      ...(effect.state ? { state: effect.state, look_at: null } : {}),
      ...(receipt ? { receipt, receipt_at: at } : {}),
    });
  }
  if (effect.settles.length > 0) {
    const of = { tenantId: key.tenantId, subject: subjectOf(key), kinds: effect.settles };
    await ctx.operator.settle(tx, of, fact.fact);
  }
  for (const item of effect.items) await raiseFor(ctx, tx, payment, item);
}
