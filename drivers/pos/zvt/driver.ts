import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { sleep } from '@jolly/contracts/values';
import type { DeviceHealth, SelfTestStep } from '../../health/index.ts';
import type { DriverContext } from '../../registry/index.ts';
import type { Transport } from '../../transport/index.ts';
import { posError } from '../errors.ts';
import { HealthKeeper } from '../health-keeper.ts';
import type {
  CardTerminal,
  CardTerminalEvents,
  ChargeReference,
  ChargeResult,
  LastTransaction,
  PosTotals,
  RecoveryVerdict,
} from '../port.ts';
import { Turns } from '../turns.ts';
import { encodeCommand, result, resultWord, type StatusInfo, statusWord } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import { nameOfTransaction } from './evidence.ts';
import { ZvtLine } from './line.ts';
import { Cancelling, listenerOf } from './listening.ts';
import { type Prepared, Procedures } from './procedures.ts';
import { selfTest } from './self-test.ts';
import type { ZvtSettings } from './settings.ts';
import { failureReason, type Judging, judgeEnd, judgeLast, lastOf, sameName, unchanged } from './verdict.ts';

const OPEN_MS = 6_000;
/** So soon after its answer a terminal that hangs up between procedures has done so. */
const HANG_UP_MS = 50;
/** What fits field 04 and what a kiosk may ever ask for. */
const MOST_CENTS = 99_999_999;
const UNKNOWN_TERMINAL = '00000000';
const READY = 0x00;
/** The terminal works on something, or holds a card: what it will say is not known yet. */
const occupied = new Set<number>([result.wait, result.cardInserted, result.cardNotRemoved]);

interface Charging {
  readonly beforeMoney: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A ZVT terminal as a `CardTerminal` (pos.md 2). The baseline that tells a recovered result from an older one
 * (`ChargeReference.lastStan`) is the trace number, see `nameOfTransaction`.
 * Invariants: one call at a time; `06 01` and `06 30` are written at most once per call, directly after `beforeMoney()` with
 * nothing awaited between; any break after that is `uncertain`, never a repetition. A signal cancels before that moment, and
 * after it as long as the terminal waits for a card (`06 B0`); its end alone tells whether it was in time.
 */
export class ZvtTerminal implements CardTerminal {
  readonly uri: string;
  readonly drivenBy = 'kiosk';
  readonly #settings: ZvtSettings;
  readonly #serial: boolean;
  readonly #context: DriverContext;
  readonly #line: ZvtLine;
  readonly #procedures: Procedures;
  readonly #health: HealthKeeper;
  readonly #turns: Turns;
  #terminalId = UNKNOWN_TERMINAL;
  /** A registration holds as long as the connection. */
  #registered = false;
  /** The line was dialled anew since the terminal last answered. */
  #redialled = false;
  #closed = false;

