import { z } from 'zod';
import { Uuid } from '../values/index.ts';
import { CommandReport } from './commands.ts';

/**
 * What waits in a terminal's outbox until the server has committed it. No personal data by construction: words of a closed form, counts and
 * measures only.
 */
const Word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/);
const Detail = z.record(Word, z.union([z.number(), z.boolean(), Word]));

/** Measures since the last one; names are those of docs/fleet-link.md, units are in the name. The first to go when there is no room. */
const Telemetry = z.strictObject({ kind: z.literal('telemetry'), metrics: z.record(Word, z.number()) });
/** A device changed: what it says now. */
const DeviceChanged = z.strictObject({
  kind: z.literal('device'),
  role: Word,
  state: Word,
  reasons: z.array(Word).max(20),
});
/** Something happened at the terminal: `started`, `service-ended`, `settings-refused`, `door-opened`… */
const Happened = z.strictObject({ kind: z.literal('event'), event: Word, detail: Detail });
/** How far a command is. The last to go when there is no room. */
const CommandWent = z.strictObject({ kind: z.literal('command'), ...CommandReport.shape });

export const EntryData = z.discriminatedUnion('kind', [Telemetry, DeviceChanged, Happened, CommandWent]);
export type EntryData = z.infer<typeof EntryData>;
export type EntryKind = EntryData['kind'];

/** Worth, least first: what is dropped first when the outbox is full, and never before something worth less. */
export const ENTRY_WORTH: Readonly<Record<EntryKind, number>> = {
  telemetry: 0,
  device: 1,
  event: 1,
  command: 2,
};

export const Entry = z.strictObject({
  /** UUIDv7; the server stores it once by this id, however often it comes. */
  id: Uuid,
  /** When it happened, epoch ms of the terminal's clock. */
  at: z.int().min(0),
  data: EntryData,
});
export type Entry = z.infer<typeof Entry>;

export const MOST_ENTRIES = 200;
export const Entries = z.strictObject({
  entries: z.array(Entry).min(1).max(MOST_ENTRIES),
  /** How many were dropped for want of room since this terminal was enrolled. */
  dropped: z.int().min(0),
});
export type Entries = z.infer<typeof Entries>;

/**
 * The server's own word (`corr` = id of the batch's envelope), after its commit: all entries of the batch may be forgotten. `refused`: those
 * that fit no schema, which would be refused for ever; the rest of their batch is stored.
 */
export const Ack = z.strictObject({ refused: z.array(z.string().max(64)).max(MOST_ENTRIES) });
export type Ack = z.infer<typeof Ack>;
