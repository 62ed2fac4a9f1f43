import type { OperatorItem } from '@jolly/contracts/fleet-api';
import { type Clock, uuidv7 } from '@jolly/contracts/values';
import type { Selectable } from 'kysely';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import { type ItemAct, moveItem } from './rules.ts';
import type { OperatorTables } from './tables.ts';

export interface RaisedItem {
  readonly tenantId: string;
  readonly kind: OperatorItem['kind'];
  readonly subject: string;
  readonly reason: string;
  readonly terminalId?: string;
  readonly kioskPaymentId?: string;
  readonly amountCents?: number;
}

/** What a person must settle. Raising is part of the transaction that found the need: neither without the other. */
export interface OperatorDesk {
  /**
   * One item a kind and subject. Raised again for another reason, a closed one is opened anew and a standing one notes it:
   * what was settled for one cause must not hide the next. A reason counts once: raised again it changes nothing.
   */
  raise(tx: Transaction, item: RaisedItem): Promise<void>;
  /** Closes items that events settled without a person. */
  settle(
    tx: Transaction,
    of: { readonly tenantId: string; readonly subject: string; readonly kinds: readonly string[] },
    why: string,
  ): Promise<void>;
  /** Whether an item of these kinds is open about one of these subjects. */
  openAbout(
    db: Tables,
    of: {
      readonly tenantId: string;
      readonly subjects: readonly string[];
      readonly kinds: readonly string[];
    },
  ): Promise<boolean>;
  list(tenantId: string, state?: OperatorItem['state']): Promise<OperatorItem[]>;
  countOpen(tenantId: string): Promise<number>;
  /** A person's act. Throws the refusal's code. */
  act(tenantId: string, id: string, act: ItemAct): Promise<OperatorItem>;
}

export interface ClosedItem {
  readonly tenantId: string;
  readonly kind: OperatorItem['kind'];
  readonly terminalId: string | null;
  readonly kioskPaymentId: string | null;
  readonly resolution: string | null;
}

const SYSTEM = 'system';

