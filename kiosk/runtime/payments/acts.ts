import type { PaymentStatus } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { ChargeReference, ChargeResult } from '@jolly/drivers/pos';
import type { RunHooks } from './ports.ts';
import { readyToCharge } from './readiness.ts';
import type { Effect, Payment, PaymentEvent } from './saga/index.ts';
import type { Live } from './screens.ts';
import { slipOf } from './slips.ts';
import { supportCode } from './support-code.ts';

/** The payment for which an act is done, as its run holds it now. */
export interface ActingRun {
  readonly payment: Payment;
  readonly live: Live;
  readonly stopped: boolean;
  /** An answer. False when it means nothing any more. */
  take(event: PaymentEvent): boolean;
  /** The step that must be on the disk before money moves. Throws `JOURNAL_UNWRITABLE`. */
  step(event: PaymentEvent): boolean;
  /** What the screen shows besides the payment; of this session only. */
  show(live: Live): void;
  after(ms: number, task: () => void): void;
}

const LINK_TRIES = 6;
const LINK_EVERY_MS = 1_000;

const reasonOf = (error: unknown): string => (isJollyError(error) ? error.code : 'unexpected-error');

/**
 * The acts of one payment on the outside world: server, card terminal, printer. Each is begun by its run once the step that
 * announces it is on the disk, and comes back to it as an event.
 */
export class Acts {
  readonly #hooks: RunHooks;
  readonly #run: ActingRun;
  #abort: AbortController | undefined;
  #posLines: { text: string; style: string }[] = [];
  #reversalLines: { text: string; style: string }[] = [];

  constructor(hooks: RunHooks, run: ActingRun) {
    this.#hooks = hooks;
    this.#run = run;
  }

  /** Takes back a charge that waits for a card, if there is one. */
  abort(): void {
    this.#abort?.abort();
  }

  /** Does it; its answer comes back as an event. Rejects only on a fault of ours, which is logged first. */
  async perform(effect: Effect): Promise<void> {
    try {
      await this.#answer(effect);
    } catch (error) {
      if (this.#run.stopped) return;
      this.#hooks.options.log('payment-act-failed', { act: effect.do, reason: reasonOf(error) });
      throw error;
    }
  }

  #answer(effect: Effect): Promise<unknown> {
    switch (effect.do) {
      case 'verify':
        return this.#verify();
      case 'activate':
        return this.#activate();
      case 'check':
        return this.#check();
      case 'charge':
        return this.#charge();
      case 'ask-pos':
        return this.#askPos();
      case 'reverse':
        return this.#reverse();
      case 'ask-reversal':
        return this.#askReversal();
      case 'ask-node':
        return this.#askNode();
      case 'print':
        return this.#print(effect);
      case 'link':
        return this.#link();
      default:
        return Promise.resolve();
    }
  }

