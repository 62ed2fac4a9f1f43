import { COMMAND_ATTACHMENTS } from '@jolly/contracts/fleet-api';
import { CommandAct, type LinkAddress } from '@jolly/contracts/fleet-link';
import { fail } from '../problems/index.ts';
import type { Keyring } from '../sealing/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import { type CommandKey, findCommand } from './rows.ts';
import type { CommandTables } from './tables.ts';

/** Logs and pictures are for the fault of the day, not for an archive. */
const KEPT_MS = 7 * 86_400_000;

export interface Attachment {
  readonly type: string;
  readonly content: Buffer;
}

const contextOf = ({ tenantId, commandId }: CommandKey) => `command-attachment:${tenantId}:${commandId}`;

/** First bytes of what each type says to be. */
const BEGINNINGS: Readonly<Record<string, (content: Buffer) => boolean>> = {
  'application/x-ndjson+gzip': (content) => content.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])),
  'image/png': (content) => content.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])),
  'image/jpeg': (content) => content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/webp': (content) =>
    content.subarray(0, 4).toString('latin1') === 'RIFF' &&
    content.subarray(8, 12).toString('latin1') === 'WEBP',
};

/** What is there stays: a terminal that lost the answer sends the same again. */
export async function storeAttachment(
  tx: Transaction,
  keyring: Keyring,
  { tenantId, terminalId }: LinkAddress,
  commandId: string,
  { type, content }: Attachment,
  now: number,
): Promise<void> {
  const row = await findCommand(tx, { tenantId, commandId });
  if (row?.terminal_id !== terminalId) throw fail('NOT_FOUND');
  const { kind } = CommandAct.parse(JSON.parse(row.act));
  if (!COMMAND_ATTACHMENTS[kind]?.includes(type) || !BEGINNINGS[type]?.(content)) {
    throw fail('ATTACHMENT_REFUSED');
  }
  // past its retention it would come back from the dead
  if (row.created_at < now - KEPT_MS * 2) throw fail('ATTACHMENT_REFUSED');
  await tx
    .of<CommandTables>()
    .insertInto('command_attachment')
    .values({
      tenant_id: tenantId,
      command_id: commandId,
      stored_at: now,
      type,
      bytes: content.length,
      content: keyring.seal(content.toString('base64'), contextOf({ tenantId, commandId })),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function openAttachment(
  store: Store,
  keyring: Keyring,
  key: CommandKey,
): Promise<Attachment | undefined> {
  const row = await store
    .of<CommandTables>()
    .selectFrom('command_attachment')
    .select(['type', 'content'])
    .where('tenant_id', '=', key.tenantId)
    .where('command_id', '=', key.commandId)
    .executeTakeFirst();
  return row && { type: row.type, content: Buffer.from(keyring.open(row.content, contextOf(key)), 'base64') };
}

export async function forgetAttachments(store: Store, now: number): Promise<void> {
  await store
    .of<CommandTables>()
    .deleteFrom('command_attachment')
    .where('stored_at', '<', now - KEPT_MS)
    .execute();
}
