import { z } from 'zod';

/** Ids are UUIDv7 (RFC 9562): they sort by time. */
export const Uuid = z.uuid();
export const TenantId = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/);
export type TenantId = z.infer<typeof TenantId>;
export const TerminalId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/);
export type TerminalId = z.infer<typeof TerminalId>;
/** One per payment a citizen starts; the idempotency key of every call about it. */
export const KioskPaymentId = Uuid;
export type KioskPaymentId = string;

/** Fills a buffer with random bytes: `crypto.getRandomValues` outside tests. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** UUIDv7 from an instant (epoch ms) and ten random bytes. */
export function uuidv7(now: number, random: RandomBytes = systemRandom): string {
  const bytes = new Uint8Array(16);
  bytes.set(random(16));
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) & 0xff;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
