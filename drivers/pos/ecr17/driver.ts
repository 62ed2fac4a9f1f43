import type { CardEvidence } from '@jolly/contracts/fleet-api';
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
import type { PosResponse, StatusAnswer } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import { EcrLine, type ProcedureListener } from './line.ts';
import { detectLrc } from './lrc-detection.ts';
import { type Prepared, Procedures } from './procedures.ts';
import { selfTest } from './self-test.ts';
import type { Ecr17Settings } from './settings.ts';
import { OPERATIVE, statusName } from './terminal-status.ts';
import { type Judging, judgeAnswer, judgeLast, lastOf, sameStan } from './verdict.ts';

const OPEN_MS = 6_000;
/** Eight digits of cents. */
const MOST_CENTS = 99_999_999;

interface Charging {
  readonly beforeMoney: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An ECR17 terminal as a `CardTerminal` (pos.md 1).
 * Invariants: one call at a time; `X` and `S` are written at most once per call, directly after `beforeMoney()` with nothing
 * awaited between; any break after that is `uncertain`, never a repetition. A signal cancels only before that moment: then
 * the terminal's own red key decides.
 */
export class Ecr17Terminal implements CardTerminal {
  readonly uri: string;
  readonly drivenBy = 'kiosk';
  readonly #settings: Ecr17Settings;
  readonly #context: DriverContext;
  readonly #line: EcrLine;
  readonly #procedures: Procedures;
  readonly #health: HealthKeeper;
  readonly #turns: Turns;
  #terminalId: string;
  /** Undefined until `auto` has found it; asked again when the terminal stops understanding. */
  #lrcKnown: boolean;
  /** The line was dialled anew since the terminal last answered. */
  #redialled = false;
  /** STAN of the last answer heard, to tell a repetition of it from a new one. */
  #heardStan: string | undefined;

