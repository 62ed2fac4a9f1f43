import type { Hello, LinkAddress } from '@jolly/contracts/fleet-link';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import type { Audit } from '../audit/index.ts';
import { findTerminal, type IdentityTables } from '../identity/index.ts';
import type { Tables, Transaction } from '../store/index.ts';
import type { EnrolmentTables } from './tables.ts';
import type { Suspicion, Watchers } from './watchers.ts';

/** How long a word from before can be on its way (a broker's queue, a replica that stood still). */
const LATE_MS = 600_000;

export type Greeting =
  | { readonly lease: string }
  | {
      /** `late`: a word of an older connection, to be passed over; whoever says it is not there any more. */
      readonly refused: 'unknown' | 'revoked' | 'suspect' | 'late';
      /** This very hello made the key suspect. */
      readonly accused?: Suspicion;
    };

/**
 * Notices a copied key. Each connection gets a new lease; what is accepted next is the lease that the terminal has proved to hold, or
 * the one it was given after it and may have stored before the power went. As long as that one is not proved it stays the same, so a
 * lost welcome, however often, looks like what it is. Two machines with one key cannot both hold the one that was proved last.
 */
export interface Leases {
  /** `saidAt`: the instant in the hello's envelope. The welcome must name that envelope in `corr`: a terminal takes no other. */
  greet(tx: Transaction, from: LinkAddress, hello: Hello, saidAt: number): Promise<Greeting>;
  /** The terminal says that it has stored this lease: what was accepted before it is old. Any other than the one given means nothing. */
  confirm(tx: Transaction, from: LinkAddress, lease: string): Promise<void>;
}

export interface LeaseParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
  readonly audit: Audit;
  readonly watchers: Watchers;
}

export function openLeases({ clock, random, audit, watchers }: LeaseParts): Leases {
  const fresh = () => Buffer.from(random(24)).toString('base64url');

  const accuse = async (tx: Transaction, who: LinkAddress, why: Suspicion): Promise<Greeting> => {
    await tx
      .of<IdentityTables>()
      .updateTable('terminal')
      .set({ status: 'suspect', suspect_why: why })
      .where('tenant_id', '=', who.tenantId)
      .where('terminal_id', '=', who.terminalId)
      .execute();
    await audit.record(tx, {
      tenantId: who.tenantId,
      actor: 'system',
      act: 'key-suspected',
      subject: who.terminalId,
      detail: { why },
    });
    await watchers.suspect(tx, who, why);
    return { refused: 'suspect', accused: why };
  };

  return {
    async greet(tx, from, hello, saidAt) {
      const terminal = await findTerminal(tx, from);
      if (!terminal) return { refused: 'unknown' };
      if (terminal.status === 'suspect') return { refused: 'suspect' };
      if (terminal.status !== 'enrolled') return { refused: 'revoked' };
      const db = tx.of<EnrolmentTables>();
      const now = clock.now();
      const said = { boot: hello.boot, said_at: saidAt, greeted_at: now };
      const row = await db
        .selectFrom('link_lease')
        .selectAll()
        .where('tenant_id', '=', from.tenantId)
        .where('terminal_id', '=', from.terminalId)
        .executeTakeFirst();
      if (!row) {
        // the first ever, or the first after staff trusted it again: whatever it brings is where we begin
        const offered = fresh();
        await db
          .insertInto('link_lease')
          .values({
            tenant_id: from.tenantId,
            terminal_id: from.terminalId,
            held: hello.lease,
            offered,
            machine: hello.machine,
            ...said,
          })
          .execute();
        return { lease: offered };
      }
      const proves = row.offered !== null && hello.lease === row.offered;
      if (!proves && hello.lease !== row.held) {
        const late = saidAt <= row.said_at && now - row.greeted_at < LATE_MS;
        if (hello.boot === row.boot || late) return { refused: 'late' };
        return accuse(tx, from, 'stale-lease');
      }
      if (hello.machine !== row.machine) return accuse(tx, from, 'machine-changed');
      const offered = proves || row.offered === null ? fresh() : row.offered;
      await db
        .updateTable('link_lease')
        .set({ held: hello.lease, offered, ...said })
        .where('tenant_id', '=', from.tenantId)
        .where('terminal_id', '=', from.terminalId)
        .execute();
      return { lease: offered };
    },
    async confirm(tx, from, lease) {
      await tx
        .of<EnrolmentTables>()
        .updateTable('link_lease')
        .set({ held: lease, offered: null })
        .where('tenant_id', '=', from.tenantId)
        .where('terminal_id', '=', from.terminalId)
        .where('offered', '=', lease)
        .execute();
    },
  };
}

/** Begins anew with what the terminal brings next. */
export async function forgetLease(tables: Tables, who: LinkAddress): Promise<void> {
  await tables
    .of<EnrolmentTables>()
    .deleteFrom('link_lease')
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .execute();
}

/** After the store came back from a backup: terminals hold leases that it never heard of, and none of them is a copy. */
export async function forgetAllLeases(tables: Tables): Promise<void> {
  await tables.of<EnrolmentTables>().deleteFrom('link_lease').execute();
}
