import { AuditLine } from '@jolly/contracts/fleet-api';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Keyring } from '../sealing/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import {
  BROKEN_ACT,
  type ChainFault,
  canonicalDetail,
  checkChain,
  type Head,
  hashOfLine,
  NO_LINES,
} from './chain.ts';
import type { Audit, AuditEntry } from './port.ts';
import type { AuditTables } from './tables.ts';

const CHUNK = 500;
const contextOf = (tenantId: string) => `audit-head:${tenantId}`;

type LineRow = AuditTables['audit_line'];

export interface AuditLog extends Audit {
  /** Newest first; `before`: only lines under this number. */
  page(tenantId: string, wanted: { readonly before?: number; readonly limit: number }): Promise<AuditLine[]>;
  /** Every line, oldest first, a few at a time. */
  lines(tenantId: string): AsyncIterable<AuditLine>;
  /** Reads the whole chain again. */
  verify(tenantId: string): Promise<{ readonly head: Head; readonly faults: readonly ChainFault[] }>;
}

/** The log of who did what, one chain a municipality (docs/audit.md). Nothing here changes or deletes a line. */
export function openAudit(store: Store, clock: Clock, keyring: Keyring): AuditLog {
  return {
    async record(tx, entry) {
      const left = await headOf(tx, keyring, entry.tenantId);
      const last = await lastLine(tx, entry.tenantId);
      const at = clock.now();
      if (left && left.count === last.count && left.hash === last.hash) {
        await sealHead(tx, keyring, entry.tenantId, await append(tx, last, at, entry));
        return;
      }
      // Refusing every act of everybody would serve who broke it; the break is written where it can never be taken out again.
      const broken = await append(tx, last, at, {
        tenantId: entry.tenantId,
        actor: 'system',
        act: BROKEN_ACT,
        subject: 'audit',
        detail: { left: left?.count ?? -1, found: last.count },
      });
      await sealHead(tx, keyring, entry.tenantId, await append(tx, broken, at, entry));
    },

    page: (tenantId, { before, limit }) => pageOf(store, tenantId, { before, limit, order: 'desc' }),

    lines: (tenantId) => linesOf(store, tenantId),

    async verify(tenantId) {
      const check = checkChain(tenantId);
      for await (const line of linesOf(store, tenantId)) check.add(line);
      // Read after the lines: it can only be further than they are, by what was written meanwhile.
      const left = await headOf(store, keyring, tenantId);
      for await (const line of linesOf(store, tenantId, check.head().count)) {
        if (line.seq > (left?.count ?? 0)) break;
        check.add(line);
      }
      const head = check.head();
      const faults = [...check.faults()];
      if (!left) faults.push({ seq: head.count, what: 'head-broken' });
      else if (left.count > head.count) faults.push({ seq: head.count + 1, what: 'tail-cut' });
      else if (left.count < head.count) faults.push({ seq: left.count + 1, what: 'line-forged' });
      else if (left.hash !== head.hash) faults.push({ seq: head.count, what: 'line-changed' });
      return { head, faults };
    },
  };
}

async function append(tx: Transaction, before: Head, at: number, entry: AuditEntry): Promise<Head> {
  const seq = before.count + 1;
  const { tenantId, actor, act, subject, detail } = entry;
  const hash = hashOfLine(tenantId, before.hash, { seq, at, actor, act, subject, detail });
  const row: LineRow = {
    tenant_id: tenantId,
    seq,
    at,
    actor,
    act,
    subject,
    detail: canonicalDetail(detail),
    hash,
  };
  await tx.of<AuditTables>().insertInto('audit_line').values(row).execute();
  return { count: seq, hash };
}

/** What the log itself last left; undefined where that is gone or is not ours. No line at all and no head is a log not begun. */
async function headOf(tables: Tables, keyring: Keyring, tenantId: string): Promise<Head | undefined> {
  const row = await tables
    .of<AuditTables>()
    .selectFrom('audit_head')
    .select('sealed')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (!row) return (await lastLine(tables, tenantId)).count === 0 ? NO_LINES : undefined;
  try {
    const [count = '', hash = ''] = keyring.open(row.sealed, contextOf(tenantId)).split(':');
    return { count: Number(count), hash };
  } catch (error) {
    if (isJollyError(error) && error.code === 'SECRET_UNREADABLE') return undefined;
    throw error;
  }
}

async function sealHead(tx: Transaction, keyring: Keyring, tenantId: string, head: Head): Promise<void> {
  const sealed = keyring.seal(`${head.count}:${head.hash}`, contextOf(tenantId));
  await tx
    .of<AuditTables>()
    .insertInto('audit_head')
    .values({ tenant_id: tenantId, sealed })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ sealed }))
    .execute();
}

async function lastLine(tables: Tables, tenantId: string): Promise<Head> {
  const row = await tables
    .of<AuditTables>()
    .selectFrom('audit_line')
    .select(['seq', 'hash'])
    .where('tenant_id', '=', tenantId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { count: Number(row.seq), hash: row.hash } : NO_LINES;
}

async function pageOf(
  store: Store,
  tenantId: string,
  wanted: {
    readonly before?: number | undefined;
    readonly after?: number;
    readonly limit: number;
    readonly order: 'asc' | 'desc';
  },
): Promise<AuditLine[]> {
  let query = store.of<AuditTables>().selectFrom('audit_line').selectAll().where('tenant_id', '=', tenantId);
  if (wanted.before !== undefined) query = query.where('seq', '<', wanted.before);
  if (wanted.after !== undefined) query = query.where('seq', '>', wanted.after);
  const rows = await query.orderBy('seq', wanted.order).limit(wanted.limit).execute();
  return rows.map(lineOf);
}

async function* linesOf(store: Store, tenantId: string, from = 0): AsyncIterable<AuditLine> {
  let after = from;
  for (;;) {
    const lines = await pageOf(store, tenantId, { after, limit: CHUNK, order: 'asc' });
    yield* lines;
    after = lines.at(-1)?.seq ?? after;
    if (lines.length < CHUNK) return;
  }
}

/** Read as it stands: a line that somebody changed must be shown, not refused. */
function lineOf(row: LineRow): AuditLine {
  const { seq, at, actor, act, subject, hash } = row;
  return {
    seq: Number(seq),
    at: Number(at),
    actor,
    act,
    subject,
    detail: detailOf(row.detail),
    hash,
  };
}

function detailOf(text: string): AuditLine['detail'] {
  try {
    const detail = AuditLine.shape.detail.safeParse(JSON.parse(text));
    return detail.success ? detail.data : { unreadable: text };
  } catch (error) {
    if (error instanceof SyntaxError) return { unreadable: text };
    throw error;
  }
}

/** Seals every head again under the key now in force. Returns how many. */
export async function resealAuditHeads(tx: Transaction, keyring: Keyring): Promise<number> {
  const rows = await tx.of<AuditTables>().selectFrom('audit_head').selectAll().execute();
  let count = 0;
  for (const { tenant_id: tenantId } of rows) {
    const head = await headOf(tx, keyring, tenantId);
    // One that does not open stays as it is: sealing it anew would hide that.
    if (!head) continue;
    await sealHead(tx, keyring, tenantId, head);
    count += 1;
  }
  return count;
}
