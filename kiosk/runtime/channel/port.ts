import type {
  Intent,
  PadKey,
  PictureFrame,
  ReaderFrame,
  SecretKey,
  Snapshot,
  UpFrame,
} from '@jolly/contracts/terminal-channel';

/** What a screen is joined to: the session's snapshots down, its intents up. */
export interface ScreenSource {
  snapshot(): Snapshot;
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** `pressedAt`: ms of the screen's own clock. */
  intent(intent: Intent, pressedAt?: number): unknown;
  /** What the screen tells as a device: its camera, a reader that types. Absent: nobody wants it. */
  reader?(frame: ReaderFrame): void;
}

/**
 * Takes secret keys (a PIN's digits) one at a time, for the field that asked. The only way a `secret` frame goes: not to the
 * session, not to a log, not back down. A collector keeps its bytes in a buffer that it wipes.
 */
export interface SecretCollector {
  key(frame: SecretKey): void;
}

/** A terminal without any field that asks for a secret: keys are let fall. */
export const noSecrets: SecretCollector = { key: () => undefined };

/** A piece of speech: signed 16-bit little-endian samples of one channel. */
export interface VoicePiece {
  readonly hz: number;
  readonly samples: Uint8Array;
}

/** What a screen gets besides snapshots: the terminal's voice, and the keys of its tactile keypad. */
export interface ScreenAids {
  /** Rejects when it cannot be spoken; ends without an error when `signal` is aborted. */
  speak(said: Extract<UpFrame, { type: 'say' }>, signal: AbortSignal): AsyncIterable<VoicePiece>;
  onKey(listener: (key: PadKey) => void): () => void;
  /** Pictures of the screen, where somebody may ask for one. */
  readonly pictures?: ScreenPictures;
}

export interface ScreenPictures {
  /** A screen is there: `draw` asks it. The returned function: it is gone. */
  attach(draw: (id: number) => void): () => void;
  take(frame: PictureFrame): void;
}

/** A terminal with neither: what is to be said is told as failed, so that the screen speaks by itself. */
export const noAids: ScreenAids = {
  // biome-ignore lint/correctness/useYield: it never has a piece to give
  async *speak() {
    throw new Error('no voice');
  },
  onKey: () => () => undefined,
};

/** One way to a screen, whatever carries it. `sent` runs when the wire has taken the text and can take another. */
export interface ScreenWire {
  send(text: string, sent: () => void): void;
}

export interface ChannelCounters {
  readonly screens: number;
  readonly framesIn: number;
  readonly framesRefused: number;
  readonly snapshotsSent: number;
  /** Snapshots that a slow screen never saw, because a newer one took their place. */
  readonly snapshotsSkipped: number;
  /** Things that were spoken, to their end or not, and those that could not be. */
  readonly voices: number;
  readonly voicesFailed: number;
}
