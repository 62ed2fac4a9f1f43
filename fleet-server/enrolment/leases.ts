import type { Hello, LinkAddress } from '@jolly/contracts/fleet-link';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import { z } from 'zod';
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

/** What a connection was given, until the terminal proves to hold one of them. */
const Offers = z.array(z.object({ boot: z.string(), lease: z.string() }));
/** Who comes again with what it held has stored none of those before: the last few are for words that overtook each other. */
const MOST_OFFERS = 8;

/**
 * Notices a copied key. Each connection gets a lease of its own; what is accepted next is the lease that the terminal has proved to
 * hold, or one it was given since and may have stored before the power went: so a lost welcome, however often, looks like what it is.
 * Once one of them is proved, by the next hello or by the terminal's own word, every other is old. Two machines with one key never
 * hold the same one after both have connected, so the second is noticed.
 */
export interface Leases {
  /**
   * `saidAt`: the instant in the hello's envelope; undefined where hellos come in the order in which connections began. The welcome names that envelope in `corr`: a terminal takes the first that answers
   * its own hello, and no other.
   */
  greet(tx: Transaction, from: LinkAddress, hello: Hello, saidAt: number | undefined): Promise<Greeting>;
  /** The connection of the last hello that was welcomed. */
  welcomedBoot(tables: Tables, from: LinkAddress): Promise<string | undefined>;
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
      const row = await find(tx, from);
      if (!row) {
        // the first ever, or the first after staff trusted it again: whatever it brings is where we begin
        const lease = fresh();
        await db
          .insertInto('link_lease')
          .values({
            tenant_id: from.tenantId,
            terminal_id: from.terminalId,
            held: hello.lease,
            offers: JSON.stringify([{ boot: hello.boot, lease }]),
            machine: hello.machine,
            boot: hello.boot,
            said_at: saidAt ?? 0,
            greeted_at: now,
          })
          .execute();
        return { lease };
      }
      const offers = Offers.parse(JSON.parse(row.offers));
      const proves = offers.some(({ lease }) => lease === hello.lease);
      if (!proves && hello.lease !== row.held) {
        const late = saidAt !== undefined && saidAt <= row.said_at && now - row.greeted_at < LATE_MS;
        if (hello.boot === row.boot || late) return { refused: 'late' };
        return accuse(tx, from, 'stale-lease');
      }
      if (hello.machine !== row.machine) return accuse(tx, from, 'machine-changed');
      const open = proves ? [] : offers;
      // heard twice, it is answered twice the same
      const lease = open.find(({ boot }) => boot === hello.boot)?.lease ?? fresh();
      const others = open.filter(({ boot }) => boot !== hello.boot).slice(1 - MOST_OFFERS);
      await db
        .updateTable('link_lease')
        .set({
          held: hello.lease,
          offers: JSON.stringify([...others, { boot: hello.boot, lease }]),
          boot: hello.boot,
          said_at: Math.max(row.said_at, saidAt ?? 0),
          greeted_at: now,
        })
        .where('tenant_id', '=', from.tenantId)
        .where('terminal_id', '=', from.terminalId)
        .execute();
      return { lease };
    },
    welcomedBoot: async (tables, from) => (await find(tables, from))?.boot,
    async confirm(tx, from, lease) {
      const row = await find(tx, from);
      const offers = row ? Offers.parse(JSON.parse(row.offers)) : [];
      if (!offers.some((offer) => offer.lease === lease)) return;
      await tx
        .of<EnrolmentTables>()
        .updateTable('link_lease')
        .set({ held: lease, offers: '[]' })
        .where('tenant_id', '=', from.tenantId)
        .where('terminal_id', '=', from.terminalId)
        .execute();
    },
  };
}

const find = (tx: Tables, who: LinkAddress) =>
  tx
    .of<EnrolmentTables>()
    .selectFrom('link_lease')
    .selectAll()
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .executeTakeFirst();

/** After the store came back from a backup: terminals hold leases that it never heard of, and none of them is a copy. */
export async function forgetAllLeases(tables: Tables): Promise<void> {
  await tables.of<EnrolmentTables>().deleteFrom('link_lease').execute();
}
