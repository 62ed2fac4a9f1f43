import { z } from 'zod';
import { Intent } from './intent.ts';
import { SecretField, Snapshot } from './snapshot.ts';

/** Runtime → screen, one JSON text a WebSocket message (or one MessagePort message). */
export const DownFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: Snapshot }),
  /** The last frame was not understood: a full list of faults, for the developer's console. */
  z.object({
    type: z.literal('refused'),
    faults: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
]);
export type DownFrame = z.infer<typeof DownFrame>;

/**
 * Secret input (a PIN, a CAN) has a path of its own: `secret` frames go to the collector of the field that asked for
 * them and to nothing else. They never enter a snapshot, a log or the journal, and the collector wipes its buffer.
 */
export const SecretKey = z.object({
  type: z.literal('secret'),
  field: SecretField,
  /** One key at a time, so that no text of the whole secret is ever made on the way. */
  key: z.union([z.string().regex(/^\d$/), z.enum(['erase', 'clear', 'enter'])]),
});
export type SecretKey = z.infer<typeof SecretKey>;

/** Screen → runtime. */
export const UpFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('intent'), intent: Intent }),
  SecretKey,
]);
export type UpFrame = z.infer<typeof UpFrame>;

/** A frame longer than this is refused unread. */
export const MAX_UP_FRAME_BYTES = 4096;
