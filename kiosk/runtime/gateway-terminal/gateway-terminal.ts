import type { AuthorisationResponse } from '@jolly/contracts/fleet-api';
import { isJollyError, sleep } from '@jolly/contracts/values';
import type { DeviceHealth, SelfTestStep } from '@jolly/drivers/health';
import type {
  CardTerminal,
  CardTerminalEvents,
  ChargeReference,
  ChargeResult,
  LastTransaction,
  PosTotals,
  RecoveryVerdict,
} from '@jolly/drivers/pos';
import { posError } from '@jolly/drivers/pos/ecr17';
import type { DeviceRegistry, DriverContext } from '@jolly/drivers/registry';
import type { FleetClient } from '../fleet-link/index.ts';
import { type GatewaySettings, readSettings } from './settings.ts';

/** The server as this terminal needs it. */
export type GatewayLink = Pick<FleetClient, 'authorise' | 'authorisation' | 'reachable'>;

const UNREACHABLE = 'server-unreachable';

/**
 * A card terminal that the payment service provider drives through pagoPA's gateway (pagopa.md 2.2 C and 6.1). This side asks the
 * fleet server once and then waits for its word; money, token and outcome are the gateway's.
 * Invariants: one call at a time; the card is asked for at most once per call, directly after `beforeMoney()`, and never again on a
 * lost answer; each call has a name of its own (when it began), so that the end of one is never taken for the end of the next;
 * what nobody knows is `uncertain`. Money goes back by the provider alone: `reverse` never starts.
 */
export class GatewayTerminal implements CardTerminal {
  readonly uri: string;
  readonly drivenBy = 'gateway';
  readonly terminalId: string;
  readonly #settings: GatewaySettings;
  readonly #context: DriverContext;
  readonly #fleet: GatewayLink;
  readonly #listeners = new Set<(health: DeviceHealth) => void>();
  readonly #undo: () => void;
  #since: number;
  #seen: DeviceHealth['state'] = 'unavailable';
  #busy = false;
  #closed = false;
  #counters = { asked: 0, approved: 0 };

  constructor(
    uri: string,
    settings: GatewaySettings,
    context: DriverContext,
    link: { readonly fleet: GatewayLink; readonly onReachable: (listener: () => void) => () => void },
  ) {
    this.uri = uri;
    this.terminalId = settings.posTerminalId;
    this.#settings = settings;
    this.#context = context;
    this.#fleet = link.fleet;
    this.#since = context.clock.now();
    this.#undo = link.onReachable(() => this.#look());
    this.#look();
  }

