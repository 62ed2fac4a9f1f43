import { CELL, type PaperDocument, rowsOf } from '@jolly/contracts/receipt';
import type { DeviceHealth, DeviceState, SelfTestStep } from '../../health/index.ts';
import type { DriverContext } from '../../registry/index.ts';
import type { Transport } from '../../transport/index.ts';
import type { PaperState, PrintResult, ReceiptPrinter } from '../port.ts';
import { command, decodeAsb, encodeDocument, type PrinterReply } from './codec/index.ts';
import { blockedBy, type Condition, conditionOfAsb, healthOf, paperOf, quiet } from './condition.ts';
import { inspect } from './inspect.ts';
import { printJob } from './job.ts';
import { PrinterLine } from './line.ts';
import { selfTestOf } from './self-test.ts';
import type { PrinterSettings } from './settings.ts';

/** A connection is waited for this long. */
export const OPEN_MS = 3_000;
/** A slip in the mouth is looked after this often. */
const MOUTH_POLL_MS = 1_000;
/** Trouble is looked at again this often, so that a changed roll is seen soon. */
const TROUBLE_POLL_MS = 3_000;

/**
 * A receipt printer that speaks ESC/POS. Everything it does takes its turn: jobs, looks at the status, self-test; so
 * there is one question on the wire at a time. See docs/printing.md for the "printed" rule and the link policy.
 */
