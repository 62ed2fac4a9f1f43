import {
  type CommandRow,
  type CommandWrite,
  type ConsoleMe,
  MOST_OPEN_COMMANDS,
  mayCommand,
} from '@jolly/contracts/fleet-api';
import type { Command, CommandAct, CommandReport, Entry, LinkAddress } from '@jolly/contracts/fleet-link';
import { type Clock, uuidv7 } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import { findTerminal } from '../identity/index.ts';
import type { SoleWork } from '../leases/index.ts';
import type { LinkListeners, LinkSender } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import type { Keyring } from '../sealing/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import { type Attachment, forgetAttachments, openAttachment, storeAttachment } from './attachments.ts';
import { columnsOf, findCommand, progressOf, type StoredCommand, withAttachments } from './rows.ts';
import { advance, openUntil, unanswered } from './rules.ts';
import type { CommandTables } from './tables.ts';

/** Newest of a terminal that the console is shown. */
const MOST_LISTED = 100;
/** The audit log keeps who sent what for longer. */
const KEPT_MS = 90 * 86_400_000;
/** One that no terminal has spoken of is sent again so often, while it may still begin. */
const AGAIN_MS = 15_000;
/** So long its word may be on its way. */
const UNHEARD_MS = 5_000;
/** Sent again at a time. */
const AGAIN_TOGETHER = 200;
/** Given up in one go, so that no transaction is long. */
const SWEPT_TOGETHER = 200;

export interface CommandsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly audit: Audit;
  readonly changes: Pick<Changes, 'notify'>;
  readonly link: LinkSender & Pick<LinkListeners, 'onEntries' | 'onHello'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

export interface Commands {
  send(person: ConsoleMe, terminalId: string, write: CommandWrite): Promise<CommandRow>;
  /** Newest first. */
  list(tenantId: string, terminalId: string): Promise<CommandRow[]>;
  find(tenantId: string, commandId: string): Promise<CommandRow>;
  attach(from: LinkAddress, commandId: string, attachment: Attachment): Promise<void>;
  /** What it brought; the reading is in the audit log. */
  attachment(person: ConsoleMe, commandId: string): Promise<{ row: CommandRow; attachment: Attachment }>;
  /**
   * Sends again what a server that died had stored and not sent, or what a broker that was away did not take: the terminals stayed linked and
   * say no hello. Each does an id once, however often it comes.
   */
  readonly work: SoleWork;
  /** Ends what nobody answered and forgets what has had its time. */
  tidy(): Promise<void>;
}

/** Commands and their ends. Every one has an end: the terminal's own, or `expired` when its word never comes. */
export function openCommands(parts: CommandsParts): Commands {
  const { store, clock, keyring, audit, changes, link, log } = parts;

  const tell = async (to: LinkAddress, commandId: string, act: CommandAct, expiresAt: number) => {
    const command: Command = { commandId, act };
    await link.send(to, 'command', command, { exp: expiresAt });
  };

  link.onHello(async (to) => {
    for (const row of await openOf(store, to)) {
      if (row.expires_at > clock.now())
        await tell(to, row.command_id, JSON.parse(row.act) as CommandAct, row.expires_at);
    }
  });

  link.onEntries('command', async (tx, from, entries) => {
    const changed = await hear(tx, from, entries, clock.now());
    if (changed) changes.notify(from.tenantId, 'commands');
  });

  const mustKnow = async (tenantId: string, terminalId: string) => {
    const terminal = await findTerminal(store, { tenantId, terminalId });
    if (!terminal) throw fail('NOT_FOUND');
    return terminal;
  };

  const find = async (tenantId: string, commandId: string) => {
    const row = await findCommand(store, { tenantId, commandId });
    const [command] = row ? await withAttachments(store, tenantId, [row]) : [];
    if (!command) throw fail('NOT_FOUND');
    return command;
  };

  let cancel: (() => void) | undefined;
  let sending: Promise<void> = Promise.resolve();
  const sendAgain = async () => {
    const now = clock.now();
    for (const row of await unheard(store, now)) {
      const to = { tenantId: row.tenant_id, terminalId: row.terminal_id };
      await tell(to, row.command_id, JSON.parse(row.act) as CommandAct, row.expires_at);
    }
  };
  const round = () => {
    sending = sendAgain().catch((error: unknown) => log.warn({ err: error }, 'commands not sent again now'));
    cancel = clock.after(AGAIN_MS, round);
  };

  return {
    work: {
      start: round,
      async stop() {
        cancel?.();
        await sending;
      },
    },

    async send({ tenantId, user, role }, terminalId, { act, expiresInSeconds }) {
      if (!mayCommand(role, act.kind)) throw fail('NOT_ALLOWED');
      const { status } = await mustKnow(tenantId, terminalId);
      if (status === 'revoked' || status === 'decommissioned') throw fail('TERMINAL_REVOKED');
      const now = clock.now();
      const row: StoredCommand = {
        tenant_id: tenantId,
        command_id: uuidv7(now),
        terminal_id: terminalId,
        kind: act.kind,
        act: JSON.stringify(act),
        sent_by: user,
        created_at: now,
        expires_at: now + expiresInSeconds * 1000,
        ...columnsOf({ state: 'queued', history: [{ at: now, state: 'queued' }] }),
        open_until: null,
      };
      row.open_until = openUntil(progressOf(row), row.expires_at);
      await store.transaction(async (tx) => {
        const open = await openOf(tx, { tenantId, terminalId });
        if (open.length >= MOST_OPEN_COMMANDS) throw fail('TOO_MANY_COMMANDS');
        await tx.of<CommandTables>().insertInto('command').values(row).execute();
        await audit.record(tx, {
          tenantId,
          actor: user,
          act: 'command-sent',
          subject: terminalId,
          detail: { commandId: row.command_id, ...detailOf(act) },
        });
      });
      changes.notify(tenantId, 'commands');
      // it is stored: where it does not go now, it goes at the terminal's next hello
      await tell({ tenantId, terminalId }, row.command_id, act, row.expires_at).catch((error: unknown) =>
        log.warn({ err: error, tenantId, terminalId }, 'command not sent now'),
      );
      return find(tenantId, row.command_id);
    },

    async list(tenantId, terminalId) {
      await mustKnow(tenantId, terminalId);
      const rows = await store
        .of<CommandTables>()
        .selectFrom('command')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('terminal_id', '=', terminalId)
        .orderBy('created_at', 'desc')
        .orderBy('command_id', 'desc')
        .limit(MOST_LISTED)
        .execute();
      return withAttachments(store, tenantId, rows);
    },

    find,

    async attach(from, commandId, attachment) {
      await store.transaction((tx) => storeAttachment(tx, keyring, from, commandId, attachment, clock.now()));
      changes.notify(from.tenantId, 'commands');
    },

    async attachment({ tenantId, user, role }, commandId) {
      const row = await find(tenantId, commandId);
      if (!mayCommand(role, row.act.kind)) throw fail('NOT_ALLOWED');
      const attachment = await openAttachment(store, keyring, { tenantId, commandId });
      if (!attachment) throw fail('NOT_FOUND');
      await store.transaction((tx) =>
        audit.record(tx, {
          tenantId,
          actor: user,
          act: 'command-attachment-read',
          subject: row.terminalId,
          detail: { commandId, kind: row.act.kind },
        }),
      );
      return { row, attachment };
    },

    async tidy() {
      const now = clock.now();
      for (const tenantId of await store.transaction((tx) => giveUp(tx, now))) {
        changes.notify(tenantId, 'commands');
      }
      await forgetAttachments(store, now);
      await store
        .of<CommandTables>()
        .deleteFrom('command')
        .where('created_at', '<', now - KEPT_MS)
        .where('open_until', 'is', null)
        .execute();
    },
  };
}