export function operatorDesk(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  /** What else a closed item changes, in the same transaction. */
  readonly closed: (tx: Transaction, item: ClosedItem) => Promise<void>;
}): OperatorDesk {
  const { store, clock, changes } = options;

  const record = async (
    db: Tables,
    tenantId: string,
    itemId: string,
    act: { person: string; act: string; note?: string | undefined; proof?: string | undefined },
  ) => {
    const acts = db.of<OperatorTables>();
    const { count } = await acts
      .selectFrom('operator_act')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('tenant_id', '=', tenantId)
      .where('item_id', '=', itemId)
      .executeTakeFirstOrThrow();
    await acts
      .insertInto('operator_act')
      .values({
        tenant_id: tenantId,
        item_id: itemId,
        seq: Number(count),
        at: clock.now(),
        person: act.person,
        act: act.act,
        note: act.note ?? null,
        proof: act.proof ?? null,
      })
      .execute();
  };

  const raiseAgain = async (tx: Transaction, item: RaisedItem) => {
    const { tenantId } = item;
    const reason = item.reason.slice(0, 120);
    const db = tx.of<OperatorTables>();
    const known = await db
      .selectFrom('operator_item')
      .select(['id', 'state', 'amount_cents'])
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', item.kind)
      .where('subject', '=', item.subject)
      .executeTakeFirstOrThrow();
    const said = await db
      .selectFrom('operator_act')
      .select('seq')
      .where('tenant_id', '=', tenantId)
      .where('item_id', '=', known.id)
      .where('person', '=', SYSTEM)
      .where('note', '=', item.reason)
      .executeTakeFirst();
    if (said) return;
    const closed = known.state === 'closed';
    // What a person is at work on, or waits for a second one, is not changed under their hands: the history tells.
    if (closed) {
      await db
        .updateTable('operator_item')
        .set({
          reason,
          amount_cents: item.amountCents ?? known.amount_cents,
          state: 'open',
          closed_at: null,
          taken_by: null,
          resolved_by: null,
          resolution: null,
        })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', known.id)
        .execute();
    }
    await record(tx, tenantId, known.id, {
      person: SYSTEM,
      act: closed ? 'opened-again' : 'raised-again',
      note: item.reason,
    });
  };

  const read = async (db: Tables, tenantId: string, id?: string, state?: string): Promise<OperatorItem[]> => {
    let items = db
      .of<OperatorTables>()
      .selectFrom('operator_item')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('opened_at', 'desc')
      .limit(500);
    let acts = db
      .of<OperatorTables>()
      .selectFrom('operator_act')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('seq');
    if (id !== undefined) {
      items = items.where('id', '=', id);
      acts = acts.where('item_id', '=', id);
    }
    if (state !== undefined) items = items.where('state', '=', state);
    const rows = await items.execute();
    const history = Map.groupBy(await acts.execute(), (act) => act.item_id);
    return rows.map((row) => toItem(row, history.get(row.id) ?? []));
  };

  return {
    async raise(tx, item) {
      const id = uuidv7(clock.now());
      const inserted = await tx
        .of<OperatorTables>()
        .insertInto('operator_item')
        .values({
          tenant_id: item.tenantId,
          id,
          kind: item.kind,
          subject: item.subject,
          reason: item.reason.slice(0, 120),
          terminal_id: item.terminalId ?? null,
          kiosk_payment_id: item.kioskPaymentId ?? null,
          amount_cents: item.amountCents ?? null,
          state: 'open',
          opened_at: clock.now(),
          taken_by: null,
          resolved_by: null,
          resolution: null,
          closed_at: null,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'subject']).doNothing())
        .executeTakeFirst();
      if (inserted.numInsertedOrUpdatedRows === 0n) await raiseAgain(tx, item);
      else await record(tx, item.tenantId, id, { person: SYSTEM, act: 'opened', note: item.reason });
      changes.notify(item.tenantId, 'operator-items');
    },

    async settle(tx, { tenantId, subject, kinds }, why) {
      if (kinds.length === 0) return;
      const rows = await tx
        .of<OperatorTables>()
        .selectFrom('operator_item')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('subject', '=', subject)
        .where('kind', 'in', kinds)
        .where('state', '!=', 'closed')
        .execute();
      for (const { id } of rows) {
        await tx
          .of<OperatorTables>()
          .updateTable('operator_item')
          .set({ state: 'closed', closed_at: clock.now() })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
        await record(tx, tenantId, id, { person: SYSTEM, act: 'settled', note: why });
        changes.notify(tenantId, 'operator-items');
      }
    },

    async openAbout(db, { tenantId, subjects, kinds }) {
      if (subjects.length === 0) return false;
      const found = await db
        .of<OperatorTables>()
        .selectFrom('operator_item')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('subject', 'in', [...subjects])
        .where('kind', 'in', [...kinds])
        .where('state', '!=', 'closed')
        .executeTakeFirst();
      return found !== undefined;
    },

    list: (tenantId, state) => read(store, tenantId, undefined, state),

    async countOpen(tenantId) {
      const { count } = await store
        .of<OperatorTables>()
        .selectFrom('operator_item')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('tenant_id', '=', tenantId)
        .where('state', '!=', 'closed')
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async act(tenantId, id, act) {
      const item = await store.transaction(async (tx) => {
        const row = await tx
          .of<OperatorTables>()
          .selectFrom('operator_item')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (!row) throw fail('ITEM_UNKNOWN');
        const standing = {
          kind: row.kind as OperatorItem['kind'],
          state: row.state as OperatorItem['state'],
          takenBy: row.taken_by,
          resolvedBy: row.resolved_by,
        };
        const move = moveItem(standing, act);
        if (!move.ok) throw fail(move.refusal);
        const resolution = act.act === 'resolve' ? act.body.resolution : row.resolution;
        await tx
          .of<OperatorTables>()
          .updateTable('operator_item')
          .set({
            state: move.state,
            taken_by: move.takenBy,
            resolved_by: move.resolvedBy,
            resolution,
            closed_at: move.state === 'closed' ? clock.now() : null,
          })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .execute();
        await record(tx, tenantId, id, {
          person: act.by,
          act: move.word,
          ...(act.act === 'take' ? {} : { note: act.body.note }),
          ...(act.act === 'resolve' ? { proof: act.body.proof } : {}),
        });
        // The note and the proof stay with the item: they are words about somebody's money.
        await options.audit.record(tx, {
          tenantId,
          actor: act.by,
          act: `item-${move.word.replace(/:.*$/, '')}`,
          subject: id,
          detail: { kind: row.kind, ...(resolution === null ? {} : { resolution }) },
        });
        if (move.state === 'closed') {
          await options.closed(tx, {
            tenantId,
            kind: standing.kind,
            terminalId: row.terminal_id,
            kioskPaymentId: row.kiosk_payment_id,
            resolution,
          });
        }
        const [changed] = await read(tx, tenantId, id);
        if (!changed) throw fail('ITEM_UNKNOWN');
        return changed;
      });
      changes.notify(tenantId, 'operator-items');
      return item;
    },
  };
}

function toItem(
  row: Selectable<OperatorTables['operator_item']>,
  acts: readonly Selectable<OperatorTables['operator_act']>[],
): OperatorItem {
  return {
    id: row.id,
    kind: row.kind as OperatorItem['kind'],
    reason: row.reason,
    state: row.state as OperatorItem['state'],
    openedAt: row.opened_at,
    ...(row.kiosk_payment_id === null ? {} : { kioskPaymentId: row.kiosk_payment_id }),
    ...(row.terminal_id === null ? {} : { terminalId: row.terminal_id }),
    ...(row.amount_cents === null ? {} : { amountCents: row.amount_cents }),
    ...(row.taken_by === null ? {} : { takenBy: row.taken_by }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    history: acts.map((act) => ({
      at: act.at,
      by: act.person,
      act: act.act,
      ...(act.note === null ? {} : { note: act.note }),
      ...(act.proof === null ? {} : { proof: act.proof }),
    })),
  };
}