  async #verify(): Promise<void> {
    const { id, notice } = this.#run.payment;
    try {
      const answer = await this.#hooks.options.fleet.verify({ kioskPaymentId: id, notice });
      this.#run.take(
        answer.result === 'payable'
          ? { type: 'verified', notice: answer.notice }
          : { type: 'verify-refused', problem: answer.problem },
      );
    } catch (error) {
      this.#run.take(
        isJollyError(error, 'SERVER_REFUSED')
          ? { type: 'verify-refused', problem: { class: 'UNEXPECTED_ERROR', retry: 'no' } }
          : { type: 'server-silent' },
      );
    }
  }

  async #activate(): Promise<void> {
    const { fleet } = this.#hooks.options;
    const { id, notice, verified } = this.#run.payment;
    if (!verified) return;
    try {
      const answer = await fleet.activate(id, { notice, amountCents: verified.amountCents });
      if (answer.result === 'refused') this.#run.take({ type: 'activate-refused', problem: answer.problem });
      else {
        // The token's end on this terminal's clock: with the skew known, 120 s left are 120 s left.
        const expiresAt = answer.activation.expiresAt + (fleet.clockSkewMs ?? 0);
        this.#run.take({ type: 'activated', activation: { ...answer.activation, expiresAt } });
      }
    } catch (error) {
      this.#run.take(
        isJollyError(error, 'SERVER_REFUSED')
          ? { type: 'activate-refused', problem: { class: 'UNEXPECTED_ERROR', retry: 'no' } }
          : { type: 'server-silent' },
      );
    }
  }

  async #check(): Promise<void> {
    const { options, limits, unresolvedBeside } = this.#hooks;
    try {
      const checked = await readyToCharge(
        options,
        this.#run.payment,
        limits.minTokenMs,
        unresolvedBeside(this.#run.payment),
      );
      this.#run.take(checked.ready ? { ...checked, type: 'ready' } : { ...checked, type: 'not-ready' });
    } catch (error) {
      this.#run.take({ type: 'not-ready', why: 'pos-unavailable', detail: reasonOf(error) });
    }
  }

  #reference(): ChargeReference {
    const { id, lock, charge } = this.#run.payment;
    if (!lock || !charge) throw new Error('a charge without lock: the statechart is wrong');
    return {
      kioskPaymentId: id,
      amountCents: lock.totalCents,
      lastStan: charge.lastStan,
      startedAt: charge.startedAt,
    };
  }

  /** Throws when the step cannot be written: then the driver sends nothing. */
  #beforeMoney(event: PaymentEvent): () => void {
    return () => {
      if (this.#run.stopped) throw new Error('the runtime is going down');
      if (!this.#run.step(event)) throw new Error(`no money may move in ${this.#run.payment.state}`);
    };
  }

  async #charge(): Promise<void> {
    const { pos } = this.#hooks.options;
    this.#abort = new AbortController();
    this.#posLines = [];
    const events = {
      progress: (text: string) => this.#say(text),
      receiptLine: (line: { style: string; text: string }) => void this.#posLines.push(line),
    };
    const result = await this.#moneyAct('CHARGING', () =>
      pos.charge(this.#reference(), events, {
        beforeMoney: this.#beforeMoney({ type: 'card-started' }),
        signal: this.#abort?.signal as AbortSignal,
      }),
    );
    this.#say(undefined);
    this.#run.take({ type: 'charge-ended', result });
  }

  async #reverse(): Promise<void> {
    const { card } = this.#run.payment;
    if (!card) return;
    const events = {
      progress: (text: string) => this.#say(text),
      receiptLine: (line: { style: string; text: string }) => void this.#reversalLines.push(line),
    };
    const result = await this.#moneyAct('REVERSING', () =>
      this.#hooks.options.pos.reverse(card, events, {
        beforeMoney: this.#beforeMoney({ type: 'reverse-started' }),
      }),
    );
    this.#say(undefined);
    this.#run.take({ type: 'reverse-ended', result });
  }

  /** A driver that breaks its promise and throws: uncertain once money could move, not started before. */
  async #moneyAct(moving: Payment['state'], act: () => Promise<ChargeResult>): Promise<ChargeResult> {
    try {
      return await act();
    } catch (error) {
      const reason = reasonOf(error);
      return this.#run.payment.state === moving
        ? { outcome: 'uncertain', reason }
        : { outcome: 'not-started', reason };
    }
  }

  #say(posText: string | undefined): void {
    if (this.#run.stopped) return;
    const { posText: _, ...rest } = this.#run.live;
    this.#run.show(posText === undefined ? rest : { ...rest, posText });
    this.#hooks.changed();
  }

  async #askPos(): Promise<void> {
    try {
      this.#run.take({
        type: 'recovered',
        verdict: await this.#hooks.options.pos.recover(this.#reference()),
      });
    } catch (error) {
      this.#run.take({ type: 'recovered', verdict: { verdict: 'unreachable', reason: reasonOf(error) } });
    }
  }

  async #askReversal(): Promise<void> {
    try {
      this.#run.take({ type: 'reversal-asked', found: await this.#hooks.options.pos.lastTransaction() });
    } catch (error) {
      this.#run.take({ type: 'reversal-asked', found: { found: 'unreachable', reason: reasonOf(error) } });
    }
  }

  /** Asks again and again while the citizen is there; only a new word of the node is a step. */
  async #askNode(): Promise<void> {
    const { state, gone, late } = this.#run.payment;
    if (gone || (state !== 'CONFIRMING' && state !== 'CHARGED')) return;
    let status: PaymentStatus | undefined;
    try {
      status = await this.#hooks.options.fleet.status(this.#run.payment.id);
    } catch (error) {
      this.#hooks.options.log('payment-status-unknown', { reason: reasonOf(error) });
    }
    if (status && status.state !== this.#run.payment.node?.state)
      this.#run.take({ type: 'node-said', status });
    else
      this.#run.after(
        this.#hooks.limits.askNodeEveryMs * (late ? 4 : 1),
        () => void this.perform({ do: 'ask-node', afterMs: 0 }),
      );
  }

  async #print(effect: Extract<Effect, { do: 'print' }>): Promise<void> {
    const { options } = this.#hooks;
    const payment = this.#run.payment;
    const document = slipOf(effect.slip, effect.duplicate, {
      payment,
      activation: this.#run.live.activation,
      place: options.place,
      supportCode: supportCode(
        options.place.terminalId,
        payment.openedAt,
        options.place.timeZone,
        payment.id,
      ),
      now: options.clock.now(),
      posLines: effect.slip === 'reversal' ? this.#reversalLines : this.#posLines,
      language: options.language?.() ?? 'it',
      receiptUrl: this.#run.live.receipt?.url,
    });
    try {
      const result = document
        ? await options.printer.print(document)
        : ({ result: 'failed', reason: 'fault' } as const);
      this.#run.take({ type: 'print-ended', slip: effect.slip, result });
    } catch (error) {
      this.#run.take({
        type: 'print-ended',
        slip: effect.slip,
        result: { result: 'unknown', reason: reasonOf(error) },
      });
    }
  }

  async #link(tries = 0): Promise<void> {
    if (this.#run.payment.gone || this.#run.payment.closed || this.#run.live.receipt) return;
    try {
      const receipt = await this.#hooks.options.fleet.receiptLink(this.#run.payment.id);
      if (this.#run.stopped) return;
      this.#run.show({ ...this.#run.live, receipt });
      this.#run.take({ type: 'link-shown' });
      this.#hooks.changed();
    } catch (error) {
      this.#hooks.options.log('receipt-link-failed', { reason: reasonOf(error) });
      if (tries < LINK_TRIES) this.#run.after(LINK_EVERY_MS, () => void this.#link(tries + 1));
    }
  }
}
