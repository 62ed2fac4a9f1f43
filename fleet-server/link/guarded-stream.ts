import type { Duplex } from 'node:stream';
import type { Clock } from '@jolly/contracts/values';
import { Bucket, PacketMeter } from './meter.ts';

/** A CONNECT has names, a password and a will, and no more. */
const LARGEST_CONNECT = 4 * 1024;

export interface StreamGuard {
  /** The terminal is known now: packets may be as large as `largest`. */
  admit(largest: number): void;
}

export interface StreamGuardOptions {
  readonly clock: Clock;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  refused(reason: 'oversized' | 'slowed'): void;
}

/**
 * Stands between a connection and the broker that reads it. A packet that is too large ends the connection before it is gathered;
 * who sends too much is read more slowly, so that what is too much stays in the sender's own buffers.
 */
export function guardStream(conn: Duplex, options: StreamGuardOptions): StreamGuard {
  const { clock } = options;
  const meter = new PacketMeter(LARGEST_CONNECT);
  const messages = new Bucket(options.messagesPerSecond, clock.monotonic());
  const bytes = new Bucket(options.bytesPerSecond, clock.monotonic());
  const read = conn.read.bind(conn);
  let pausing: (() => void) | undefined;

  conn.read = (size?: number) => {
    if (size === 0) return read(0);
    if (pausing) return null;
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array)) return chunk;
    const packets = meter.feed(chunk);
    if (packets === undefined) {
      options.refused('oversized');
      conn.destroy();
      return null;
    }
    const now = clock.monotonic();
    const pause = Math.max(messages.take(packets, now), bytes.take(chunk.length, now));
    if (pause > 0) {
      options.refused('slowed');
      pausing = clock.after(pause, () => {
        pausing = undefined;
        // the broker reads on this event; what came meanwhile announced itself while nobody listened
        conn.emit('readable');
      });
    }
    return chunk;
  };
  conn.once('close', () => pausing?.());
  return { admit: (largest) => meter.allow(largest) };
}
