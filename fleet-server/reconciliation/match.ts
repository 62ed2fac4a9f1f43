import type { CardEvidence, DayMatch, PaymentState, PosDay } from '@jolly/contracts/fleet-api';

/** What the server knows of one payment of the day. */
export interface MatchedPayment {
  readonly kioskPaymentId: string;
  readonly state: PaymentState;
  readonly outcome: 'OK' | 'KO' | undefined;
  readonly acknowledged: boolean;
  readonly totalCents: number | undefined;
  readonly card: CardEvidence | undefined;
  readonly receipt: 'none' | 'printed' | 'phone' | 'provisional';
}

type Difference = DayMatch['differences'][number];

/**
 * The three-way match of a day: what the POS charged ↔ what the node acknowledged ↔ what the citizens were given.
 * `posDay` undefined = the terminal has not closed the day: nothing is called a difference yet.
 */
export function matchDay(day: {
  readonly day: string;
  readonly terminalId: string;
  readonly posDay: PosDay | undefined;
  readonly payments: readonly MatchedPayment[];
}): DayMatch {
  const { posDay, payments } = day;
  const charges = posDay?.charges.filter((charge) => charge.kind === 'charge') ?? [];
  const reversals = posDay?.charges.filter((charge) => charge.kind === 'reversal') ?? [];
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const amounts = (list: typeof charges) => sum(list.map((charge) => charge.card.amountCents));
  const acknowledged = payments.filter((payment) => payment.outcome === 'OK' && isAcquired(payment));
  const receipts = payments.filter((payment) => payment.receipt === 'printed' || payment.receipt === 'phone');
  const posTotal = amounts(charges) - amounts(reversals);
  const differences = posDay ? differencesOf(posDay, posTotal, payments) : [];
  return {
    day: day.day,
    terminalId: day.terminalId,
    state: !posDay ? 'open' : differences.length === 0 ? 'balanced' : 'differences',
    pos: {
      count: charges.length - reversals.length,
      totalCents: posTotal,
      ...(posDay?.posTotalCents === undefined ? {} : { reportedTotalCents: posDay.posTotalCents }),
    },
    outcomes: { count: acknowledged.length, totalCents: sum(acknowledged.map(totalOf)) },
    receipts: { count: receipts.length, totalCents: sum(receipts.map(totalOf)) },
    differences,
  };
}

const totalOf = (payment: MatchedPayment) => payment.card?.amountCents ?? payment.totalCents ?? 0;

/** The node holds the payment as made. */
function isAcquired(payment: MatchedPayment): boolean {
  return payment.acknowledged && (payment.state === 'confirmed' || payment.state === 'confirmed-late');
}

function differencesOf(posDay: PosDay, posTotal: number, payments: readonly MatchedPayment[]): Difference[] {
  const known = new Map(payments.map((payment) => [payment.kioskPaymentId, payment]));
  const reversed = new Set(
    posDay.charges.filter((charge) => charge.kind === 'reversal').map((charge) => charge.kioskPaymentId),
  );
  const charged = new Map<string, number>();
  const differences: Difference[] = [];
  const differ = (kind: string, detail: string, kioskPaymentId?: string, amountCents?: number) =>
    differences.push({
      kind,
      detail,
      ...(kioskPaymentId === undefined ? {} : { kioskPaymentId }),
      ...(amountCents === undefined ? {} : { amountCents }),
    });

  for (const { kind, kioskPaymentId: id, card } of posDay.charges) {
    if (kind === 'reversal') continue;
    if (charged.has(id)) differ('charged-twice', 'the POS charged this payment twice', id, card.amountCents);
    charged.set(id, card.amountCents);
    const payment = known.get(id);
    if (!payment) differ('charge-unknown-here', 'the server has no such payment', id, card.amountCents);
    else if (reversed.has(id)) {
      if (isAcquired(payment)) {
        differ('reversed-but-paid', 'money given back, notice paid', id, card.amountCents);
      }
    } else if (!isAcquired(payment) && payment.state !== 'refunded') {
      differ('charge-without-outcome', `charged, ${payment.state} at the node`, id, card.amountCents);
    } else if (payment.totalCents !== card.amountCents) {
      differ('amount-differs', `activated for ${payment.totalCents ?? 'nothing'}`, id, card.amountCents);
    }
  }
  for (const payment of payments) {
    const id = payment.kioskPaymentId;
    const given = payment.receipt === 'printed' || payment.receipt === 'phone';
    if (isAcquired(payment)) {
      if (!charged.has(id)) {
        differ('outcome-without-charge', 'the POS of the day does not know it', id, totalOf(payment));
      }
      if (!given) differ('no-receipt', `receipt: ${payment.receipt}`, id, totalOf(payment));
    } else if (given) {
      differ('receipt-without-outcome', `receipt given, ${payment.state} at the node`, id, totalOf(payment));
    }
  }
  if (posDay.failure !== undefined) differ('pos-close-failed', posDay.failure);
  if (posDay.posTotalCents !== undefined && posDay.posTotalCents !== posTotal) {
    differ('pos-total-differs', `POS says ${posDay.posTotalCents}, its answers ${posTotal}`);
  }
  if (
    posDay.hostTotalCents !== undefined &&
    posDay.posTotalCents !== undefined &&
    posDay.hostTotalCents !== posDay.posTotalCents
  ) {
    differ('host-total-differs', `POS says ${posDay.posTotalCents}, its host ${posDay.hostTotalCents}`);
  }
  return differences;
}
