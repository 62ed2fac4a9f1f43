import { Readable } from 'node:stream';

const nothing = undefined;

/**
 * What aedes asks of its memory, for a broker that has none: sessions are clean, the server itself is the only one who hears what
 * terminals say, and what it has to say it says again at their next hello. A terminal costs its connection and nothing else.
 */
export class KeepsNothing {
  /** aedes insists on a function that is async by declaration. */
  async setup(): Promise<void> {
    return nothing;
  }
  async storeRetained(): Promise<void> {
    return nothing;
  }
  async addSubscriptions(): Promise<void> {
    return nothing;
  }
  async removeSubscriptions(): Promise<void> {
    return nothing;
  }
  async cleanSubscriptions(): Promise<void> {
    return nothing;
  }
  async subscriptionsByClient(): Promise<[]> {
    return [];
  }
  async subscriptionsByTopic(): Promise<[]> {
    return [];
  }
  async outgoingEnqueue(): Promise<void> {
    return nothing;
  }
  async outgoingEnqueueCombi(): Promise<void> {
    return nothing;
  }
  async outgoingUpdate(): Promise<void> {
    return nothing;
  }
  async outgoingClearMessageId(): Promise<void> {
    return nothing;
  }
  async incomingStorePacket(): Promise<void> {
    return nothing;
  }
  async incomingDelPacket(): Promise<void> {
    return nothing;
  }
  async incomingGetPacket(): Promise<never> {
    throw new Error('no such packet');
  }
  async cleanIncoming(): Promise<void> {
    return nothing;
  }
  async putWill(): Promise<void> {
    return nothing;
  }
  async delWill(): Promise<void> {
    return nothing;
  }
  createRetainedStreamCombi(): Readable {
    return Readable.from([]);
  }
  outgoingStream(): Readable {
    return Readable.from([]);
  }
  streamWill(): Readable {
    return Readable.from([]);
  }
}

type Done = (error?: Error) => void;

/** aedes' way of handing on what was published: the one who listens has it already, and what the broker says of itself nobody hears. */
export class NobodyElse {
  emit(_packet: unknown, done?: Done): void {
    done?.();
  }
  on(_filter: string, _listener: unknown, done?: Done): void {
    if (done) setImmediate(done);
  }
  removeListener(_filter: string, _listener: unknown, done?: Done): void {
    if (done) setImmediate(done);
  }
  close(done?: Done): void {
    if (done) setImmediate(done);
  }
}
