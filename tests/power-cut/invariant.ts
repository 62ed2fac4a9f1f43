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
    /** What the token locks and the card is asked for; of this notice alone in the whole world. */
    readonly amountCents?: number;
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
    | 'given-back-twice'
    | 'charge-nobody-knows'
    | 'charge-of-another'
    | 'charge-invented'
    | 'reversal-invented'
    | 'reversal-nobody-knows'
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

type Movement = Evidence['pos'][number];
type Recorded = Evidence['journal'][number];
type Say = (rule: Violation['rule'], detail: string) => void;

/** What the card terminal moved for one notice, beside the payments that the journal has for it. */
interface Account {
  readonly notice: string;
  readonly payments: readonly Recorded[];
  readonly charges: readonly Movement[];
  readonly reversals: readonly Movement[];
}

/**
 * ECR17 carries no payment id, so the amount alone tells for which notice the terminal moved money: a world in which two
 * notices have the same amount cannot be judged, and is refused.
 */
function accountsOf({ pos, journal }: Evidence): {
  readonly accounts: readonly Account[];
  readonly strangers: readonly Movement[];
} {
  const noticeOf = new Map<number, string>();
  for (const { noticeNumber, amountCents } of journal) {
    if (amountCents === undefined) continue;
    const other = noticeOf.get(amountCents) ?? noticeNumber;
    if (other !== noticeNumber)
      throw new Error(`${other} and ${noticeNumber} both cost ${amountCents} cents`);
    noticeOf.set(amountCents, noticeNumber);
  }
  const moved = (notice: string, kind: Movement['kind']) =>
    pos.filter((movement) => movement.kind === kind && noticeOf.get(movement.amountCents) === notice);
  return {
    accounts: [...new Set(journal.map(({ noticeNumber }) => noticeNumber))].map((notice) => ({
      notice,
      payments: journal.filter(({ noticeNumber }) => noticeNumber === notice),
      charges: moved(notice, 'charge'),
      reversals: moved(notice, 'reversal'),
    })),
    strangers: pos.filter(({ amountCents }) => !noticeOf.has(amountCents)),
  };
}

/**
 * A notice is charged at most once, net of what was given back, whoever has it in hand: an operator's item explains the
 * one charge of its own payment that the journal could not learn of, and never a second.
 */
function judgeAccount(
  { notice, payments, charges, reversals }: Account,
  inHand: ReadonlySet<string>,
  paidTokens: ReadonlySet<string>,
  say: Say,
): void {
  const net = charges.length - reversals.length;
  if (net > 1) say('charged-twice', `notice ${notice}: ${net} charges kept by the terminal`);
  if (net < 0) say('given-back-twice', `notice ${notice}: ${-net} reversals too many`);

  const explains = payments.filter(({ id, announced, card }) => announced && !card && inHand.has(id));
  for (const { stan, amountCents } of charges) {
    const owners = payments.filter(({ card }) => card?.stan === stan);
    if (owners.length > 1)
      say('charge-of-another', `STAN ${stan} of ${owners.map(({ id }) => id).join(', ')}`);
    if (owners.length > 0) continue;
    // The terminal charged and the journal does not know: a person must have been called for that very payment.
    const called = explains.findIndex((payment) => payment.amountCents === amountCents);
    if (called < 0) say('charge-nobody-knows', `notice ${notice}: STAN ${stan}`);
    else explains.splice(called, 1);
  }

  const given = payments.filter(({ card, reversal }) => card && reversal);
  if (given.length > reversals.length) say('reversal-invented', `notice ${notice}`);
  const settled = payments.filter(({ id }) => !inHand.has(id));
  const kept = settled.filter(({ card, reversal }) => card && !reversal);
  if (kept.length > 0 && net < 1) say('reversal-nobody-knows', `notice ${notice}`);
  const paid = settled.filter(({ paymentToken }) => paymentToken && paidTokens.has(paymentToken));
  if (paid.length > Math.max(net, 0)) {
    say('paid-without-charge', `notice ${notice}: paid ${paid.length} times, charged ${net} times`);
  }
}

/**
 * The money invariant. Every payment ends as exactly one of: not charged and nothing held; charged, acknowledged and a
 * receipt, slip or link given; charged and given back; in the hands of an operator. Asked once everything that can be
 * delivered has been delivered and the citizen has gone.
 */
export function violations(evidence: Evidence): readonly Violation[] {
  const found: Violation[] = [];
  const say: Say = (rule, detail) => found.push({ rule, detail });
  const inHand = new Set(evidence.items.map(({ paymentId }) => paymentId));
  const paidTokens = new Set(
    evidence.node.flatMap(({ paymentToken, state }) => (state === 'paid' ? [paymentToken] : [])),
  );
  const { accounts, strangers } = accountsOf(evidence);

  if (!evidence.chainWhole) say('chain-broken', 'the journal was changed');
  if (evidence.waitingLetters > 0) say('left-open', `${evidence.waitingLetters} letters have not left`);
  for (const { kind, stan, amountCents } of strangers) {
    say('charge-nobody-knows', `${kind} of ${amountCents} cents, STAN ${stan}: no payment has this amount`);
  }
  for (const account of accounts) judgeAccount(account, inHand, paidTokens, say);
  for (const payment of evidence.journal) judgePayment(payment, evidence, inHand.has(payment.id), say);
  return found;
}

function judgePayment(payment: Recorded, evidence: Evidence, handed: boolean, say: Say): void {
  const { id, state, card, paymentToken, closed } = payment;
  const token = evidence.node.find((each) => each.paymentToken === paymentToken);
  const paid = token?.state === 'paid';
  const kept = card && !payment.reversal;
  const pending = evidence.pendingOutcomes.includes(id);
  const where = `${id} in ${state}`;

  if (card) {
    const charge = evidence.pos.find(({ kind, stan }) => kind === 'charge' && stan === card.stan);
    if (!charge) say('charge-invented', `${id}: STAN ${card.stan}`);
    else if (charge.amountCents !== payment.amountCents) {
      say('charge-of-another', `${id}: STAN ${card.stan} is a charge of ${charge.amountCents} cents`);
    }
  }
  const slips = evidence.slips.filter((slip) => slip.paymentToken && slip.paymentToken === paymentToken);
  const receipts = slips.filter(({ kind }) => kind === 'receipt');
  const proof =
    evidence.links.includes(id) ||
    slips.some(({ kind }) => ['receipt', 'receipt-duplicate', 'provisional-slip'].includes(kind));
  if (kept && !handed && !proof) say('charged-without-proof', where);
  if (kept && !handed && !paid && !pending) say('charged-but-not-paid', where);
  if (paid && !kept && !handed) say('paid-without-charge', where);
  if (token?.state === 'locked' && !handed && !pending) say('locked-for-nothing', where);
  if (!paid && receipts.length > 0) say('receipt-for-unpaid', id);
  if (receipts.length > 1) say('two-original-receipts', id);
  if (!closed) say('left-open', where);
}
