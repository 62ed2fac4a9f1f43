import type { TerminalReport, TerminalRow } from '@jolly/contracts/fleet-api';
import { TerminalStanding } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import { enrolledTerminals } from '../identity/index.ts';
import type { Store } from '../store/index.ts';
import { readReported } from './states.ts';
import type { TerminalTables } from './tables.ts';

const WORST: readonly TerminalStanding[] = ['stopped', 'attention', 'maintenance', 'in-service'];

/** The tenant's terminals as they stand now, worst first; how many payments each took is the caller's to say. */
export async function listTerminals(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  tenantId: string,
  paymentsToday: ReadonlyMap<string, number>,
): Promise<TerminalRow[]> {
  const terminals = await enrolledTerminals(store, tenantId);
  const rows = await store
    .of<TerminalTables>()
    .selectFrom('terminal_state')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .execute();
  const stateOf = new Map(rows.map((row) => [row.terminal_id, row]));
  return terminals
    .map(({ terminalId, site }): TerminalRow => {
      const row = stateOf.get(terminalId);
      const counted = { terminalId, site, paymentsToday: paymentsToday.get(terminalId) ?? 0 };
      if (!row) return { ...counted, state: 'stopped', reason: 'offline' };
      const reported = readReported(row.reported);
      return {
        ...counted,
        state: TerminalStanding.parse(row.state),
        ...(row.reason === null ? {} : { reason: row.reason }),
        // who is there is seen now, however little there is to say
        lastSeenAt: row.online === 1 ? clock.now() : row.last_seen,
        ...(reported
          ? { software: reported.software, report: reportOf(reported, row.reported_at ?? row.last_seen) }
          : {}),
      };
    })
    .sort(
      (one, other) =>
        WORST.indexOf(one.state) - WORST.indexOf(other.state) ||
        one.terminalId.localeCompare(other.terminalId),
    );
}

function reportOf(reported: Reported, at: number): TerminalReport {
  const { software, devices, limitations, openPayments, inSession, clockSkewMs } = reported;
  return {
    at,
    software,
    devices,
    limitations,
    openPayments,
    outboxDepth: reported.backlog.letters,
    inSession,
    ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
  };
}
