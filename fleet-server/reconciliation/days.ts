import { Accepted, DayMatch, PosDay, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { Audit } from '../audit/index.ts';
import { boundsOfDay, dayOf } from '../calendar/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { enrolledTerminals, type TerminalIdentity, terminalOf } from '../identity/index.ts';
import type { OperatorDesk } from '../operator/index.ts';
import { chargedBetween, lastCharges, type Payment, paymentsById, subjectOf } from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import { paymentsCsv } from './export.ts';
import { type MatchedPayment, matchDay } from './match.ts';
import { canonicalJson, FIRST_SEAL, firstBroken, sealOf } from './seal.ts';
import type { ReconciliationTables } from './tables.ts';

export interface ReconciliationOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly operator: Pick<OperatorDesk, 'raise' | 'settle'>;
  readonly tenants: ReadonlyMap<string, { readonly timeZone: string }>;
}

export interface Reconciliation {
  takePosDay(terminal: TerminalIdentity, posDay: PosDay): Promise<void>;
  /** The match of every terminal of a day: the sealed one where there is one, else as things stand now. */
  matches(tenantId: string, day: string): Promise<DayMatch[]>;
  /** Seals the day of every terminal that closed it. Throws DAY_NOT_CLOSED when none has. */
  seal(tenantId: string, day: string, by: string): Promise<DayMatch[]>;
  /** Seals past days that were closed and not sealed; calls a person for one with charges that nobody closes. */
  sealPastDays(): Promise<void>;
  /** The first day of a terminal's chain that was tampered with, or undefined. */
  brokenDay(terminal: TerminalIdentity): Promise<string | undefined>;
  exportCsv(tenantId: string, day: string): Promise<string>;
}

/** Charges whose day nobody closed for so long go to a person: a day and a half, so that a night off is no alarm. */
const UNCLOSED_MS = 36 * 3_600_000;
/** As far back as a terminal makes up for days it missed, and one more. */
const MISSED_MS = 8 * 86_400_000;

const unclosedSubject = (terminalId: string, day: string) => `${day}/${terminalId}/day-not-closed`;

