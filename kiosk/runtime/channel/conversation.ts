import {
  type DownFrame,
  MAX_UP_FRAME_BYTES,
  type PictureFrame,
  type ReaderFrame,
  UpFrame,
} from '@jolly/contracts/terminal-channel';
import { noAids, type ScreenAids, type ScreenSource, type ScreenWire, type SecretCollector } from './port.ts';
import { Speaker } from './speaker.ts';

type Faults = Extract<DownFrame, { type: 'refused' }>['faults'];
type Tally = {
  framesIn: number;
  framesRefused: number;
  snapshotsSent: number;
  snapshotsSkipped: number;
  voices: number;
  voicesFailed: number;
};

export const newTally = (): Tally => ({
  framesIn: 0,
  framesRefused: 0,
  snapshotsSent: 0,
  snapshotsSkipped: 0,
  voices: 0,
  voicesFailed: 0,
});

/**
 * Reads one frame of a screen. Faults name path and rule, never the value: a frame may hold a key of a PIN.
 */
export function readUpFrame(text: string): { ok: true; frame: UpFrame } | { ok: false; faults: Faults } {
  if (Buffer.byteLength(text) > MAX_UP_FRAME_BYTES) {
    return { ok: false, faults: [{ path: '', message: `longer than ${MAX_UP_FRAME_BYTES} bytes` }] };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, faults: [{ path: '', message: 'not JSON' }] };
    throw error;
  }
  const parsed = UpFrame.safeParse(json);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const faults = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.code,
  }));
  return { ok: false, faults };
}

const isReaderFrame = (frame: UpFrame): frame is ReaderFrame =>
  frame.type === 'seen' || frame.type === 'camera' || frame.type === 'keyboard-wedge';
const isPictureFrame = (frame: UpFrame): frame is PictureFrame =>
  frame.type === 'picture' || frame.type === 'no-picture';

/**
 * The talk with one screen over any wire: the whole snapshot at the start and at each change, latest only while the wire
 * is busy; frames up go to the session, secret ones to the collector alone. Speech goes down piece by piece, one at a time
 * on the wire, so that no snapshot waits behind more than one. Returns what the wire's owner calls.
 */
export function converse(
  wire: ScreenWire,
  source: ScreenSource,
  secrets: SecretCollector,
  tally: Tally = newTally(),
  aids: ScreenAids = noAids,
): { receive(text: string): void; end(): void } {
  let busy = false;
  let wanted = false;
  let ended = false;
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    if (ended || busy || !wanted) return;
    wanted = false;
    busy = true;
    tally.snapshotsSent += 1;
    send({ type: 'snapshot', snapshot: source.snapshot() }, () => {
      busy = false;
      flush();
    });
  };
  const send = (frame: DownFrame, sent: () => void): void => wire.send(JSON.stringify(frame), sent);
  // changes made in one go (an intent and what it causes) are one snapshot
  const changed = (): void => {
    if (wanted) tally.snapshotsSkipped += 1;
    wanted = true;
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(flush);
  };

  const stop = source.onSnapshot(changed);
  const speaker = new Speaker(aids, send, tally);
  const stopKeys = aids.onKey((key) => send({ type: 'pad', key }, () => undefined));
  const stopPictures = aids.pictures?.attach((id) => send({ type: 'draw', id }, () => undefined));
  changed();

  return {
    receive: (text) => {
      if (ended) return;
      tally.framesIn += 1;
      const read = readUpFrame(text);
      if (!read.ok) {
        tally.framesRefused += 1;
        send({ type: 'refused', faults: read.faults }, () => undefined);
      } else if (read.frame.type === 'secret') secrets.key(read.frame);
      else if (read.frame.type === 'intent') source.intent(read.frame.intent, read.frame.at);
      else if (isReaderFrame(read.frame)) source.reader?.(read.frame);
      else if (read.frame.type === 'say') speaker.say(read.frame);
      else if (isPictureFrame(read.frame)) aids.pictures?.take(read.frame);
      else speaker.hush();
    },
    end: () => {
      ended = true;
      stop();
      stopKeys();
      stopPictures?.();
      speaker.hush();
    },
  };
}