/** What was asked, for the audit log. */
const detailOf = (act: CommandAct): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(act).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );

/** Those without an end, oldest first. */
function openOf(tables: Pick<Store, 'of'>, { tenantId, terminalId }: LinkAddress): Promise<StoredCommand[]> {
  return tables
    .of<CommandTables>()
    .selectFrom('command')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .where('open_until', 'is not', null)
    .orderBy('created_at')
    .orderBy('command_id')
    .execute();
}

/**
 * Of which no terminal has said anything for a while, and which may still begin, oldest first. The newest of too many: the rest waits
 * for terminals that are away, and goes at their hello.
 */
async function unheard(tables: Pick<Store, 'of'>, now: number): Promise<StoredCommand[]> {
  const newest = await tables
    .of<CommandTables>()
    .selectFrom('command')
    .selectAll()
    .where('open_until', 'is not', null)
    .where('state', '=', 'queued')
    .where('created_at', '<=', now - UNHEARD_MS)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('command_id', 'desc')
    .limit(AGAIN_TOGETHER)
    .execute();
  return newest.toReversed();
}

/** Takes a terminal's words about its own commands; those about any other are passed over. */
async function hear(
  tx: Transaction,
  { tenantId, terminalId }: LinkAddress,
  entries: readonly Entry[],
  now: number,
): Promise<boolean> {
  let changed = false;
  for (const { at, data } of entries) {
    if (data.kind !== 'command') continue;
    const { kind: _, ...report } = data satisfies CommandReport & { kind: 'command' };
    const row = await findCommand(tx, { tenantId, commandId: report.commandId });
    if (row?.terminal_id !== terminalId) continue;
    // the terminal's clock, as far as it can be true
    const next = advance(progressOf(row), report, Math.min(now, Math.max(row.created_at, at)));
    if (!next) continue;
    await tx
      .of<CommandTables>()
      .updateTable('command')
      .set({ ...columnsOf(next), open_until: openUntil(next, row.expires_at) })
      .where('tenant_id', '=', tenantId)
      .where('command_id', '=', row.command_id)
      .execute();
    changed = true;
  }
  return changed;
}

/** Tenants whose commands were given up. */
async function giveUp(tx: Transaction, now: number): Promise<ReadonlySet<string>> {
  const db = tx.of<CommandTables>();
  const rows = await db
    .selectFrom('command')
    .selectAll()
    .where('open_until', '<', now)
    .orderBy('open_until')
    .limit(SWEPT_TOGETHER)
    .execute();
  for (const row of rows) {
    await db
      .updateTable('command')
      .set({ ...columnsOf(unanswered(progressOf(row), now)), open_until: null })
      .where('tenant_id', '=', row.tenant_id)
      .where('command_id', '=', row.command_id)
      .execute();
  }
  return new Set(rows.map((row) => row.tenant_id));
}
