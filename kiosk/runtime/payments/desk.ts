import { OutcomeRequest, PaymentFacts, PosDay } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import type { Limitation } from '@jolly/contracts/terminal-channel';
import { isJollyError, uuidv7 } from '@jolly/contracts/values';
import type { StoredLetter } from '../journal/index.ts';
import { fitted, Outbox } from '../outbox/index.ts';
import {
  chargesOf,
  chargesTold,
  isFlagged,
  noteUnexplained,
  posFigures,
  restore,
  splitFigures,
  together,
} from './bookkeeping.ts';
import { paymentError } from './errors.ts';
import { FrontPayment } from './front.ts';
import type { CitizenPayment, CloseDayOptions, DayClose, PaymentDesk } from './port.ts';
import type { DeskOptions, RunHooks } from './ports.ts';
import { limitationsOf } from './readiness.ts';
import { PaymentRun } from './run.ts';
import { defaultSagaSettings, mustNotBeCut, newPayment, type Payment } from './saga/index.ts';
import { dayIn } from './support-code.ts';

const PROBE_EVERY_MS = 60_000;

/** States in which only the terminal knows whether money moved: no other charge may begin before it has said so. */
const UNRESOLVED: ReadonlySet<Payment['state']> = new Set([
  'ANNOUNCED',
  'CHARGING',
  'CHARGE_UNKNOWN',
  'REVERSING',
]);

