import type { TerminalReport } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';

const EVERY_MS = 30_000;
/** Changes that come together are one report (updates.md 3: at most every 10 s; health may be told sooner). */
const SETTLE_MS = 1000;

/** Tells the server how the terminal is: at each change, and every 30 s to say it is there. */
export class Reporter {
  readonly #clock: Clock;
  readonly #make: () => TerminalReport;
  readonly #send: (report: TerminalReport) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #told = '';
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(settings: {
    readonly clock: Clock;
    readonly make: () => TerminalReport;
    readonly send: (report: TerminalReport) => Promise<void>;
    readonly failed: (error: unknown) => void;
  }) {
    this.#clock = settings.clock;
    this.#make = settings.make;
    this.#send = settings.send;
    this.#failed = settings.failed;
    this.#in(0);
  }

  /** Something may have changed: looks, and tells if it has. */
  changed(): void {
    if (essence(this.#make()) !== this.#told) this.#in(SETTLE_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (this.#closed || at >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = at;
    this.#cancel = this.#clock.after(ms, () => this.#tell());
  }

  #tell(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    const report = this.#make();
    this.#told = essence(report);
    this.#send(report).catch(this.#failed);
    this.#in(EVERY_MS);
  }
}

/** What makes two reports different: neither the instant nor the counters that always move. */
function essence(report: TerminalReport): string {
  const { at: _, clockSkewMs: __, devices, ...rest } = report;
  return JSON.stringify({
    ...rest,
    devices: devices.map(({ role, state, reasons }) => ({ role, state, reasons })),
  });
}