  constructor(uri: string, transport: Transport, settings: Ecr17Settings, context: DriverContext) {
    this.uri = uri;
    this.#settings = settings;
    this.#context = context;
    this.#terminalId = settings.terminalId;
    this.#procedures = new Procedures(settings);
    this.#lrcKnown = settings.lrc !== 'auto';
    this.#health = new HealthKeeper(context.clock, () => ({
      ...transport.counters,
      ...this.#line.counters,
    }));
    this.#line = new EcrLine(transport, context);
    if (settings.lrc !== 'auto') this.#line.setMode(settings.lrc);
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
      const answer = await this.#status();
      return typeof answer === 'string'
        ? { operative: false, detail: answer }
        : {
            operative: answer.status === OPERATIVE,
            detail: statusName(answer.status),
          };
    });
  }

  charge(
    reference: ChargeReference,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void; readonly signal?: AbortSignal },
  ): Promise<ChargeResult> {
    const stale = this.#staleness(reference.lastStan);
    return this.#turns.take(() =>
      this.#money(
        (receipt) => this.#procedures.payment(reference.amountCents, stale, receipt),
        reference.amountCents,
        events,
        options,
      ),
    );
  }

  reverse(
    card: CardEvidence,
    events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void },
  ): Promise<ChargeResult> {
    const stan = card.stan.padStart(6, '0').slice(-6);
    // Before the ACK, whatever is not a reversal's answer is a repetition of an older one.
    const stale = (response: PosResponse, acknowledged: boolean) =>
      response.kind !== 'payment' ||
      (!acknowledged && response.form !== 'reversal' && sameStan(response.stan, this.#heardStan));
    return this.#turns.take(async () => {
      const result = await this.#money(
        (receipt) => this.#procedures.reversal(stan, stale, receipt),
        card.amountCents,
        events,
        options,
      );
      // A reversal's answer carries no amount: it gives back what was charged.
      return result.outcome === 'approved'
        ? { ...result, card: { ...result.card, amountCents: card.amountCents } }
        : result;
    });
  }

  lastTransaction(): Promise<LastTransaction> {
    return this.#turns.take(async () => {
      const output = await this.#ask(this.#procedures.last());
      // A NAK also answers what a terminal does not support: it then has nothing to tell.
      if (!output.ok) {
        return output.failure === 'nak'
          ? { found: 'none' }
          : { found: 'unreachable', reason: reasonOf(output) };
      }
      if (!output.response) return { found: 'none' };
      const last = lastOf(output.response, this.#judging());
      this.#remember(output.response);
      return last;
    });
  }

  recover(reference: ChargeReference): Promise<RecoveryVerdict> {
    return this.#turns.take(async () => {
      const status = await this.#status();
      if (typeof status === 'string') return { verdict: 'unreachable', reason: status };
      if (status.status !== OPERATIVE) {
        return { verdict: 'unreachable', reason: statusName(status.status) };
      }
      const output = await this.#ask(this.#procedures.last());
      if (!output.ok) {
        return output.failure === 'nak'
          ? { verdict: 'undecidable', reason: 'last-result-not-told' }
          : { verdict: 'unreachable', reason: reasonOf(output) };
      }
      if (!output.response) return { verdict: 'undecidable', reason: 'last-result-not-told' };
      this.#remember(output.response);
      return judgeLast(output.response, reference, this.#judging());
    });
  }

  totals(): Promise<PosTotals> {
    return this.#turns.take(async () => {
      const answer = this.#answered(await this.#ask(this.#procedures.totals()), 'totals');
      if (answer?.kind !== 'totals' || answer.posTotalCents === null || answer.outcome !== 'approved') {
        throw posError('POS_REFUSED', { command: 'totals' });
      }
      return { posTotalCents: answer.posTotalCents };
    });
  }

  closeSession(): Promise<PosTotals> {
    return this.#turns.take(async () => {
      const receipt = await this.#enablePrint();
      if (typeof receipt === 'string')
        throw posError('POS_UNREACHABLE', { command: 'close', reason: receipt });
      const answer = this.#answered(await this.#ask(this.#procedures.close(receipt)), 'close');
      if (answer?.kind !== 'close' || answer.posTotalCents === null || answer.outcome !== 'approved') {
        const reason = answer?.kind === 'close' ? (answer.reason ?? answer.result) : 'no-answer';
        throw posError('POS_REFUSED', { command: 'close', reason });
      }
      return {
        posTotalCents: answer.posTotalCents,
        ...(answer.hostTotalCents !== null && { hostTotalCents: answer.hostTotalCents }),
      };
    });
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    return this.#turns.take(() =>
      selfTest(this.#context.clock, this.#settings, {
        open: () => this.#line.open(OPEN_MS),
        status: () => this.#status(),
        lrc: () => (this.#lrcKnown ? this.#line.mode : undefined),
        totals: async () => this.#ask(this.#procedures.totals()),
        statusName,
      }),
    );
  }

  async close(): Promise<void> {
    this.#turns.close();
    await this.#line.close();
  }

  /** X or S with all that goes before: link, LRC mode, operative, print on the kiosk. */
  async #money(
    prepare: (receipt: boolean) => Prepared,
    amountCents: number,
    events: CardTerminalEvents,
    options: Charging,
  ): Promise<ChargeResult> {
    const cancelled: ChargeResult = { outcome: 'cancelled', reason: 'before-sending' };
    const notStarted = (reason: string): ChargeResult => ({ outcome: 'not-started', reason });
    if (options.signal?.aborted) return cancelled;
    if (amountCents < 1 || amountCents > MOST_CENTS) return notStarted('amount-out-of-range');
    const status = await this.#status();
    if (typeof status === 'string') return notStarted(status);
    if (status.status !== OPERATIVE) return notStarted(`not-operative:${statusName(status.status)}`);
    if (options.signal?.aborted) return cancelled;
    const receipt = await this.#enablePrint();
    if (typeof receipt === 'string') return notStarted(receipt);
    const down = await this.#line.open(OPEN_MS);
    if (down) return notStarted(`link-down:${down}`);
    if (options.signal?.aborted) return cancelled;

    const { request, procedure } = prepare(receipt);
    const packet = this.#line.packetOf(request);
    options.beforeMoney();
    const output = await this.#line.perform(packet, procedure, listenerOf(events));
    if (output.ok) {
      if (output.response?.kind !== 'payment') return { outcome: 'uncertain', reason: 'no-result' };
      this.#remember(output.response);
      return judgeAnswer(output.response, amountCents, this.#judging());
    }
    if (output.failure === 'nak' || output.failure === 'unsent') return notStarted(output.failure);
    return { outcome: 'uncertain', reason: reasonOf(output) };
  }

  /** True: lines come to the kiosk · false: the terminal prints by itself · a text: the terminal cannot be reached. */
  async #enablePrint(): Promise<boolean | string> {
    if (this.#settings.print === 'pos') return false;
    const output = await this.#ask(this.#procedures.enablePrint());
    if (output.ok) return true;
    return output.failure === 'nak' ? false : reasonOf(output);
  }

  /** The status, or why it cannot be had. Finds the LRC mode first when it is not known. */
  async #status(resends?: number): Promise<StatusAnswer | string> {
    const output = this.#lrcKnown
      ? await this.#ask(this.#procedures.status(resends))
      : await detectLrc(this.#line, (listener) => this.#ask(this.#procedures.status(0), listener));
    if (!output.ok) {
      // A terminal that was exchanged may compute the check byte otherwise.
      if (this.#settings.lrc === 'auto' && output.failure !== 'unsent' && output.failure !== 'lost') {
        this.#lrcKnown = false;
      }
      this.#health.answered(reasonOf(output));
      return reasonOf(output);
    }
    if (output.response?.kind !== 'status') return 'no-result';
    const { response } = output;
    this.#lrcKnown = true;
    if (/^0+$/.test(this.#settings.terminalId)) this.#terminalId = response.terminalId;
    this.#health.answered(
      response.status === OPERATIVE ? undefined : `not-operative:${statusName(response.status)}`,
    );
    return response;
  }

  /** A harmless command. */
  async #ask(prepared: Prepared, listener: ProcedureListener = {}): Promise<ProcedureOutput> {
    const attempt = async (): Promise<ProcedureOutput> => {
      const down = await this.#line.open(OPEN_MS);
      if (down) return { ok: false, failure: 'unsent', detail: down };
      return this.#line.perform(this.#line.packetOf(prepared.request), prepared.procedure, listener);
    };
    const output = await attempt();
    // A terminal that had just hung up shows it only when written to: harmless questions are dialled once more.
    const hungUp = !output.ok && output.failure === 'lost' && prepared.procedure.patience.resends > 0;
    return hungUp ? attempt() : output;
  }

  #answered(output: ProcedureOutput, command: string): PosResponse | undefined {
    if (output.ok) return output.response;
    throw posError(output.failure === 'nak' ? 'POS_REFUSED' : 'POS_UNREACHABLE', {
      command,
      reason: reasonOf(output),
    });
  }

  /**
   * Tells an answer that is not the one waited for. Before the ACK, the STAN last heard means a repetition of the last answer;
   * an approval with the STAN known before the charge is never this charge.
   */
  #staleness(lastStan: string | undefined) {
    return (response: PosResponse, acknowledged: boolean): boolean => {
      if (response.kind !== 'payment') return true;
      if (response.outcome === 'approved' && sameStan(response.stan, lastStan)) return true;
      const repeated = sameStan(response.stan, this.#heardStan) || sameStan(response.stan, lastStan);
      return !acknowledged && repeated;
    };
  }

  #remember(response: PosResponse): void {
    if ('stan' in response && response.stan) this.#heardStan = response.stan;
  }

  #judging(): Judging {
    const { timeZone, clockToleranceMs, resultMs, settleMs } = this.#settings;
    return { now: this.#context.clock.now(), timeZone, clockToleranceMs, resultMs, settleMs };
  }

  #linkChanged(): void {
    const { state } = this.#line.transport;
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
    const answer = await this.#status(1);
    if (typeof answer !== 'string') this.#redialled = false;
    else if (answer === 'silent' && !this.#redialled && !this.#turns.busy) {
      // A terminal that restarted, or took another's call, leaves a line that looks open and leads nowhere: dialled anew, once.
      this.#redialled = true;
      this.#line.transport.reopen('silent');
    }
  }
}

function reasonOf(output: Extract<ProcedureOutput, { ok: false }>): string {
  if (output.failure === 'lost' || output.failure === 'unsent')
    return `link-down:${output.detail || 'unknown'}`;
  return output.failure;
}

function listenerOf(events: CardTerminalEvents): ProcedureListener {
  return {
    progress: (text) => events.progress?.(text),
    receiptLine: (line) => events.receiptLine?.(line),
  };
}
