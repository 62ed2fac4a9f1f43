const FIRST_DELAYS_MS = [2_000, 5_000, 10_000, 30_000];
const TO_EXPIRY_MS = 60_000;
const AFTER_EXPIRY_MS = 300_000;
/** An outcome the node has not answered for this long goes to a person. */
export const GIVE_UP_MS = 24 * 3_600_000;

/**
 * When an unanswered outcome is sent again (pagopa.md 7): 2, 5, 10, 30 s, then every minute to the token's expiry, then
 * every 5 minutes for 24 h; undefined = give it to a person. Instants are epoch ms; `attempts` are those made so far.
 */
export function nextOutcomeAttempt(call: {
  readonly attempts: number;
  readonly storedAt: number;
  readonly expiresAt: number;
  readonly now: number;
}): number | undefined {
  const { attempts, storedAt, expiresAt, now } = call;
  const first = FIRST_DELAYS_MS[attempts - 1];
  if (first !== undefined) return now + first;
  if (now < expiresAt) return now + TO_EXPIRY_MS;
  const at = now + AFTER_EXPIRY_MS;
  return at <= Math.max(storedAt, expiresAt) + GIVE_UP_MS ? at : undefined;
}

/** While a citizen may be waiting the background leaves a request alone, also after a restart. */
export const FOREGROUND_MS = 180_000;

/** Tries of an activation while the citizen waits (pagopa.md 7). */
export const ACTIVATION_TRIES = 3;

/**
 * After those, the same request goes on in the background, to find a session that may have been opened and cancel it,
 * for as long as such a session could live.
 */
export function nextActivationAttempt(call: {
  readonly storedAt: number;
  readonly tokenMs: number;
  readonly now: number;
}): number | undefined {
  const at = call.now + TO_EXPIRY_MS;
  return at <= call.storedAt + call.tokenMs ? at : undefined;
}