  health(): DeviceHealth {
    const state = !this.#fleet.reachable ? 'unavailable' : this.#busy ? 'busy' : 'ready';
    const reasons = state === 'unavailable' ? [UNREACHABLE] : [];
    return { state, reasons, since: this.#since, counters: { ...this.#counters } };
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  status(): Promise<{ readonly operative: boolean; readonly detail: string }> {
    const operative = this.#fleet.reachable;
    return Promise.resolve({ operative, detail: operative ? 'ok' : UNREACHABLE });
  }

  charge(
    reference: ChargeReference,
    _events: CardTerminalEvents,
    options: { readonly beforeMoney: () => void; readonly signal?: AbortSignal },
  ): Promise<ChargeResult> {
    return this.#exclusive(async () => {
      if (options.signal?.aborted) return { outcome: 'cancelled', reason: 'before-sending' };
      if (!this.#fleet.reachable) return { outcome: 'not-started', reason: UNREACHABLE };
      this.#counters.asked++;
      options.beforeMoney();
      const result = await this.#authorised(reference);
      if (result.outcome === 'approved') this.#counters.approved++;
      return result;
    });
  }

  /** The gateway keeps no list of what the terminal did; each charge is asked for by its own name. */
  lastTransaction(): Promise<LastTransaction> {
    return Promise.resolve({ found: 'none' });
  }

  recover(reference: ChargeReference): Promise<RecoveryVerdict> {
    return this.#exclusive(async () => {
      const word = await this.#word(() =>
        this.#fleet.authorisation(reference.kioskPaymentId, reference.startedAt),
      );
      if ('lost' in word) {
        return word.lost === 'refused'
          ? { verdict: 'undecidable', reason: word.reason }
          : { verdict: 'unreachable', reason: word.reason };
      }
      switch (word.state) {
        case 'approved':
          return { verdict: 'charged', card: word.card };
        case 'waiting':
          return { verdict: 'unreachable', reason: 'in-progress' };
        case 'none':
          // What was sent just now may still be on its way.
          return this.#context.clock.now() - reference.startedAt < this.#settings.settleMs
            ? { verdict: 'unreachable', reason: 'may-still-arrive' }
            : { verdict: 'not-charged', reason: 'never-arrived' };
        case 'unknown':
          return { verdict: 'undecidable', reason: word.reason };
        default:
          return { verdict: 'not-charged', reason: word.reason };
      }
    });
  }

  reverse(): Promise<ChargeResult> {
    return Promise.resolve({ outcome: 'not-started', reason: 'refund-by-psp' });
  }

  totals(): Promise<PosTotals> {
    return Promise.reject(posError('POS_REFUSED', { command: 'totals', reason: 'driven-by-gateway' }));
  }

  closeSession(): Promise<PosTotals> {
    return Promise.reject(posError('POS_REFUSED', { command: 'close', reason: 'driven-by-gateway' }));
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const { operative, detail } = await this.status();
    const cure = 'check the network; the terminal itself is looked after by the provider';
    return [{ name: 'fleet server', ok: operative, durationMs: 0, detail, ...(!operative && { cure }) }];
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#undo();
    this.#listeners.clear();
    return Promise.resolve();
  }

  /** Asks for the card, once; then only asks how it stands. */
  async #authorised(reference: ChargeReference): Promise<ChargeResult> {
    const { clock } = this.#context;
    const { kioskPaymentId, amountCents, startedAt: attempt } = reference;
    const { posTerminalId, waitMs, pollMs, settleMs } = this.#settings;
    const began = clock.monotonic();
    let word = await this.#word(() =>
      this.#fleet.authorise(kioskPaymentId, { posTerminalId, amountCents, attempt }),
    );
    // Refused is answered: the server has asked nobody.
    if ('lost' in word && word.lost === 'refused') return { outcome: 'not-started', reason: word.reason };
    for (;;) {
      const age = clock.monotonic() - began;
      const result = resultOf(word, age >= settleMs);
      if (result) return result;
      if (age >= waitMs || this.#closed) return { outcome: 'uncertain', reason: 'no-word' };
      await sleep(clock, pollMs);
      word = await this.#word(() => this.#fleet.authorisation(kioskPaymentId, attempt));
    }
  }

  async #word(ask: () => Promise<AuthorisationResponse>): Promise<AuthorisationResponse | Lost> {
    try {
      return await ask();
    } catch (error) {
      if (isJollyError(error, 'SERVER_REFUSED'))
        return { lost: 'refused', reason: String(error.detail.code ?? error.code).slice(0, 60) };
      return { lost: 'silent', reason: isJollyError(error) ? UNREACHABLE : 'unexpected-error' };
    }
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw posError('POS_BUSY', { uri: this.uri });
    if (this.#closed) throw posError('POS_UNREACHABLE', { uri: this.uri, reason: 'closed' });
    this.#busy = true;
    this.#look();
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#look();
    }
  }

  #look(): void {
    const { state } = this.health();
    if (state === this.#seen) return;
    this.#seen = state;
    this.#since = this.#context.clock.now();
    const health = this.health();
    for (const listener of [...this.#listeners]) listener(health);
  }
}

/** No answer: refused by the server, or nobody knows. */
interface Lost {
  readonly lost: 'refused' | 'silent';
  readonly reason: string;
}

/** What the word means for the charge; undefined: ask again. `settled`: what was sent has arrived by now, or never will. */
function resultOf(word: AuthorisationResponse | Lost, settled: boolean): ChargeResult | undefined {
  if ('lost' in word) return undefined;
  switch (word.state) {
    case 'approved':
      return { outcome: 'approved', card: word.card };
    case 'declined':
    case 'cancelled':
    case 'not-started':
      return { outcome: word.state, reason: word.reason };
    case 'unknown':
      return { outcome: 'uncertain', reason: word.reason };
    case 'waiting':
      return undefined;
    case 'none':
      return settled ? { outcome: 'uncertain', reason: 'not-known-to-the-gateway' } : undefined;
  }
}

/** Registers `pagopa-gateway:<posTerminalId>`: made here and not among the drivers, since its wire is the fleet server. */
export function registerGatewayTerminal(
  registry: DeviceRegistry,
  link: { readonly fleet: GatewayLink; readonly onReachable: (listener: () => void) => () => void },
): DeviceRegistry {
  return registry.register(
    'pos',
    'pagopa-gateway',
    (device, context) => new GatewayTerminal(device.text, readSettings(device), context, link),
  );
}