/** The payments of one terminal: one run a payment, one outbox for all, one journal under both. */
class Desk implements PaymentDesk {
  readonly #options: DeskOptions;
  readonly #runs = new Map<string, PaymentRun>();
  readonly #listeners = new Set<() => void>();
  readonly #undo: (() => void)[] = [];
  readonly #outbox: Outbox;
  readonly #hooks: RunHooks;
  #front: FrontPayment | undefined;
  #cancelProbe: (() => void) | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    const changed = () => this.#changed();
    this.#outbox = new Outbox({
      journal: options.journal,
      clock: options.clock,
      deliver: (letter) => this.#deliver(letter),
      onRefused: (letter, code) => {
        if (letter.kind === 'outcome')
          this.#runs.get(letter.subject)?.take({ type: 'outcome-refused', code });
      },
      log: options.log,
    });
    this.#hooks = {
      options,
      limits: { ...defaultSagaSettings, ...options.limits },
      deliver: () => this.#outbox.wake(),
      unresolvedBeside: (payment) => this.#unresolved(payment.id),
      succeed: (payment, keepConsent) => this.#succeed(payment, keepConsent),
      changed,
    };
    this.#undo.push(
      options.pos.onHealth(changed),
      options.printer.onHealth(changed),
      options.journal.onWritable(changed),
      this.#outbox.onChange(changed),
    );
    this.#probeLater();
  }

  get openPayments(): number {
    return [...this.#runs.values()].filter(({ payment }) => !payment.closed).length;
  }

  get busy(): boolean {
    return [...this.#runs.values()].some(({ payment }) => mustNotBeCut(payment));
  }

  get outboxDepth(): number {
    return this.#outbox.depth;
  }

  open(notice: NoticeKey): CitizenPayment {
    if (this.#front && !this.#front.over) throw paymentError('PAYMENT_RUNNING');
    const front = new FrontPayment(
      this.#begin(newPayment(this.#id(), notice, this.#options.clock.now())),
      () => this.#options.printer,
    );
    this.#front = front;
    // Asked while the node verifies: by the time of the consent the screen knows whether there is paper.
    this.#options.printer.look().catch((error: unknown) => {
      this.#options.log('paper-unknown', { reason: isJollyError(error) ? error.code : 'unexpected-error' });
    });
    this.#changed();
    return front;
  }

  async recover(): Promise<{ resumed: number; handedOver: number }> {
    const { journal, pos, log } = this.#options;
    const left = restore(journal);
    const before = journal.payments({ limit: 1 }).length;
    try {
      noteUnexplained(journal, await pos.lastTransaction(), before === 0);
    } catch (error) {
      log('pos-baseline-unknown', { reason: isJollyError(error) ? error.code : 'unexpected-error' });
    }
    for (const payment of left) {
      const run = new PaymentRun(payment, this.#hooks);
      this.#runs.set(payment.id, run);
      run.take({ type: 'restarted' });
    }
    this.#outbox.wake();
    const handedOver = left.filter(({ id }) => this.#runs.get(id)?.payment.operator).length;
    this.#sweep();
    return { resumed: left.length - handedOver, handedOver };
  }

  limitations(): readonly Limitation[] {
    return limitationsOf(this.#options, this.#unresolved(this.#front?.kioskPaymentId));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async closeDay(day: string, options: CloseDayOptions): Promise<DayClose> {
    const { journal, pos, clock, place } = this.#options;
    const zoned = (at: number) => dayIn(place.timeZone, at);
    const body = journal.letter(`day:${day}`)?.body;
    const sent = PosDay.safeParse(body).data;
    const told = chargesTold(body);
    const charges = chargesOf(journal, day, zoned);
    const today = zoned(clock.now());
    const begun = day === today ? [] : chargesOf(journal, today, zoned);
    const asked = options.askPos && !(charges.length === 0 && begun.length > 0);
    if (told !== undefined ? told === charges.length : charges.length === 0 && !asked) return 'nothing-to-do';
    // A terminal that the gateway drives has no figures: the provider keeps them, and asking again changes nothing.
    const elsewhere = pos.drivenBy === 'gateway';
    const figures = elsewhere
      ? { failure: 'driven-by-gateway' }
      : asked
        ? await posFigures(pos)
        : { failure: 'closed-later' };
    if ('failure' in figures && !options.insist && !elsewhere) return 'later';
    const head = { posTerminalId: pos.terminalId, closedAt: clock.now() };
    const split = splitFigures(figures, begun);
    const days: PosDay[] = [{ ...head, day, charges, ...together(sent, split.closed) }];
    if (split.begun) days.push({ ...head, day: today, charges: begun, ...split.begun });
    journal.queue(
      days.map((posDay) => ({
        subject: `day:${posDay.day}`,
        kind: 'pos-day' as const,
        body: JSON.parse(JSON.stringify(posDay)),
      })),
    );
    this.#outbox.wake();
    journal.prune();
    journal.tidy();
    return 'closed';
  }

  close(): Promise<void> {
    this.#cancelProbe?.();
    for (const undo of this.#undo) undo();
    for (const run of this.#runs.values()) run.stop();
    this.#outbox.close();
    return Promise.resolve();
  }

  #id(): string {
    return uuidv7(this.#options.clock.now(), this.#options.random);
  }

  #begin(payment: Payment): PaymentRun {
    const run = new PaymentRun(payment, this.#hooks);
    const { journal, clock } = this.#options;
    this.#runs.set(payment.id, run);
    try {
      run.start(isFlagged(journal, payment.notice, clock.now()));
    } catch (error) {
      this.#runs.delete(payment.id);
      throw error;
    }
    return run;
  }

  #succeed(payment: Payment, keepConsent: boolean): void {
    const kept =
      keepConsent && payment.consentedCents !== undefined ? { consentedCents: payment.consentedCents } : {};
    const next = newPayment(this.#id(), payment.notice, this.#options.clock.now(), {
      ...kept,
      phoneReceipt: payment.phoneReceipt,
      again: keepConsent,
    });
    const run = this.#begin(next);
    if (this.#front?.kioskPaymentId === payment.id) this.#front.follow(run);
  }

  #unresolved(except: string | undefined): boolean {
    return [...this.#runs.values()].some(
      ({ payment }) => payment.id !== except && !payment.closed && UNRESOLVED.has(payment.state),
    );
  }

  /** Resolves only after the server's commit; then the payment hears of it, then the letter is settled. */
  async #deliver(letter: StoredLetter): Promise<void> {
    const { fleet } = this.#options;
    if (letter.kind === 'outcome') {
      const { status } = await fleet.outcome(letter.subject, fitted(letter, OutcomeRequest));
      this.#runs.get(letter.subject)?.take({ type: 'outcome-stored', status });
    } else if (letter.kind === 'facts') {
      await fleet.facts(letter.subject, fitted(letter, PaymentFacts));
    } else {
      await fleet.posDay(fitted(letter, PosDay));
    }
  }

  #changed(): void {
    this.#sweep();
    this.#front?.changed();
    for (const listener of this.#listeners) listener();
  }

  /** Closed payments leave memory; between payments the journal's log is folded away. */
  #sweep(): void {
    for (const [id, { payment }] of this.#runs) {
      if (payment.closed && this.#front?.kioskPaymentId !== id) this.#runs.delete(id);
    }
    if (this.openPayments === 0 && this.#options.journal.writable) this.#options.journal.tidy();
  }

  #probeLater(): void {
    this.#cancelProbe = this.#options.clock.after(PROBE_EVERY_MS, () => {
      if (this.openPayments === 0) this.#options.journal.probe();
      this.#probeLater();
    });
  }
}

/** Makes the desk. Call `recover()` once before the first screen. */
export function openPaymentDesk(options: DeskOptions): PaymentDesk {
  return new Desk(options);
}
