import type { LinkContext, LinkOptions } from './link.ts';
import { memoryWire } from './memory.ts';
import type { Transport } from './port.ts';
import { LENGTHS_ONLY, MaskedWire, type RecordedEvent, type WireMask } from './recording.ts';

/** How a replay went. */
export interface ReplayReport {
  /** Frames of the device that were sent again. */
  readonly sent: number;
  /** Frames of the driver that were awaited and came. */
  readonly heard: number;
  /** Those of them that were not, masked, what the recording has: the driver does something else today. */
  readonly different: number;
  /** Bytes of which only the length was kept: nothing can be sent for them. */
  readonly missing: number;
  /** The recording was played to its end. */
  readonly over: boolean;
}

/**
 * The device's side of a recording on a wire in memory. Each frame of the device goes out as soon as the driver has written
 * as many frames as it had then; a disconnection in the recording breaks the wire. Time is not replayed: a driver that waits
 * for an answer gets it at once.
 */
export function replayWire(
  events: readonly RecordedEvent[],
  mask: WireMask,
  context: LinkContext,
  options: LinkOptions = {},
): { readonly transport: Transport; readonly report: () => ReplayReport } {
  const { transport, peer } = memoryWire(context, options);
  const driver = new MaskedWire(mask);
  const counts = { sent: 0, heard: 0, different: 0, missing: 0 };
  const written: Uint8Array[] = [];
  let at = events.findIndex((event) => 'state' in event && event.state === 'open') + 1;

  const play = (): void => {
    for (; at < events.length; at++) {
      const event = events[at];
      if (!event) return;
      if ('state' in event) {
        if (event.state === 'waiting') peer.cut(event.reason ?? 'reset');
        continue;
      }
      if (event.direction === 'in') {
        if ('kept' in event) {
          peer.send(event.kept);
          counts.sent++;
        } else counts.missing += event.dropped;
        continue;
      }
      // what was not understood then is not awaited now
      if ('dropped' in event) continue;
      const frame = written.shift();
      if (!frame) return;
      counts.heard++;
      if (!same(frame, event.kept)) counts.different++;
    }
  };
  peer.onData((bytes) => {
    for (const piece of driver.push('out', bytes)) if ('kept' in piece) written.push(piece.kept);
    play();
  });
  return { transport, report: () => ({ ...counts, over: at >= events.length }) };
}

/**
 * The same for a driver that connects anew for each job: each of its transports gets the next connection of the recording, and
 * `dial` goes into its context. What is dialled beyond the recording is a wire on which nobody answers.
 */
export function replayDial(
  events: readonly RecordedEvent[],
  context: LinkContext,
): {
  readonly dial: (address: unknown, options: LinkOptions & { readonly mask?: WireMask }) => Transport;
  readonly report: () => ReplayReport;
} {
  const connections = connectionsOf(events);
  const wires: ReturnType<typeof replayWire>[] = [];
  return {
    dial: (_address, options) => {
      const made = replayWire(
        connections[wires.length] ?? [],
        options.mask ?? LENGTHS_ONLY,
        context,
        options,
      );
      wires.push(made);
      return made.transport;
    },
    report: () => {
      const all = wires.map(({ report }) => report());
      const sum = (name: 'sent' | 'heard' | 'different' | 'missing') =>
        all.reduce((total, one) => total + one[name], 0);
      return {
        sent: sum('sent'),
        heard: sum('heard'),
        different: sum('different'),
        missing: sum('missing'),
        over: wires.length >= connections.length && all.every(({ over }) => over),
      };
    },
  };
}

/** A transport says `connecting` first; one that dials again by itself has been `waiting`, or gives a reason. */
function connectionsOf(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const connections: RecordedEvent[][] = [];
  let before = '';
  for (const event of events) {
    const begins =
      'state' in event && event.state === 'connecting' && event.reason === undefined && before !== 'waiting';
    if (begins || connections.length === 0) connections.push([]);
    connections.at(-1)?.push(event);
    if ('state' in event) before = event.state;
  }
  return connections;
}

const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
