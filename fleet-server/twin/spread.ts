import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/index.ts';
import type { LinkSender } from '../link/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import { renew, rowsOf } from './desired.ts';
import { readStored } from './document.ts';
import { type Address, type LayerKey, placesAfter } from './places.ts';
import type { TwinTables } from './tables.ts';

/** Terminals looked at in one transaction: short enough that nobody waits for it. */
const SLICE = 200;
/** Messages handed to the broker at a time. */
const AT_ONCE = 100;
/** A message that the broker did not take is sent again after this long; so is one of a server that died over it. */
const AGAIN_MS = 30_000;
/** Work that another process left, and what is to be sent again, is looked for this often. */
const EVERY_MS = 5_000;

export interface SpreadParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly link: LinkSender;
  readonly changes: Changes;
  readonly log: FastifyBaseLogger;
}

/**
 * Brings what a layer says to its terminals, in slices: a word of the centre touches all of them. Where it stands is in the store, so that
 * any server goes on after a restart, and two at once do each slice once.
 */
export interface Spread {
  /** Does what is due now; resolves when it is done. */
  runDue(): Promise<void>;
  /** Something is due: begins soon, nobody waits for it. */
  wake(): void;
  /**
   * A terminal does not hold what it was sent. Remembered here only: if this process dies, its connection ends too, and it says so again. A
   * whole fleet that comes back writes nothing for it.
   */
  sendAgain(terminal: Address): void;
  start(): void;
  stop(): Promise<void>;
}

/** In the transaction that stores the version. What an older version of the same layer left to do is in it. */
export async function addWork(tx: Transaction, key: LayerKey, version: number): Promise<void> {
  const db = tx.of<TwinTables>();
  await db
    .deleteFrom('settings_work')
    .where('tenant_id', '=', key.tenantId)
    .where('layer', '=', key.layer)
    .where('layer_id', '=', key.id)
    .execute();
  const work = { tenant_id: key.tenantId, version, layer: key.layer, layer_id: key.id };
  await db
    .insertInto('settings_work')
    .values({ ...work, done_tenant: '', done_terminal: '' })
    .execute();
}

export function openSpread(parts: SpreadParts): Spread {
  const { clock, log } = parts;
  let stopped = false;
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  const asked = new Map<string, Address>();

  const all = async () => {
    try {
      while (again && !stopped) {
        again = false;
        while (
          !stopped &&
          ((await answerSlice(parts, asked)) || (await lookAtSlice(parts)) || (await sendSlice(parts)))
        ) {
          // The store answers without letting go of the thread: calls that wait have their turn between slices.
          await nextTurn();
        }
      }
    } finally {
      running = undefined;
    }
  };
  const runDue = (): Promise<void> => {
    again = true;
    running ??= all();
    return running;
  };
  const wake = () => {
    if (stopped) return;
    runDue().catch((error: unknown) => log.error({ err: error }, 'settings are not brought to terminals'));
  };
  const round = () => {
    wake();
    cancel = clock.after(EVERY_MS, round);
  };
  return {
    runDue,
    wake,
    sendAgain(terminal) {
      asked.set(`${terminal.tenantId}/${terminal.terminalId}`, terminal);
      wake();
    },
    start: round,
    async stop() {
      stopped = true;
      cancel?.();
      // what failed was said when it failed
      await Promise.allSettled([running]);
    },
  };
}

/** False when no version waits for its terminals to be looked at. */
async function lookAtSlice({ store, clock, changes }: SpreadParts): Promise<boolean> {
  const touched = await store.transaction(async (tx) => {
    const db = tx.of<TwinTables>();
    const work = await db.selectFrom('settings_work').selectAll().orderBy('version').executeTakeFirst();
    if (!work) return undefined;
    const key = { tenantId: work.tenant_id, layer: work.layer, id: work.layer_id } as LayerKey;
    const after = { tenantId: work.done_tenant, terminalId: work.done_terminal };
    const places = await placesAfter(tx, key, after, SLICE);
    const changed = await renew(tx, places, clock.now());
    const last = places.at(-1);
    const row = db.deleteFrom('settings_work').where('tenant_id', '=', work.tenant_id);
    if (!last || places.length < SLICE) await row.where('version', '=', work.version).execute();
    else {
      await db
        .updateTable('settings_work')
        .set({ done_tenant: last.tenantId, done_terminal: last.terminalId })
        .where('tenant_id', '=', work.tenant_id)
        .where('version', '=', work.version)
        .execute();
    }
    return new Set(changed.map(({ tenantId }) => tenantId));
  });
  for (const tenantId of touched ?? []) changes.notify(tenantId, 'settings');
  return touched !== undefined;
}

/** False when no terminal that came waits for its settings. */
async function answerSlice(parts: SpreadParts, asked: Map<string, Address>): Promise<boolean> {
  const slice = [...asked].slice(0, AT_ONCE);
  if (slice.length === 0) return false;
  for (const [name] of slice) asked.delete(name);
  const rows = await rowsOf(
    parts.store,
    slice.map(([, terminal]) => terminal),
  );
  // What the broker does not take is not lost: whoever has no broker says hello again.
  await sendAll(
    parts,
    [...rows.values()].filter(({ version }) => version > 0),
  );
  return true;
}

/** False when nothing is to be sent now. */
async function sendSlice(parts: SpreadParts): Promise<boolean> {
  const { store, clock } = parts;
  const until = clock.now() + AGAIN_MS;
  const rows = await store.transaction(async (tx) => {
    const due = await tx
      .of<TwinTables>()
      .selectFrom('terminal_settings')
      .select(['tenant_id', 'terminal_id', 'version', 'document'])
      .where('send_at', '<=', clock.now())
      .orderBy('send_at')
      .limit(AT_ONCE)
      .execute();
    // Taken by this server; what it does not get off its hands is due again then.
    await setSendAt(tx, due, until, ['<=', clock.now()]);
    return due;
  });
  if (rows.length === 0) return false;
  const taken = await sendAll(parts, rows);
  // A newer version has a time of its own by now, and keeps it.
  await setSendAt(store, taken, null, ['=', until]);
  return true;
}

/** Those that the broker took. */
async function sendAll({ link, log }: SpreadParts, rows: readonly ToSend[]): Promise<ToSend[]> {
  const sent = await Promise.allSettled(rows.map((row) => sendDesired(link, row)));
  const taken = rows.filter((_, index) => sent[index]?.status === 'fulfilled');
  const failed = sent.find((each) => each.status === 'rejected');
  if (failed) log.warn({ err: failed.reason, count: rows.length - taken.length }, 'settings not sent yet');
  return taken;
}

type ToSend = { tenant_id: string; terminal_id: string; version: number; document: string };

function sendDesired(link: LinkSender, row: ToSend): Promise<void> {
  const to: Address = { tenantId: row.tenant_id, terminalId: row.terminal_id };
  return link.send(to, 'desired', { version: row.version, settings: readStored(row.document) });
}

async function setSendAt(
  db: Tables,
  rows: readonly ToSend[],
  at: number | null,
  where: ['<=' | '=', number],
): Promise<void> {
  const tenants = new Map<string, string[]>();
  for (const { tenant_id, terminal_id } of rows) {
    tenants.set(tenant_id, [...(tenants.get(tenant_id) ?? []), terminal_id]);
  }
  for (const [tenantId, terminals] of tenants) {
    await db
      .of<TwinTables>()
      .updateTable('terminal_settings')
      .set({ send_at: at })
      .where('tenant_id', '=', tenantId)
      .where('terminal_id', 'in', terminals)
      .where('send_at', ...where)
      .execute();
  }
}
