import { Accepted, TERMINAL_ROUTES, TerminalReport, type TerminalRow } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { enrolledTerminals, type TerminalIdentity, terminalOf } from '../identity/index.ts';
import type { Store } from '../store/index.ts';
import { standingOf, standingOfReport } from './rules.ts';
import type { TerminalTables } from './tables.ts';

interface Options {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}

/** Keeps the last report, and the moments at which what it says changed. */
async function storeReport(
  options: Options,
  terminal: TerminalIdentity,
  report: TerminalReport,
): Promise<void> {
  const { store, clock } = options;
  const now = clock.now();
  const key = { tenant_id: terminal.tenantId, terminal_id: terminal.terminalId };
  const standing = standingOfReport(report);
  await store.transaction(async (tx) => {
    const db = tx.of<TerminalTables>();
    const values = { received_at: now, body: JSON.stringify(report) };
    await db
      .insertInto('terminal_report')
      .values({ ...key, ...values })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id']).doUpdateSet(values))
      .execute();
    const last = await db
      .selectFrom('terminal_change')
      .select(['state', 'reason'])
      .where('tenant_id', '=', key.tenant_id)
      .where('terminal_id', '=', key.terminal_id)
      .orderBy('at', 'desc')
      .executeTakeFirst();
    if (last?.state === standing.state && last.reason === (standing.reason ?? null)) return;
    await db
      .insertInto('terminal_change')
      .values({ ...key, at: now, state: standing.state, reason: standing.reason ?? null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
  options.changes.notify(terminal.tenantId, 'terminals');
}

export function reportRoutes(app: Http, options: Options): void {
  app.post(
    TERMINAL_ROUTES.reports,
    { schema: { body: TerminalReport, response: { 200: Accepted }, tags: ['terminals'] } },
    async (request) => {
      await storeReport(options, terminalOf(request), request.body);
      return { accepted: true as const };
    },
  );
}

/** The tenant's terminals as they stand now, worst first; how many payments each took is the caller's to say. */
export async function listTerminals(
  { store, clock }: Pick<Options, 'store' | 'clock'>,
  tenantId: string,
  paymentsToday: ReadonlyMap<string, number>,
): Promise<TerminalRow[]> {
  const terminals = await enrolledTerminals(store, tenantId);
  const reports = await store
    .of<TerminalTables>()
    .selectFrom('terminal_report')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .execute();
  const lastOf = new Map(
    reports.map((row) => [
      row.terminal_id,
      { report: TerminalReport.parse(JSON.parse(row.body)), receivedAt: row.received_at },
    ]),
  );
  const worst = ['stopped', 'attention', 'maintenance', 'in-service'];
  return terminals
    .map(({ terminalId, site }): TerminalRow => {
      const last = lastOf.get(terminalId);
      return {
        terminalId,
        site,
        ...standingOf(last, clock.now()),
        paymentsToday: paymentsToday.get(terminalId) ?? 0,
        ...(last ? { lastSeenAt: last.receivedAt, software: last.report.software, report: last.report } : {}),
      };
    })
    .sort(
      (one, other) =>
        worst.indexOf(one.state) - worst.indexOf(other.state) ||
        one.terminalId.localeCompare(other.terminalId),
    );
}
