import { z } from 'zod';
import { Uuid } from '../values/index.ts';

/** Version of the envelope and of the bodies in it. A server reads all versions it ever wrote. */
export const LINK_VERSION = 1;
/** Nothing on the link is larger; a broker and both ends refuse more (bytes of the payload). */
export const MAX_PAYLOAD_BYTES = 128 * 1024;

/**
 * What every message is wrapped in, JSON in UTF-8. MQTT 3.1.1 has neither correlation nor expiry nor schema version: they are here.
 * `T` is the body of the topic's kind.
 */
export const envelopeOf = <T extends z.ZodType>(body: T) =>
  z.strictObject({
    v: z.literal(LINK_VERSION),
    id: Uuid,
    /** Epoch ms, the sender's clock. */
    at: z.int().min(0),
    /** Id of the message this one answers. */
    corr: Uuid.optional(),
    /** Epoch ms after which it means nothing any more. */
    exp: z.int().min(0).optional(),
    body,
  });
export interface Envelope<T> {
  readonly v: typeof LINK_VERSION;
  readonly id: string;
  readonly at: number;
  readonly corr?: string | undefined;
  readonly exp?: number | undefined;
  readonly body: T;
}

/**
 * What goes down is signed, so that a broker that is not ours can drop and delay, never command. `signed` is the envelope as text,
 * exactly as signed; the signature also covers the topic (`signedDown`), so that nothing meant for one terminal serves another.
 */
export const SignedDown = z.strictObject({
  signed: z.string(),
  /** Ed25519, base64url. */
  sig: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedDown = z.infer<typeof SignedDown>;

/** The text under the signature of a message that goes down. */
export const signedDown = (topic: string, signed: string): string => `jolly-down-v1\n${topic}\n${signed}`;
