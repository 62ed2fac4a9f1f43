import {
  Entry,
  type Envelope,
  envelopeOf,
  Hello,
  MAX_PAYLOAD_BYTES,
  MOST_ENTRIES,
  Presence,
  ReportedMessage,
  type Up,
} from '@jolly/contracts/fleet-link';
import { z } from 'zod';

/** A batch is read entry by entry: one that fits no schema spoils none of its neighbours. */
const Batch = z.strictObject({
  entries: z.array(z.unknown()).min(1).max(MOST_ENTRIES),
  dropped: z.int().min(0),
});

const bodies = {
  hello: envelopeOf(Hello),
  reported: envelopeOf(ReportedMessage),
  entries: envelopeOf(Batch),
  signal: envelopeOf(z.unknown()),
} as const;

export interface DecodedEntries {
  readonly entries: readonly Entry[];
  /** Ids of those that fit no schema, as far as they can be told. */
  readonly refused: readonly string[];
  /** How many fit none, and what is wrong with the first of them. */
  readonly poisoned: number;
  readonly faults: readonly string[];
  readonly dropped: number;
}

/** What a terminal said, read and believed in form. */
export type Said =
  | { readonly kind: 'presence'; readonly presence: Presence }
  | { readonly kind: 'hello'; readonly envelope: Envelope<Hello> }
  | { readonly kind: 'reported'; readonly envelope: Envelope<ReportedMessage> }
  | { readonly kind: 'entries'; readonly envelope: Envelope<DecodedEntries> }
  | { readonly kind: 'signal'; readonly envelope: Envelope<unknown> };

export type Decoded =
  | { readonly ok: true; readonly said: Said }
  | {
      readonly ok: false;
      readonly reason: 'oversized' | 'unreadable' | 'malformed' | 'expired';
      readonly faults: readonly string[];
    };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the payload of an `up` topic. Everything that can be wrong with it is in the answer; nothing is thrown. */
export function decodeUp(kind: Up, payload: Uint8Array, now: number): Decoded {
  if (payload.length > MAX_PAYLOAD_BYTES) return { ok: false, reason: 'oversized', faults: [] };
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(payload));
  } catch (error) {
    return { ok: false, reason: 'unreadable', faults: [error instanceof Error ? error.name : 'unreadable'] };
  }
  if (kind === 'presence') {
    const presence = Presence.safeParse(value);
    return presence.success
      ? { ok: true, said: { kind, presence: presence.data } }
      : { ok: false, reason: 'malformed', faults: faultsOf(presence.error) };
  }
  const read = bodies[kind].safeParse(value);
  if (!read.success) return { ok: false, reason: 'malformed', faults: faultsOf(read.error) };
  const envelope = read.data;
  if (envelope.exp !== undefined && envelope.exp < now) return { ok: false, reason: 'expired', faults: [] };
  switch (kind) {
    case 'hello':
      return { ok: true, said: { kind, envelope: envelope as Envelope<Hello> } };
    case 'reported':
      return { ok: true, said: { kind, envelope: envelope as Envelope<ReportedMessage> } };
    case 'signal':
      return { ok: true, said: { kind, envelope } };
    case 'entries': {
      const body = readEntries(envelope.body as z.infer<typeof Batch>);
      return { ok: true, said: { kind, envelope: { ...envelope, body } } };
    }
  }
}

function readEntries(batch: z.infer<typeof Batch>): DecodedEntries {
  const entries: Entry[] = [];
  const refused: string[] = [];
  let poisoned = 0;
  let faults: readonly string[] = [];
  for (const each of batch.entries) {
    const entry = Entry.safeParse(each);
    if (entry.success) {
      entries.push(entry.data);
      continue;
    }
    if (poisoned === 0) faults = faultsOf(entry.error);
    poisoned += 1;
    const id = idOf(each);
    if (id !== undefined) refused.push(id);
  }
  return { entries, refused, poisoned, faults, dropped: batch.dropped };
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' && value.id.length <= 64 ? value.id : undefined;
}

/** Where and what, never the value itself. */
function faultsOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 10).map(({ path, code }) => `${path.join('.')}: ${code}`.slice(0, 120));
}
