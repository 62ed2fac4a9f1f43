import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { BarcodeReader } from '@jolly/drivers/barcode';
import type { DeviceHealth, SelfTestStep } from '@jolly/drivers/health';
import type { CardTerminal, ChargeResult } from '@jolly/drivers/pos';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import type { DeviceKinds, DeviceRole } from '@jolly/drivers/registry';
import { noteWedge, quiet, type WedgeNote, wedgeSteps, withWedge } from './wedge.ts';

/**
 * A wall around each driver: whatever it throws becomes an answer that its port allows and a health of `fault`. A driver never
 * takes the terminal down with it. The answers are the careful ones: a payment that broke is `uncertain`, a print `unknown`.
 */

export type Fault = (method: string, error: unknown) => void;

/** What a driver that could not even be made looks like. */
export function faultHealth(reason: string, since: number): DeviceHealth {
  return { state: 'fault', reasons: [reason], since, counters: {} };
}

const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};

export abstract class Contained<D extends DeviceKinds[DeviceRole]> {
  readonly uri: string;
  protected readonly driver: D | undefined;
  protected readonly clock: Clock;
  readonly #report: Fault;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  #fault: DeviceHealth | undefined;
  #cure: string | undefined;

  constructor(uri: string, make: () => D, clock: Clock, report: Fault) {
    this.uri = uri;
    this.clock = clock;
    this.#report = report;
    this.driver = this.guard('create', make, () => undefined);
    this.guard(
      'onHealth',
      () => this.driver?.onHealth(() => this.announce()),
      () => undefined,
    );
  }

