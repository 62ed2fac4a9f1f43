import {
  DownFrame,
  type Intent,
  type PadKey,
  type PictureFrame,
  type ReaderFrame,
  type SecretKey,
  type Snapshot,
  type UpFrame,
} from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';

/** One open line to the runtime; texts are JSON frames. */
export interface Line {
  send(text: string): void;
  close(): void;
}

export interface LineEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Opens a line; may throw or call `onClose` at any time. */
export type OpenLine = (events: LineEvents) => Line;

export interface ChannelListener {
  readonly onSnapshot: (snapshot: Snapshot) => void;
  readonly onLink: (up: boolean) => void;
  /** A key of the tactile keypad. */
  readonly onPad?: (key: PadKey) => void;
  /** A piece of speech, or its end. */
  readonly onVoice?: (frame: Extract<DownFrame, { type: 'voice' | 'voice-end' }>) => void;
  /** The terminal asks for a picture of what is shown. */
  readonly onDraw?: (id: number) => void;
  /** What went wrong with a frame, for the developer's console: never shown to the citizen. */
  readonly onFault: (fault: string) => void;
}

export interface Channel {
  /** Sent now or not at all: an intent of a past moment is not kept for later. */
  send(intent: Intent): void;
  /** One key of a PIN or a CAN, in a frame of its own; as `send`, never kept for later. */
  secret(key: SecretKey): void;
  /** Asks the terminal to speak, or to be silent; false: there is no line now. */
  voice(frame: Extract<UpFrame, { type: 'say' | 'hush' }>): boolean;
  /** What the screen tells as a device; as `send`, never kept for later. */
  reader(frame: ReaderFrame): void;
  /** A part of the picture that was asked for. */
  picture(frame: PictureFrame): void;
  close(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;

/**
 * Holds a line to the runtime: opens it, reads snapshots, and when it breaks opens it again after a quarter of a second,
 * doubling up to four seconds. The screen keeps the last snapshot meanwhile.
 */
export function connectChannel(open: OpenLine, listener: ChannelListener, clock: Clock): Channel {
  let line: Line | undefined;
  let up = false;
  let closed = false;
  let attempt = 0;
  let stopWaiting: () => void = () => undefined;

  const lost = (which: number) => {
    if (closed || which !== attempt) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    line = undefined;
    if (up) listener.onLink(false);
    up = false;
    attempt += 1;
    stopWaiting = clock.after(wait, start);
  };
  let failures = 0;

  function start(): void {
    const which = attempt;
    try {
      line = open({
        onOpen: () => {
          if (which !== attempt) return;
          up = true;
          listener.onLink(true);
        },
        onText: (text) => {
          if (which === attempt) read(text);
        },
        onClose: () => lost(which),
      });
    } catch (error) {
      listener.onFault(`the line did not open: ${String(error)}`);
      lost(which);
    }
  }

  function read(text: string): void {
    const frame = decodeDownFrame(text);
    if (frame === undefined) {
      listener.onFault('a frame from the runtime was not understood');
      return;
    }
    if (frame.type === 'refused') {
      listener.onFault(
        `refused: ${frame.faults.map((fault) => `${fault.path} ${fault.message}`).join('; ')}`,
      );
      return;
    }
    failures = 0;
    if (frame.type === 'snapshot') listener.onSnapshot(frame.snapshot);
    else if (frame.type === 'pad') listener.onPad?.(frame.key);
    else if (frame.type === 'draw') listener.onDraw?.(frame.id);
    else listener.onVoice?.(frame);
  }

  const write = (frame: UpFrame): boolean => {
    if (!up || !line) return false;
    line.send(JSON.stringify(frame));
    return true;
  };

  start();
  return {
    send: (intent) => void write({ type: 'intent', intent, at: clock.monotonic() }),
    secret: (key) => void write({ ...key, at: clock.monotonic() }),
    voice: write,
    reader: (frame) => void write(frame),
    picture: (frame) => void write(frame),
    close: () => {
      closed = true;
      stopWaiting();
      line?.close();
    },
  };
}

/** A JSON text of the runtime → frame, or undefined when it is none. */
export function decodeDownFrame(text: string): DownFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const frame = DownFrame.safeParse(value);
  return frame.success ? frame.data : undefined;
}
