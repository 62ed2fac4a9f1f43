import type { CardEvidence } from '@jolly/contracts/fleet-api';

/** What the world knows in the end, from every witness: terminal of the bank, node, journal, printer, operator queue. */
export interface Evidence {
  /** The POS's own ledger. */
  readonly pos: readonly {
    readonly kind: 'charge' | 'reversal';
    readonly stan: string;
    readonly amountCents: number;
  }[];
  /** The node's ledger: a token of ours and what became of it. */
  readonly node: readonly {
    readonly paymentToken: string;
    readonly noticeNumber: string;
    readonly state: 'locked' | 'free' | 'paid';
  }[];
  /** Last step of each payment in the journal. */
  readonly journal: readonly {
    readonly id: string;
    readonly noticeNumber: string;
    readonly state: string;
    readonly closed: boolean;
    readonly paymentToken?: string;
    readonly card?: CardEvidence;
    readonly reversal?: CardEvidence;
    /** STAN before the charge, where one was announced. */
    readonly announced?: { readonly lastStan?: string };
  }[];
  readonly chainWhole: boolean;
  /** Payments for which a person has been called, and outcomes the server still has to bring to the node. */
  readonly items: readonly { readonly paymentId: string }[];
  readonly pendingOutcomes: readonly string[];
  /** Letters that have not left the terminal. */
  readonly waitingLetters: number;
  readonly slips: readonly { readonly kind: string; readonly paymentToken?: string }[];
  /** Payments whose receipt address was on the screen. */
  readonly links: readonly string[];
}

export interface Violation {
  readonly rule:
    | 'charged-twice'
    | 'charge-nobody-knows'
    | 'charge-invented'
    | 'charged-without-proof'
    | 'charged-but-not-paid'
    | 'paid-without-charge'
    | 'receipt-for-unpaid'
    | 'two-original-receipts'
    | 'locked-for-nothing'
    | 'left-open'
    | 'chain-broken';
  readonly detail: string;
}

/**
 * The money invariant. Every payment ends as exactly one of: not charged and nothing held; charged, acknowledged and a
 * receipt, slip or link given; charged and given back; in the hands of an operator. Asked once everything that can be
 * delivered has been delivered and the citizen has gone.
 */
export function violations(evidence: Evidence): readonly Violation[] {
  const found: Violation[] = [];
  const say = (rule: Violation['rule'], detail: string) => found.push({ rule, detail });
  const inHand = new Set(evidence.items.map(({ paymentId }) => paymentId));
  const charges = evidence.pos.filter(({ kind }) => kind === 'charge');
  const known = new Map(
    evidence.journal.flatMap((payment) => (payment.card ? [[payment.card.stan, payment]] : [])),
  );
  const givenBack = new Set(
    evidence.journal.flatMap(({ card, reversal }) => (card && reversal ? [card.stan] : [])),
  );
  const reversals = evidence.pos.length - charges.length;

  if (!evidence.chainWhole) say('chain-broken', 'the journal was changed');
  if (evidence.waitingLetters > 0) say('left-open', `${evidence.waitingLetters} letters have not left`);

  for (const charge of charges) {
    if (known.has(charge.stan)) continue;
    // The terminal charged and the journal does not know: a person must have been called for a payment announced then.
    const suspect = evidence.journal.some(({ id, announced, card }) => announced && !card && inHand.has(id));
    if (!suspect) say('charge-nobody-knows', `STAN ${charge.stan}`);
  }
  for (const notice of new Set(evidence.journal.map(({ noticeNumber }) => noticeNumber))) {
    const kept = evidence.journal.filter(
      ({ noticeNumber, card, reversal, id }) =>
        noticeNumber === notice && card && !reversal && !inHand.has(id),
    );
    if (kept.length > 1) say('charged-twice', `notice ${notice}: ${kept.length} charges kept`);
  }
  if (givenBack.size > reversals) say('charge-invented', 'a reversal that the POS does not know');

  for (const payment of evidence.journal) {
    const token = evidence.node.find(({ paymentToken }) => paymentToken === payment.paymentToken);
    const paid = token?.state === 'paid';
    const handed = inHand.has(payment.id);
    const kept = payment.card && !payment.reversal;
    if (payment.card && !charges.some(({ stan }) => stan === payment.card?.stan)) {
      say('charge-invented', `${payment.id}: STAN ${payment.card.stan}`);
    }
    const slips = evidence.slips.filter(
      ({ paymentToken }) => paymentToken && paymentToken === payment.paymentToken,
    );
    const proof =
      evidence.links.includes(payment.id) ||
      slips.some(({ kind }) => ['receipt', 'receipt-duplicate', 'provisional-slip'].includes(kind));
    if (kept && !handed && !proof) say('charged-without-proof', `${payment.id} in ${payment.state}`);
    if (kept && !handed && !paid && !evidence.pendingOutcomes.includes(payment.id)) {
      say('charged-but-not-paid', `${payment.id} in ${payment.state}`);
    }
    if (paid && !kept && !handed) say('paid-without-charge', `${payment.id} in ${payment.state}`);
    if (token?.state === 'locked' && !handed && !evidence.pendingOutcomes.includes(payment.id)) {
      say('locked-for-nothing', `${payment.id} in ${payment.state}`);
    }
    if (!paid && slips.some(({ kind }) => kind === 'receipt')) say('receipt-for-unpaid', payment.id);
    if (slips.filter(({ kind }) => kind === 'receipt').length > 1) say('two-original-receipts', payment.id);
    if (!payment.closed) say('left-open', `${payment.id} in ${payment.state}`);
  }
  return found;
}
