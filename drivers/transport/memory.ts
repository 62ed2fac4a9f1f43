import { type Connection, type ConnectionEvents, Link, type LinkContext, type LinkOptions } from './link.ts';
import type { Transport } from './port.ts';

/** The device's end of a wire in memory. */
export interface MemoryPeer {
  /** Bytes that arrived from the other side, in order, since the last `take()`. */
  take(): Uint8Array;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Sends to the other side; dropped when the wire is cut, as on a real one. */
  send(bytes: Uint8Array): void;
  /** Breaks the connection; with `stay` new ones are refused until `restore()`. */
  cut(reason?: string, options?: { readonly stay?: boolean }): void;
  restore(): void;
  readonly connected: boolean;
}

/**
 * A wire in memory, for tests: a real `Link` on one side, a peer that can cut on the other. Bytes arrive in a later
 * microtask, in order, so no side ever calls into the other.
 */
export function memoryWire(
  context: LinkContext,
  options: LinkOptions = {},
): { readonly transport: Transport; readonly peer: MemoryPeer } {
  let events: ConnectionEvents | undefined;
  let refusing = false;
  let received: number[] = [];
  let listener: ((bytes: Uint8Array) => void) | undefined;
  const connector = (mine: ConnectionEvents): Connection => {
    queueMicrotask(() => {
      if (refusing) return mine.lost('refused');
      events = mine;
      mine.opened();
    });
    return {
      write: (bytes) => {
        if (events !== mine) return Promise.reject(new Error('the memory wire is cut'));
        const copy = Uint8Array.from(bytes);
        queueMicrotask(() => {
          received.push(...copy);
          listener?.(copy);
        });
        return Promise.resolve();
      },
      drop: () => {
        if (events === mine) events = undefined;
        return Promise.resolve();
      },
    };
  };
  return {
    transport: new Link('memory:', connector, context, options),
    peer: {
      take: () => {
        const bytes = Uint8Array.from(received);
        received = [];
        return bytes;
      },
      onData: (heard) => {
        listener = heard;
      },
      send: (bytes) => {
        const to = events;
        const copy = Uint8Array.from(bytes);
        queueMicrotask(() => to?.data(copy));
      },
      cut: (reason = 'reset', { stay = false } = {}) => {
        refusing = stay;
        const broken = events;
        events = undefined;
        broken?.lost(reason);
      },
      restore: () => {
        refusing = false;
      },
      get connected() {
        return events !== undefined;
      },
    },
  };
}
