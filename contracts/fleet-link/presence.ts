import { z } from 'zod';
import { Text, Uuid } from '../values/index.ts';

/**
 * Retained, QoS 1, and the last will: the broker itself says that a terminal is gone. Not in an envelope: a will is written when the
 * connection begins. `boot` tells one connection's will from the next one's presence: a late will of an older connection is ignored.
 */
export const Presence = z.strictObject({
  online: z.boolean(),
  /** Of the connection. */
  boot: Uuid,
  /** `stopping`: the terminal said good-bye itself. */
  why: z.enum(['connected', 'lost', 'stopping']),
});
export type Presence = z.infer<typeof Presence>;

/** A terminal sends something at least this often (s); the broker calls it lost after one and a half times as long. */
export const KEEPALIVE_SECONDS = 40;

/** First word of a connection. The server answers with `Welcome`, then sends what waits: settings and commands. */
export const Hello = z.strictObject({
  boot: Uuid,
  software: Text(40),
  /**
   * What the last welcome gave, kept durably; null before the first. Two machines with one key cannot both hold the last one: that is how a
   * copied key is noticed.
   */
  lease: Text(64).nullable(),
  /** Hash of what tells this machine from another (machine id, board serial), never those themselves. */
  machine: Text(64),
  /** Version of the settings that hold, 0 = the terminal's own file alone. */
  settings: z.int().min(0),
});
export type Hello = z.infer<typeof Hello>;

export const Welcome = z.strictObject({
  /** To be stored durably before anything else is sent. */
  lease: Text(64).min(16),
  /** Epoch ms, the server's clock. */
  now: z.int().min(0),
});
export type Welcome = z.infer<typeof Welcome>;

/** What the server wants told again: everything of `reported`, after a gap or a restart. */
export const Ask = z.strictObject({ what: z.enum(['reported']) });
export type Ask = z.infer<typeof Ask>;
