import type { AlertSettings, MaintenanceWindow } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/index.ts';
import type { Store, Tables } from '../store/index.ts';
import { forgetSamples, keepConsumables } from './consumables.ts';
import { inMaintenance, openWindows } from './maintenance.ts';
import { reconcile, type Terminal } from './records.ts';
import { conditionsOf, type Facts } from './rules.ts';
import { settingsOf } from './settings.ts';
import type { AlertTables } from './tables.ts';

/** The round puts right what was judged by words that had just changed. */
const FRESH_MS = 1_000;
/** A healed alert is kept this long. */
const KEPT_MS = 400 * 86_400_000;
/** Watchers look after the commit: an alert is told of inside the transaction that writes it. */
const AFTER_COMMIT_MS = 50;

/** One terminal as the link's state has it. */
export interface KnownTerminal {
  readonly terminalId: string;
  readonly siteId: string | undefined;
  readonly online: boolean;
  readonly offlineSince: number | undefined;
  readonly suspect: boolean;
  readonly reported: Reported | undefined;
}

/** What the alerts ask of others: who is there and how they stand. */
export interface AlertSources {
  /** One terminal; undefined when it is none of the fleet any more (revoked, taken out). */
  terminal(db: Tables, terminal: Terminal): Promise<KnownTerminal | undefined>;
  /**
   * Terminals that must be judged again though nothing was heard of them: away, suspect, or with an open alert. Never the whole fleet when
   * all is well.
   */
  doubtful(db: Tables, tenantId: string): Promise<readonly KnownTerminal[]>;
  /** Payments since then by terminal: begun, and failed for a technical reason. */
  payments(
    db: Tables,
    tenantId: string,
    since: number,
  ): Promise<ReadonlyMap<string, NonNullable<Facts['payments']>>>;
  /** Outcomes that wait for the node, by terminal. */
  backlog(db: Tables, tenantId: string): Promise<ReadonlyMap<string, NonNullable<Facts['backlog']>>>;
}

export interface AlertOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: FastifyBaseLogger;
  readonly sources: AlertSources;
  readonly tenants: () => Iterable<string>;
}

interface TenantWords {
  readonly settings: AlertSettings;
  readonly windows: readonly MaintenanceWindow[];
}

/** Judges terminals: at once when something is heard of one, and by a round for what only time makes wrong. */
export class AlertDesk {
  readonly #options: AlertOptions;
  readonly #kept = new Map<string, TenantWords & { readonly at: number }>();

  constructor(options: AlertOptions) {
    this.#options = options;
  }

  /** A terminal said how it is. Inside the transaction that stores it. */
  async heard(tx: Tables, terminal: Terminal, now: Reported, before: Reported | undefined): Promise<void> {
    await keepConsumables(tx, terminal, now, before, this.#options.clock.now());
    await this.judge(tx, terminal, now);
  }

  /** Judges one terminal by what is stored, or by what it has just said. */
  async judge(tx: Tables, terminal: Terminal, reported?: Reported): Promise<void> {
    const known = await this.#options.sources.terminal(tx, terminal);
    const words = await this.#words(tx, terminal.tenantId);
    if (known) await this.#judge(tx, terminal.tenantId, reported ? { ...known, reported } : known, words);
  }

  /**
   * The round: terminals that are away or doubtful, payments that fail, outcomes that wait. A terminal that is known no longer has its alerts
   * healed. One transaction a municipality.
   */
  async round(): Promise<void> {
    const { store, sources, clock } = this.#options;
    this.#kept.clear();
    for (const tenantId of this.#options.tenants()) {
      await store.transaction(async (tx) => {
        const words = await this.#words(tx, tenantId);
        const since = clock.now() - 3_600_000;
        const payments = await sources.payments(tx, tenantId, since);
        const backlog = await sources.backlog(tx, tenantId);
        const judged = new Set<string>();
        for (const known of await sources.doubtful(tx, tenantId)) {
          judged.add(known.terminalId);
          await this.#judge(tx, tenantId, known, words, {
            payments: payments.get(known.terminalId),
            backlog: backlog.get(known.terminalId),
          });
        }
        const others = new Set([
          ...payments.keys(),
          ...backlog.keys(),
          ...(await this.#withAlerts(tx, tenantId)),
        ]);
        for (const terminalId of others) {
          if (judged.has(terminalId)) continue;
          const known = await sources.terminal(tx, { tenantId, terminalId });
          const more = { payments: payments.get(terminalId), backlog: backlog.get(terminalId) };
          if (known) await this.#judge(tx, tenantId, known, words, more);
          else await this.#reconcile(tx, { tenantId, terminalId }, [], true);
        }
      });
    }
  }

  /** Forgets what has had its time. */
  async tidy(): Promise<void> {
    const { store, clock } = this.#options;
    const db = store.of<AlertTables>();
    await db
      .deleteFrom('alert')
      .where('healed_at', '<', clock.now() - KEPT_MS)
      .execute();
    await db
      .deleteFrom('maintenance_window')
      .where('ends_at', '<', clock.now() - KEPT_MS)
      .execute();
    await forgetSamples(store, clock.now());
  }

  /** Settings and windows, a moment old at most: thousands of terminals that come at once ask for the same two rows. */
  async #words(db: Tables, tenantId: string): Promise<TenantWords> {
    const now = this.#options.clock.now();
    const kept = this.#kept.get(tenantId);
    if (kept && now - kept.at < FRESH_MS) return kept;
    const words = {
      at: now,
      settings: await settingsOf(db, tenantId),
      windows: await openWindows(db, tenantId, now),
    };
    this.#kept.set(tenantId, words);
    return words;
  }

  async #judge(
    tx: Tables,
    tenantId: string,
    known: KnownTerminal,
    { settings, windows }: TenantWords,
    more: Partial<Pick<Facts, 'payments' | 'backlog'>> = {},
  ): Promise<void> {
    const now = this.#options.clock.now();
    const { online, offlineSince, suspect, reported } = known;
    const conditions = conditionsOf(
      { now, online, offlineSince, suspect, reported, ...more },
      settings.rules,
    );
    const quiet = inMaintenance(windows, known, now);
    // what only the round knows must not be healed by what a terminal says
    const kept = 'payments' in more ? [] : (['error-rate', 'outcome-backlog'] as const);
    await this.#reconcile(tx, { tenantId, terminalId: known.terminalId }, conditions, quiet, kept);
  }

  async #reconcile(
    tx: Tables,
    terminal: Terminal,
    conditions: Parameters<typeof reconcile>[2],
    quiet: boolean,
    kept: readonly string[] = [],
  ): Promise<void> {
    const { clock, changes } = this.#options;
    const changed = await reconcile(tx, terminal, conditions, { now: clock.now(), quiet, kept });
    if (changed) clock.after(AFTER_COMMIT_MS, () => changes.notify(terminal.tenantId, 'alerts'));
  }

  async #withAlerts(db: Tables, tenantId: string): Promise<readonly string[]> {
    const rows = await db
      .of<AlertTables>()
      .selectFrom('alert')
      .select('terminal_id')
      .distinct()
      .where('tenant_id', '=', tenantId)
      .where('state', '<>', 'healed')
      .execute();
    return rows.map((row) => row.terminal_id);
  }
}