export function openReconciliation(options: ReconciliationOptions): Reconciliation {
  const { store, clock, changes } = options;
  const zoneOf = (tenantId: string) => options.tenants.get(tenantId)?.timeZone ?? 'Europe/Rome';

  const compute = async (db: Tables, terminal: TerminalIdentity, day: string): Promise<DayMatch> => {
    const posDay = await findPosDay(db, terminal, day);
    const bounds = boundsOfDay(day, zoneOf(terminal.tenantId));
    const ofDay = await chargedBetween(db, { ...terminal, ...bounds });
    const ids = posDay?.charges.map((charge) => charge.kioskPaymentId) ?? [];
    const named = await paymentsById(db, { ...terminal, ids: [...new Set(ids)] });
    const payments = new Map([...ofDay, ...named].map((payment) => [subjectOf(payment.key), payment]));
    return matchDay({
      day,
      terminalId: terminal.terminalId,
      posDay,
      payments: [...payments.values()].map(matched),
    });
  };

  const sealOne = async (tx: Transaction, terminal: TerminalIdentity, day: string): Promise<DayMatch> => {
    const known = await findSealed(tx, terminal, day);
    if (known) return known;
    const match = await compute(tx, terminal, day);
    const db = tx.of<ReconciliationTables>();
    const last = await db
      .selectFrom('day_seal')
      .select(['seal', 'seq'])
      .where('tenant_id', '=', terminal.tenantId)
      .where('terminal_id', '=', terminal.terminalId)
      .orderBy('seq', 'desc')
      .executeTakeFirst();
    const previousSeal = last?.seal ?? FIRST_SEAL;
    const sealedAt = clock.now();
    const body = canonicalJson({ ...match, sealedAt });
    const seal = sealOf(previousSeal, body);
    await db
      .insertInto('day_seal')
      .values({
        tenant_id: terminal.tenantId,
        terminal_id: terminal.terminalId,
        day,
        seq: (last?.seq ?? 0) + 1,
        body,
        previous_seal: previousSeal,
        seal,
        sealed_at: sealedAt,
      })
      .execute();
    for (const difference of match.differences) {
      const about = difference.kioskPaymentId ?? 'day';
      await options.operator.raise(tx, {
        ...terminal,
        kind: 'match-difference',
        subject: `${day}/${terminal.terminalId}/${difference.kind}/${about}`,
        reason: `${difference.kind}: ${difference.detail}`,
        ...(difference.kioskPaymentId === undefined ? {} : { kioskPaymentId: difference.kioskPaymentId }),
        ...(difference.amountCents === undefined ? {} : { amountCents: difference.amountCents }),
      });
    }
    return { ...match, sealedAt, seal, previousSeal };
  };

  const sealClosed = async (tenantId: string, day: string, by: string): Promise<DayMatch[]> => {
    const closed = await store
      .of<ReconciliationTables>()
      .selectFrom('pos_day')
      .select('terminal_id')
      .where('tenant_id', '=', tenantId)
      .where('day', '=', day)
      .orderBy('terminal_id')
      .execute();
    const sealed: DayMatch[] = [];
    for (const { terminal_id: terminalId } of closed) {
      const match = await store.transaction(async (tx) => {
        const terminal = { tenantId, terminalId };
        const before = await findSealed(tx, terminal, day);
        if (before) return before;
        const detail = { day };
        await options.audit.record(tx, {
          tenantId,
          actor: by,
          act: 'day-sealed',
          subject: terminalId,
          detail,
        });
        return sealOne(tx, terminal, day);
      });
      sealed.push(match);
    }
    if (sealed.length > 0) changes.notify(tenantId, 'match');
    return sealed;
  };

  /** A terminal that is off at day's end, and stays so, must not take its charges out of the match unseen. */
  const missUnclosed = async (tenantId: string): Promise<void> => {
    const now = clock.now();
    const span = { from: now - MISSED_MS, to: now - UNCLOSED_MS };
    for (const { terminalId, chargedAt } of await lastCharges(store, { tenantId, ...span })) {
      const day = dayOf(chargedAt, zoneOf(tenantId));
      if (await findPosDay(store, { tenantId, terminalId }, day)) continue;
      await store.transaction((tx) =>
        options.operator.raise(tx, {
          tenantId,
          terminalId,
          kind: 'match-difference',
          subject: unclosedSubject(terminalId, day),
          reason: `day-not-closed: charges of ${day}, no figures of the POS`,
        }),
      );
    }
  };

  return {
    async takePosDay(terminal, posDay) {
      const body = JSON.stringify(posDay);
      await store.transaction(async (tx) => {
        const known = await findPosDay(tx, terminal, posDay.day);
        if (known && JSON.stringify(known) === body) return;
        if (await findSealed(tx, terminal, posDay.day)) throw fail('DAY_SEALED');
        const values = { received_at: clock.now(), body };
        await tx
          .of<ReconciliationTables>()
          .insertInto('pos_day')
          .values({
            tenant_id: terminal.tenantId,
            terminal_id: terminal.terminalId,
            day: posDay.day,
            ...values,
          })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id', 'day']).doUpdateSet(values))
          .execute();
        const subject = unclosedSubject(terminal.terminalId, posDay.day);
        const of = { tenantId: terminal.tenantId, subject, kinds: ['match-difference'] };
        await options.operator.settle(tx, of, 'day-closed');
      });
      changes.notify(terminal.tenantId, 'match');
    },

    async matches(tenantId, day) {
      const rows: DayMatch[] = [];
      for (const { terminalId } of await enrolledTerminals(store, tenantId)) {
        const terminal = { tenantId, terminalId };
        rows.push((await findSealed(store, terminal, day)) ?? (await compute(store, terminal, day)));
      }
      return rows;
    },

    async seal(tenantId, day, by) {
      const sealed = await sealClosed(tenantId, day, by);
      if (sealed.length === 0) throw fail('DAY_NOT_CLOSED');
      return sealed;
    },

    async sealPastDays() {
      for (const tenantId of options.tenants.keys()) {
        const today = dayOf(clock.now(), zoneOf(tenantId));
        for (const day of await unsealedBefore(store, tenantId, today))
          await sealClosed(tenantId, day, 'system');
        await missUnclosed(tenantId);
      }
    },

    async brokenDay(terminal) {
      const rows = await store
        .of<ReconciliationTables>()
        .selectFrom('day_seal')
        .selectAll()
        .where('tenant_id', '=', terminal.tenantId)
        .where('terminal_id', '=', terminal.terminalId)
        .orderBy('seq')
        .execute();
      return firstBroken(rows.map((row) => ({ ...row, previousSeal: row.previous_seal })));
    },

    async exportCsv(tenantId, day) {
      return paymentsCsv(await chargedBetween(store, { tenantId, ...boundsOfDay(day, zoneOf(tenantId)) }));
    },
  };
}

