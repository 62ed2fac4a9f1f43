import { errorsOf } from '@jolly/contracts/values';
import { z } from 'zod';
import type { RecordedEvent } from './recording.ts';

/** A recording as it lies on the disk: a head, then one JSON object a line. */
export const RECORDING = 'jolly-wire-1';

export const recordingError = errorsOf({
  RECORDING_UNREADABLE: {
    cause: 'this is no recording of a wire',
    retry: 'no',
    cure: 'make one with `jolly wire record`',
  },
});

const Hex = z.string().regex(/^(?:[0-9a-f]{2})*$/);
const Head = z.object({ wire: z.literal(RECORDING), startedAt: z.number() });
const Line = z.union([
  z.strictObject({ t: z.number(), uri: z.string(), dir: z.enum(['in', 'out']), hex: Hex }),
  z.strictObject({ t: z.number(), uri: z.string(), dir: z.enum(['in', 'out']), length: z.int().min(0) }),
  z.strictObject({
    t: z.number(),
    uri: z.string(),
    state: z.enum(['connecting', 'open', 'waiting', 'closed']),
    reason: z.string().optional(),
  }),
]);

/** `t`: ms since the recording began. */
export interface RecordingLine {
  readonly t: number;
  readonly uri: string;
  readonly event: RecordedEvent;
}
export interface Recording {
  readonly startedAt: number;
  readonly lines: readonly RecordingLine[];
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));

export const recordingHead = (startedAt: number): string => JSON.stringify({ wire: RECORDING, startedAt });

export function encodeRecordingLine({ t, uri, event }: RecordingLine): string {
  if ('state' in event) return JSON.stringify({ t, uri, ...event });
  const { direction: dir } = event;
  return 'kept' in event
    ? JSON.stringify({ t, uri, dir, hex: hexOf(event.kept) })
    : JSON.stringify({ t, uri, dir, length: event.dropped });
}

/** Reads a whole file. Throws `RECORDING_UNREADABLE` with the number of the line. A last line cut by a power cut is let go. */
export function decodeRecording(text: string): Recording {
  const [first = '', ...rest] = text.split('\n');
  const head = Head.safeParse(jsonOf(first));
  if (!head.success) throw recordingError('RECORDING_UNREADABLE', { line: 1 });
  const lines: RecordingLine[] = [];
  for (const [at, line] of rest.entries()) {
    if (line.trim() === '') continue;
    const parsed = Line.safeParse(jsonOf(line));
    if (!parsed.success) {
      if (at === rest.length - 1) break;
      throw recordingError('RECORDING_UNREADABLE', { line: at + 2 });
    }
    lines.push({ t: parsed.data.t, uri: parsed.data.uri, event: eventOf(parsed.data) });
  }
  return { startedAt: head.data.startedAt, lines };
}

function eventOf(line: z.infer<typeof Line>): RecordedEvent {
  if ('state' in line)
    return { state: line.state, ...(line.reason === undefined ? {} : { reason: line.reason }) };
  return 'hex' in line
    ? { direction: line.dir, kept: bytesOf(line.hex) }
    : { direction: line.dir, dropped: line.length };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
