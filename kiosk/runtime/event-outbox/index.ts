/** What happened at the terminal, kept on its disk until the fleet server itself says that it has it. Money has an outbox of its own. */
export { BatchSender, type BatchSenderOptions } from './batches.ts';
export { EventOutbox, type EventOutboxOptions, OUTBOX_FILE } from './outbox.ts';
