import { chart } from './chart.ts';
import type { Effect } from './effect.ts';
import type { EventOf, EventType, PaymentEvent } from './event.ts';
import { hasProof, isCharged, type PaperTrail, type Payment, RESTING } from './payment.ts';
import { brief, type Rule, type Scene, type Tell, totalOf } from './rules.ts';
import type { SagaSettings } from './settings.ts';

/** A taken step: the payment after it, what to tell the server, what to do once it is on the disk. */
export interface Taken {
  readonly payment: Payment;
  readonly why: string;
  readonly tell: readonly Tell[];
  readonly act: readonly Effect[];
}

const printReason = (event: EventOf<'print-ended'>): string =>
  event.result.result === 'failed' ? event.result.reason : event.result.result;

/** Paper runs beside the states: what came out is known in any of them. */
function paperStep({ payment, event }: Scene<'print-ended'>): Taken {
  const printed = event.result.result === 'printed';
  const proof = event.slip === 'receipt' || event.slip === 'provisional';
  const failure = [{ fact: { fact: 'receipt-not-printed' as const, reason: brief(printReason(event)) } }];
  const duplicate = payment.paper.receipts > 1;
  const success: readonly Tell[] =
    event.slip === 'receipt'
      ? [{ fact: { fact: 'receipt-printed', duplicate } }]
      : event.slip === 'provisional'
        ? [{ fact: { fact: 'provisional-slip-printed' } }]
        : [];
  const pending = Math.max(0, payment.paper.pending - 1);
  const paper: PaperTrail = {
    ...payment.paper,
    pending,
    state: pending > 0 ? 'printing' : printed ? 'printed' : 'failed',
    given: payment.paper.given || (printed && proof),
    // Nothing came out: the next one is still the original.
    receipts:
      event.slip === 'receipt' && event.result.result === 'failed'
        ? payment.paper.receipts - 1
        : payment.paper.receipts,
  };
  return {
    payment: { ...payment, paper },
    why: printed ? `the ${event.slip} came out` : `the ${event.slip} did not come out`,
    tell: printed ? success : proof ? failure : [],
    act: [{ do: 'deliver' }],
  };
}

function choose<T extends EventType>(scene: Scene<T>): Taken | undefined {
  const rules = chart[scene.payment.state][scene.event.type] as readonly Rule<T>[] | undefined;
  const rule = rules?.find((candidate) => candidate.when?.(scene) ?? true);
  if (!rule) return undefined;
  const changes = Object.entries({ ...scene.payment, ...rule.set?.(scene), state: rule.to });
  const payment = Object.fromEntries(
    changes.filter(([, value]) => value !== undefined),
  ) as unknown as Payment;
  return {
    payment,
    why: rule.why,
    tell: rule.tell?.(scene) ?? [],
    act: rule.act?.({ ...scene, payment }) ?? [],
  };
}

/** A slip that is about to be printed is on the disk as `printing` before the printer hears of it. */
function announcePrint(taken: Taken): Taken {
  const print = taken.act.find((effect) => effect.do === 'print');
  if (!print) return taken;
  const { paper } = taken.payment;
  return {
    ...taken,
    payment: {
      ...taken.payment,
      paper: {
        ...paper,
        slip: print.slip,
        state: 'printing',
        pending: paper.pending + 1,
        receipts: paper.receipts + (print.slip === 'receipt' ? 1 : 0),
      },
    },
  };
}

/** The end: nobody waits, nothing is on its way. Who was charged and got nothing in hand is a person's business. */
function settle(taken: Taken): Taken {
  const { payment } = taken;
  const printing = payment.paper.state === 'printing' && payment.gone !== 'restart';
  if (payment.closed || !payment.gone || printing || !RESTING.has(payment.state)) return taken;
  const empty = isCharged(payment) && !hasProof(payment) && !payment.operator;
  return {
    ...taken,
    payment: { ...payment, operator: payment.operator || empty, closed: true },
    tell: empty
      ? [
          ...taken.tell,
          { fact: { fact: 'operator-needed', reason: 'receipt-not-given', amountCents: totalOf(payment) } },
        ]
      : taken.tell,
    act: empty ? [...taken.act, { do: 'deliver' }] : taken.act,
  };
}

/**
 * The next step of a payment, or undefined when the event means nothing in its state (ten taps on "Pay" are one).
 * Pure: the same payment, event and instant give the same answer; writing and acting are the runner's.
 */
export function transition(
  payment: Payment,
  event: PaymentEvent,
  now: number,
  limits: SagaSettings,
): Taken | undefined {
  if (payment.closed) return undefined;
  if (event.type === 'print-ended') return settle(paperStep({ payment, event, now, limits }));
  if (event.type === 'link-shown') {
    if (payment.gone || payment.paper.shown) return undefined;
    const shown = { ...payment, paper: { ...payment.paper, shown: true } };
    return { payment: shown, why: 'the address of the receipt is on the screen', tell: [], act: [] };
  }
  const taken = choose({ payment, event, now, limits } as Scene<EventType>);
  return taken && settle(announcePrint(taken));
}