  constructor(
    uri: string,
    transport: Transport,
    settings: ZvtSettings,
    options: { readonly serial: boolean },
    context: DriverContext,
  ) {
    this.uri = uri;
    this.#settings = settings;
    this.#serial = options.serial;
    this.#context = context;
    this.#procedures = new Procedures(settings, options.serial);
    const { ackMs, text } = settings;
    this.#line = new ZvtLine(transport, { serial: options.serial, ackMs, text }, context);
    this.#health = new HealthKeeper(context.clock, () => ({
      ...transport.counters,
      ...this.#line.counters,
    }));
    this.#turns = new Turns({
      uri,
      clock: context.clock,
      probeMs: settings.probeMs,
      probe: () => this.#probe(),
      proven: () => this.#health.proven,
      busy: (busy) => this.#health.busy(busy),
    });
    this.#line.start(() => this.#linkChanged());
  }

  get terminalId(): string {
    return this.#terminalId;
  }

  health(): DeviceHealth {
    return this.#health.current();
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#health.onChange(listener);
  }

  status(): Promise<{ readonly operative: boolean; readonly detail: string }> {
    return this.#turns.take(async () => {
      const code = await this.#status();
      return typeof code === 'string'
        ? { operative: false, detail: code }
        : { operative: code === READY, detail: statusWord(code) };
    });
  }

  charge(
    reference: ChargeReference,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void; readonly signal?: AbortSignal },
  ): Promise<ChargeResult> {
    const { amountCents, lastStan } = reference;
    const stale = (info: StatusInfo) => sameName(nameOfTransaction(info), lastStan);
    return this.#turns.take(() =>
      this.#money(() => this.#procedures.payment(amountCents, stale), amountCents, events, options),
    );
  }

  reverse(
    card: CardEvidence,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void },
  ): Promise<ChargeResult> {
    return this.#turns.take(async () => {
      const receipt = card.receiptNumber ?? /^R(\d{1,4})$/.exec(card.stan)?.[1];
      if (receipt === undefined || !/^\d{1,4}$/.test(receipt))
        return { outcome: 'not-started', reason: 'receipt-number-unknown' };
      return this.#money(() => this.#procedures.reversal(receipt), card.amountCents, events, options);
    });
  }

  lastTransaction(): Promise<LastTransaction> {
    return this.#turns.take(async () => {
      const output = await this.#ask(this.#procedures.last());
      if (output.ok && output.info) return lastOf(output.info, this.#judging());
      // A terminal that has nothing to repeat, or never repeats, has nothing to tell.
      const code = output.code;
      const answered = output.ok || output.failure === 'refused';
      if (answered && (code === undefined || !(occupied.has(code) || code === result.notReady)))
        return { found: 'none' };
      return { found: 'unreachable', reason: whyNot(output) };
    });
  }

  recover(reference: ChargeReference): Promise<RecoveryVerdict> {
    return this.#turns.take(async () => {
      const status = await this.#status();
      if (typeof status === 'string') return { verdict: 'unreachable', reason: status };
      if (occupied.has(status)) return { verdict: 'unreachable', reason: statusWord(status) };
      const output = await this.#ask(this.#procedures.last());
      if (output.ok && output.info) return judgeLast(output.info, reference, this.#judging());
      if (!output.ok && output.failure !== 'refused')
        return { verdict: 'unreachable', reason: failureReason(output) };
      const { code } = output;
      if (code !== undefined && (occupied.has(code) || code === result.notReady))
        return { verdict: 'unreachable', reason: resultWord(code) };
      // It had nothing to repeat before the charge either, and says so in plain words.
      if (code === result.noData && reference.lastStan === undefined)
        return unchanged(reference, this.#judging());
      return { verdict: 'undecidable', reason: 'last-transaction-not-told' };
    });
  }

  totals(): Promise<PosTotals> {
    return this.#turns.take(async () => this.#totalsOf(await this.#ask(this.#procedures.totals()), 'totals'));
  }

  closeSession(): Promise<PosTotals> {
    return this.#turns.take(async () => {
      const reason = await this.#ready();
      if (reason) throw posError('POS_UNREACHABLE', { command: 'end-of-day', reason });
      return this.#totalsOf(await this.#ask(this.#procedures.endOfDay()), 'end-of-day');
    });
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    const failure = (output: ProcedureOutput) =>
      output.ok && output.ended === 'completed' ? undefined : whyNot(output);
    return this.#turns.take(() =>
      selfTest(this.#context.clock, {
        open: () => this.#line.open(OPEN_MS),
        register: () => {
          this.#registered = false;
          return this.#ready();
        },
        status: async () => {
          const code = await this.#status();
          return typeof code === 'string' ? code : { operative: code === READY, detail: statusWord(code) };
        },
        diagnosis: async () => failure(await this.#ask(this.#procedures.diagnosis())),
        totals: async () => failure(await this.#ask(this.#procedures.totals())),
        terminalId: () => this.#terminalId,
      }),
    );
  }

  /** Logs off first where nothing runs: the terminal then serves its own menu again. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const idle = this.#registered && !this.#turns.busy && this.#line.transport.state === 'open';
    this.#turns.close();
    if (idle) {
      const { apdu, procedure } = this.#procedures.logOff();
      await this.#line.perform(apdu, procedure);
    }
    await this.#line.close();
  }

  /** `06 01` or `06 30` with all that goes before: link, registration, ready. */
  async #money(
    prepare: () => Prepared,
    amountCents: number,
    events: CardTerminalEvents,
    { beforeMoney, signal }: Charging,
  ): Promise<ChargeResult> {
    const cancelled: ChargeResult = { outcome: 'cancelled', reason: 'before-sending' };
    const notStarted = (reason: string): ChargeResult => ({ outcome: 'not-started', reason });
    if (signal?.aborted) return cancelled;
    if (amountCents < 1 || amountCents > MOST_CENTS) return notStarted('amount-out-of-range');
    const status = await this.#status();
    if (typeof status === 'string') return notStarted(status);
    if (status !== READY) return notStarted(`not-operative:${statusWord(status)}`);
    // A terminal may hang up after each answer: a payment written into that connection would be lost, and uncertain.
    if (!this.#serial) await sleep(this.#context.clock, HANG_UP_MS);
    const reason = await this.#ready();
    if (reason) return notStarted(reason);
    if (signal?.aborted) return cancelled;

    const { apdu, procedure } = prepare();
    const cancelling = new Cancelling(signal, () =>
      this.#line.interject(encodeCommand({ command: 'abort' })),
    );
    beforeMoney();
    const output = await this.#line.perform(apdu, procedure, listenerOf(events, cancelling));
    cancelling.end();
    this.#after(output);
    return judgeEnd(output, amountCents, this.#judging());
  }

  /** Opens the link and registers where that is due; a text says why it could not. */
  async #ready(): Promise<string | undefined> {
    const down = await this.#line.open(OPEN_MS);
    if (down) return `link-down:${down}`;
    if (this.#registered) return undefined;
    const { apdu, procedure } = this.#procedures.registration();
    const output = await this.#line.perform(apdu, procedure);
    this.#after(output);
    if (!output.ok || output.ended === 'aborted') return `registration:${whyNot(output)}`;
    this.#registered = true;
    this.#terminalId = output.completion?.terminalId ?? this.#terminalId;
    this.#procedures.registered(output.completion?.sequence);
    return undefined;
  }

  /** The terminal's status, or why it cannot be had. */
  async #status(): Promise<number | string> {
    const output = await this.#ask(this.#procedures.status());
    const code = codeOfStatus(output);
    if (typeof code === 'number') {
      this.#health.answered(code === READY ? undefined : `not-operative:${statusWord(code)}`);
      return code;
    }
    this.#health.answered(code);
    return code;
  }

  /** A command that may be asked again: once more after a hang-up, and after a registration the terminal forgot. */
  async #ask(prepared: Prepared): Promise<ProcedureOutput> {
    const output = await this.#attempt(prepared);
    const forgotten = output.code === result.notRegistered;
    const hungUp = !output.ok && output.failure === 'lost' && !prepared.procedure.money;
    if (!forgotten && !hungUp) return output;
    this.#registered = false;
    return this.#attempt(prepared);
  }

  async #attempt({ apdu, procedure }: Prepared): Promise<ProcedureOutput> {
    const reason = await this.#ready();
    if (reason) return { ok: false, failure: 'unsent', detail: reason, code: undefined };
    const output = await this.#line.perform(apdu, procedure);
    this.#after(output);
    return output;
  }

  /** After T3 or T4 the procedure is void, and on TCP the connection with it (pos.md 2). */
  #after(output: ProcedureOutput): void {
    if (output.ok) {
      if (output.info) this.#procedures.heard(output.info);
      return;
    }
    if (output.failure === 'silent' || output.failure === 'no-result') {
      this.#registered = false;
      if (!this.#serial) this.#line.transport.reopen(output.failure);
    }
  }

  #totalsOf(output: ProcedureOutput, command: string): PosTotals {
    if (!output.ok && output.failure !== 'refused' && output.failure !== 'nak')
      throw posError('POS_UNREACHABLE', { command, reason: failureReason(output) });
    const total = output.ok && output.ended === 'completed' ? output.info : undefined;
    if (total?.amountCents === undefined || total.resultCode !== result.ok)
      throw posError('POS_REFUSED', { command, reason: whyNot(output) });
    return { posTotalCents: total.amountCents };
  }

  #judging(): Judging {
    const { timeZone, clockToleranceMs, resultMs, settleMs } = this.#settings;
    return {
      now: this.#context.clock.now(),
      terminalId: this.#terminalId,
      timeZone,
      clockToleranceMs,
      resultMs,
      settleMs,
    };
  }

  #linkChanged(): void {
    const { state } = this.#line.transport;
    if (state !== 'open') this.#registered = false;
    if (state === 'open') {
      this.#health.link(undefined);
      this.#turns.planProbe(0);
    } else if (state === 'waiting' && this.#line.downReason !== 'idle') {
      this.#health.link(this.#line.downReason);
    }
  }

  async #probe(): Promise<void> {
    const { state } = this.#line.transport;
    const resting = state === 'waiting' && this.#line.downReason === 'idle';
    if (state !== 'open' && !resting) return;
    const answer = await this.#status();
    if (typeof answer !== 'string') this.#redialled = false;
    else if (answer.endsWith('silent') && !this.#redialled && !this.#turns.busy) {
      // A terminal that restarted, or took another's call, leaves a line that looks open and leads nowhere: dialled anew, once.
      this.#redialled = true;
      this.#line.transport.reopen('silent');
    }
  }
}

/** The status byte; a terminal that does not know the question is taken as ready. */
function codeOfStatus(output: ProcedureOutput): number | string {
  if (output.ok && output.ended === 'completed') return output.completion?.status ?? READY;
  const { code } = output;
  if (code === result.notSupported) return READY;
  if (code !== undefined && (output.ok || output.failure === 'refused')) return code;
  return whyNot(output);
}

function whyNot(output: ProcedureOutput): string {
  if (!output.ok) return output.failure === 'unsent' ? output.detail : failureReason(output);
  if (output.ended === 'aborted') return output.code === undefined ? 'aborted' : resultWord(output.code);
  const code = output.info?.resultCode;
  return code === undefined ? 'no-result' : resultWord(code);
}