/** The POS's day from the terminal. Behind the terminal's signature. */
export function posDayRoutes(app: Http, reconciliation: Reconciliation): void {
  app.post(
    TERMINAL_ROUTES.posDays,
    { schema: { body: PosDay, response: { 200: Accepted }, tags: ['reconciliation'] } },
    async (request) => {
      await reconciliation.takePosDay(terminalOf(request), request.body);
      return { accepted: true as const };
    },
  );
}

async function findPosDay(db: Tables, terminal: TerminalIdentity, day: string): Promise<PosDay | undefined> {
  const row = await db
    .of<ReconciliationTables>()
    .selectFrom('pos_day')
    .select('body')
    .where('tenant_id', '=', terminal.tenantId)
    .where('terminal_id', '=', terminal.terminalId)
    .where('day', '=', day)
    .executeTakeFirst();
  return row && PosDay.parse(JSON.parse(row.body));
}

async function findSealed(
  db: Tables,
  terminal: TerminalIdentity,
  day: string,
): Promise<DayMatch | undefined> {
  const row = await db
    .of<ReconciliationTables>()
    .selectFrom('day_seal')
    .select(['body', 'seal', 'previous_seal'])
    .where('tenant_id', '=', terminal.tenantId)
    .where('terminal_id', '=', terminal.terminalId)
    .where('day', '=', day)
    .executeTakeFirst();
  if (!row) return undefined;
  return { ...DayMatch.parse(JSON.parse(row.body)), seal: row.seal, previousSeal: row.previous_seal };
}

/** Days before `today` that some terminal closed and nobody sealed, oldest first. */
async function unsealedBefore(db: Tables, tenantId: string, today: string): Promise<string[]> {
  const rows = await db
    .of<ReconciliationTables>()
    .selectFrom('pos_day')
    .leftJoin('day_seal', (join) =>
      join
        .onRef('day_seal.tenant_id', '=', 'pos_day.tenant_id')
        .onRef('day_seal.terminal_id', '=', 'pos_day.terminal_id')
        .onRef('day_seal.day', '=', 'pos_day.day'),
    )
    .select('pos_day.day as day')
    .distinct()
    .where('pos_day.tenant_id', '=', tenantId)
    .where('pos_day.day', '<', today)
    .where('day_seal.seal', 'is', null)
    .orderBy('pos_day.day')
    .execute();
  return rows.map((row) => row.day);
}

function matched(payment: Payment): MatchedPayment {
  return {
    kioskPaymentId: payment.key.kioskPaymentId,
    state: payment.state,
    outcome: payment.outcome?.outcome,
    acknowledged: payment.acknowledgedAt !== undefined,
    totalCents: payment.activation?.totalCents,
    card: payment.card,
    receipt: payment.receipt,
  };
}