export class EscposPrinter implements ReceiptPrinter {
  readonly uri: string;
  readonly #settings: PrinterSettings;
  readonly #context: DriverContext;
  readonly #line: PrinterLine;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  readonly #counters = {
    jobs: 0,
    printed: 0,
    failed: 0,
    unknown: 0,
    cuts: 0,
    metres: 0,
    taken: 0,
    retracts: 0,
    stray: 0,
  };
  #condition: Condition | undefined;
  #state: DeviceState = 'starting';
  #reasons: readonly string[] = [];
  #since: number;
  #turn: Promise<unknown> = Promise.resolve();
  #cancelPoll: () => void = () => undefined;
  #mouthSince: number | undefined;
  #busy = false;
  #closed = false;

  constructor(uri: string, settings: PrinterSettings, make: () => Transport, context: DriverContext) {
    this.uri = uri;
    this.#settings = settings;
    this.#context = context;
    this.#since = context.clock.now();
    this.#line = new PrinterLine({
      make,
      clock: context.clock,
      held: settings.link === 'held',
      fullStatus: settings.profile.fullStatus,
      onReply: (reply) => this.#heard(reply),
      onLost: (reason) => this.#lost(reason),
    });
    this.#pollAfter(0);
  }

  health(): DeviceHealth {
    return {
      state: this.#state,
      reasons: this.#reasons,
      since: this.#since,
      counters: {
        ...this.#counters,
        metres: Math.round(this.#counters.metres * 100) / 100,
        reconnects: Math.max(0, this.#line.connections - 1),
      },
    };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  paper(): PaperState {
    return paperOf(this.#condition);
  }

  async look(): Promise<PaperState> {
    await this.#inTurn(() => this.#look(), undefined);
    return this.paper();
  }

  print(document: PaperDocument): Promise<PrintResult> {
    return this.#inTurn(() => this.#print(document), { result: 'failed', reason: 'link' });
  }

  selfTest(): Promise<readonly SelfTestStep[]> {
    return this.#inTurn(async () => {
      const { steps, condition } = await selfTestOf(this.#line, this.#settings, this.#context.clock);
      this.#learn(condition);
      return steps;
    }, []);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelPoll();
    await this.#line.close();
    await this.#turn;
    this.#listeners.clear();
  }

  /** Runs `work` when all before it is done; the link is let go of afterwards. */
  #inTurn<T>(work: () => Promise<T>, whenClosed: T): Promise<T> {
    const mine = this.#turn.then(async () => {
      if (this.#closed) return whenClosed;
      this.#cancelPoll();
      try {
        return await work();
      } finally {
        await this.#line.release();
        this.#pollAfter(this.#pause());
      }
    });
    // The chain goes on after a failure; whoever asked for the work gets it.
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  #pause(): number {
    if (this.#condition?.ticketInMouth) return Math.min(MOUTH_POLL_MS, this.#settings.pollMs);
    const calm = this.#state === 'ready' || this.#state === 'degraded';
    return calm ? this.#settings.pollMs : Math.min(TROUBLE_POLL_MS, this.#settings.pollMs);
  }

  #pollAfter(ms: number): void {
    this.#cancelPoll();
    if (this.#closed) return;
    this.#cancelPoll = this.#context.clock.after(ms, () => {
      this.#inTurn(() => this.#look(), undefined).catch((error: unknown) => {
        this.#context.log('printer.poll-failed', { uri: this.uri, error: String(error) });
      });
    });
  }

  async #look(): Promise<void> {
    if (!(await this.#line.acquire(OPEN_MS))) {
      this.#learn(undefined);
      return;
    }
    const { profile, link } = this.#settings;
    if (link === 'held' && profile.automaticStatus) await this.#line.write(command.automaticStatus);
    this.#learn(await inspect(this.#line, profile));
  }

  async #print(document: PaperDocument): Promise<PrintResult> {
    const { profile, columns } = this.#settings;
    const startedAt = this.#context.clock.monotonic();
    this.#counters.jobs++;
    this.#busy = true;
    this.#show('busy', []);
    try {
      if (!(await this.#line.acquire(OPEN_MS))) {
        this.#learn(undefined);
        return this.#ended(document, { result: 'failed', reason: 'link' }, startedAt);
      }
      const bytes = encodeDocument(document, profile, columns);
      const { result, condition } = await printJob({
        line: this.#line,
        profile,
        clock: this.#context.clock,
        bytes,
        answerMs: this.#settings.answerMs,
        onUncleared: () => this.#context.log('printer.buffer-not-cleared', { uri: this.uri }),
      });
      this.#busy = false;
      this.#learn(condition);
      if (result.result === 'printed') this.#printed(document);
      return this.#ended(document, result, startedAt);
    } finally {
      this.#busy = false;
    }
  }

  #printed(document: PaperDocument): void {
    const dots = rowsOf(document, this.#settings.columns).reduce((sum, row) => sum + row.advance, 0);
    this.#counters.cuts++;
    this.#counters.metres += (dots + 4 * CELL.pitch) / 8_000;
  }

  #ended(document: PaperDocument, result: PrintResult, startedAt: number): PrintResult {
    this.#counters[result.result]++;
    this.#context.log('printer.job', {
      uri: this.uri,
      kind: document.kind,
      result: result.result,
      ...('reason' in result ? { reason: result.reason } : {}),
      ms: Math.round(this.#context.clock.monotonic() - startedAt),
    });
    return result;
  }

  #heard(reply: PrinterReply): void {
    if (reply.reply === 'stray') this.#counters.stray++;
    if (reply.reply === 'asb') this.#learn(conditionOfAsb(decodeAsb(reply.bytes), this.#condition ?? quiet));
  }

  /** A held link that breaks is known at once; between jobs the next look finds it. */
  #lost(reason: string): void {
    this.#context.log('printer.link-lost', { uri: this.uri, reason });
    if (this.#settings.link !== 'held') return;
    this.#learn(undefined);
    if (!this.#busy) this.#pollAfter(Math.min(TROUBLE_POLL_MS, this.#settings.pollMs));
  }

  #learn(condition: Condition | undefined): void {
    this.#followMouth(condition);
    this.#condition = condition;
    if (!condition) this.#show('unavailable', [`link-down:${this.#line.reason}`]);
    else if (!this.#busy || blockedBy(condition)) {
      const { state, reasons } = healthOf(condition);
      this.#show(state, reasons);
    }
  }

  /**
   * A slip that leaves the mouth was taken by the citizen, or taken back by the printer when its time was over: the
   * status does not say which, the time does.
   */
  #followMouth(condition: Condition | undefined): void {
    if (!condition) return;
    const now = this.#context.clock.monotonic();
    if (condition.ticketInMouth) {
      this.#mouthSince ??= now;
      return;
    }
    if (this.#mouthSince === undefined) return;
    const waited = now - this.#mouthSince;
    this.#mouthSince = undefined;
    const limit = this.#settings.profile.mouthSeconds * 1000;
    const retracted = limit > 0 && waited >= limit - 2 * MOUTH_POLL_MS;
    this.#counters[retracted ? 'retracts' : 'taken']++;
    this.#context.log(retracted ? 'printer.slip-retracted' : 'printer.slip-taken', { uri: this.uri });
  }

  #show(state: DeviceState, reasons: readonly string[]): void {
    const same = state === this.#state && reasons.join() === this.#reasons.join();
    if (same || this.#closed) return;
    if (state !== this.#state) this.#since = this.#context.clock.now();
    this.#state = state;
    this.#reasons = reasons;
    const health = this.health();
    for (const listener of [...this.#listeners]) listener(health);
  }
}