  health(): DeviceHealth {
    if (this.#fault) return this.#fault;
    return this.guard(
      'health',
      () => this.driver?.health() ?? faultHealth('absent', 0),
      (reason) => this.#fault ?? faultHealth(reason, this.clock.now()),
    );
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const started = this.clock.monotonic();
    const failed = (reason: string): readonly SelfTestStep[] => [
      {
        name: 'driver',
        ok: false,
        durationMs: this.clock.monotonic() - started,
        detail: reason,
        cure: this.#cure ?? 'check the device’s URI in the configuration; if it is right, report this',
      },
    ];
    const { driver } = this;
    if (!driver) return failed(this.health().reasons.join(', '));
    return this.guardAsync('selfTest', () => driver.selfTest(), failed);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.guardAsync(
      'close',
      async () => this.driver?.close(),
      () => undefined,
    );
  }

  /** Tells of a fault of the driver that the caller answers for itself. */
  protected broke(method: string, error: unknown): string {
    return this.#broke(method, error);
  }

  protected guard<T>(method: string, act: () => T, otherwise: (reason: string) => T): T {
    try {
      return act();
    } catch (error) {
      return otherwise(this.#broke(method, error));
    }
  }

  /** `transient`: the port says that the call may reject; then the driver is not at fault. */
  protected async guardAsync<T>(
    method: string,
    act: () => Promise<T>,
    otherwise: (reason: string) => T,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      return otherwise(this.#broke(method, error));
    }
  }

  #broke(method: string, error: unknown): string {
    const reason = `driver-${method}-${nameOf(error)}`.slice(0, 40);
    this.#report(method, error);
    // a driver that was made goes on and may recover; one that was not stays at fault
    if (method === 'create') {
      this.#fault = faultHealth(reason, this.clock.now());
      this.#cure = isJollyError(error) ? error.entry.cure : undefined;
    }
    return reason;
  }

  /** Tells everybody how the device is now. */
  protected announce(): void {
    const health = this.health();
    for (const listener of this.#listeners) listener(health);
  }
}

export class ContainedBarcode extends Contained<BarcodeReader> implements BarcodeReader {
  #wedge: WedgeNote = quiet;

  listen(onScan: Parameters<BarcodeReader['listen']>[0]): () => void {
    const heard: typeof onScan = (scan) => {
      // the reader of the configuration reads after all
      if (this.#wedge.since !== undefined) {
        this.#wedge = quiet;
        this.announce();
      }
      onScan(scan);
    };
    return this.guard(
      'listen',
      () => this.driver?.listen(heard) ?? (() => undefined),
      () => () => undefined,
    );
  }

  /** Something typed a code into the screen: a reader in keyboard mode, which nobody listens to. */
  wedgeSeen(): void {
    this.#wedge = noteWedge(this.#wedge, this.clock.now());
    this.announce();
  }

  override health(): DeviceHealth {
    return withWedge(super.health(), this.#wedge);
  }

  override async selfTest(): Promise<readonly SelfTestStep[]> {
    return [...(await super.selfTest()), ...wedgeSteps(this.#wedge)];
  }
}

export class ContainedPrinter extends Contained<ReceiptPrinter> implements ReceiptPrinter {
  paper(): ReturnType<ReceiptPrinter['paper']> {
    const unknown = { paper: 'unknown', coverOpen: false, jam: false, ticketInMouth: false } as const;
    return this.guard(
      'paper',
      () => this.driver?.paper() ?? unknown,
      () => unknown,
    );
  }

  look(): ReturnType<ReceiptPrinter['look']> {
    return this.guardAsync(
      'look',
      async () => (await this.driver?.look()) ?? this.paper(),
      () => this.paper(),
    );
  }

  async print(document: Parameters<ReceiptPrinter['print']>[0]): ReturnType<ReceiptPrinter['print']> {
    const { driver } = this;
    if (!driver) return { result: 'failed', reason: 'fault' };
    return this.guardAsync(
      'print',
      () => driver.print(document),
      (reason) => ({ result: 'unknown', reason }),
    );
  }
}

export class ContainedPos extends Contained<CardTerminal> implements CardTerminal {
  get drivenBy(): CardTerminal['drivenBy'] {
    return this.driver?.drivenBy ?? 'kiosk';
  }

  get terminalId(): string {
    return this.driver?.terminalId ?? '';
  }

  status(): ReturnType<CardTerminal['status']> {
    return this.guardAsync(
      'status',
      async () => (await this.driver?.status()) ?? { operative: false, detail: 'absent' },
      (detail) => ({ operative: false, detail }),
    );
  }

  charge(...call: Parameters<CardTerminal['charge']>): Promise<ChargeResult> {
    return this.#money('charge', call[2], (options) => this.driver?.charge(call[0], call[1], options));
  }

  reverse(...call: Parameters<CardTerminal['reverse']>): Promise<ChargeResult> {
    return this.#money('reverse', call[2], (options) => this.driver?.reverse(call[0], call[1], options));
  }

  lastTransaction(): ReturnType<CardTerminal['lastTransaction']> {
    return this.guardAsync(
      'lastTransaction',
      async () => (await this.driver?.lastTransaction()) ?? { found: 'unreachable', reason: 'absent' },
      (reason) => ({ found: 'unreachable', reason }),
    );
  }

  recover(reference: Parameters<CardTerminal['recover']>[0]): ReturnType<CardTerminal['recover']> {
    return this.guardAsync(
      'recover',
      async () => (await this.driver?.recover(reference)) ?? { verdict: 'unreachable', reason: 'absent' },
      (reason) => ({ verdict: 'unreachable', reason }),
    );
  }

  /** Totals reject by their port: day's end records why. */
  totals(): ReturnType<CardTerminal['totals']> {
    return this.driver?.totals() ?? Promise.reject(new Error('absent'));
  }

  closeSession(): ReturnType<CardTerminal['closeSession']> {
    return this.driver?.closeSession() ?? Promise.reject(new Error('absent'));
  }

  async #money<Options extends { readonly beforeMoney: () => void }>(
    method: string,
    options: Options,
    act: (options: Options) => Promise<ChargeResult> | undefined,
  ): Promise<ChargeResult> {
    let announced = false;
    const watched = {
      ...options,
      beforeMoney: () => {
        options.beforeMoney();
        announced = true;
      },
    };
    return this.guardAsync<ChargeResult>(
      method,
      async () => (await act(watched)) ?? { outcome: 'not-started', reason: 'absent' },
      (reason) => (announced ? { outcome: 'uncertain', reason } : { outcome: 'not-started', reason }),
    );
  }
}
