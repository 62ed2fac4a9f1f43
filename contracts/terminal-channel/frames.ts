import { z } from 'zod';
import { Intent } from './intent.ts';
import { Language, SecretField, Snapshot, SpeechSpeed } from './snapshot.ts';

/** Keys of a tactile keypad, by what they do and not by what their maker calls them (accessibility-and-design.md 4.2). */
export const PadKey = z.enum([
  ...['up', 'down', 'left', 'right', 'ok', 'back', 'repeat', 'help', 'volume-up', 'volume-down'],
  ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear'],
] as const);
export type PadKey = z.infer<typeof PadKey>;

/** Runtime → screen, one JSON text a WebSocket message (or one MessagePort message). */
export const DownFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: Snapshot }),
  /** The last frame was not understood: a full list of faults, for the developer's console. */
  z.object({
    type: z.literal('refused'),
    faults: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
  /** A key of the tactile keypad. Digits come only while no secret is asked: those go from keypad to collector. */
  z.object({ type: z.literal('pad'), key: PadKey }),
  /**
   * The terminal's speech engine answers `say` with this id: pieces of signed 16-bit little-endian mono samples in base64, as the
   * engine makes them, then `voice-end`; `failed` when it cannot (the screen then uses another voice).
   */
  z.object({ type: z.literal('voice'), id: z.int(), hz: z.int(), samples: z.base64() }),
  z.object({ type: z.literal('voice-end'), id: z.int(), failed: z.boolean() }),
  /** Draw what is shown now, for who looks after the terminal; answered by `picture` or `no-picture` with this id. Never in a session. */
  z.object({ type: z.literal('draw'), id: z.int() }),
]);
export type DownFrame = z.infer<typeof DownFrame>;

/**
 * When the screen had the press, ms of its own clock that only goes forward: what was pressed slowly may arrive at once on
 * a terminal that is short of breath, and is no tremor. A reload begins anew.
 */
const PressedAt = z.number().min(0).optional();

/**
 * Secret input (a PIN, a CAN) has a path of its own: `secret` frames go to the collector of the field that asked for
 * them and to nothing else. They never enter a snapshot, a log or the journal, and the collector wipes its buffer.
 */
export const SecretKey = z.object({
  type: z.literal('secret'),
  field: SecretField,
  /** One key at a time, so that no text of the whole secret is ever made on the way. */
  key: z.union([z.string().regex(/^\d$/), z.enum(['erase', 'clear', 'enter'])]),
  at: PressedAt,
});
export type SecretKey = z.infer<typeof SecretKey>;

/** `busy`: another program holds it; `broken`: it gives no picture, or its decoder does not start. */
export const CameraState = z.enum(['ready', 'missing', 'denied', 'busy', 'broken']);
export type CameraState = z.infer<typeof CameraState>;

/** A picture of the screen comes in this many parts at most, each small enough for a frame. */
export const MOST_PICTURE_PARTS = 400;
export const PICTURE_PART_BYTES = 9000;
export const PictureFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('picture'),
    id: z.int(),
    part: z.int().min(0),
    parts: z.int().min(1).max(MOST_PICTURE_PARTS),
    image: z.enum(['image/webp', 'image/png']),
    data: z.base64().max((PICTURE_PART_BYTES / 3) * 4),
  }),
  z.object({
    type: z.literal('no-picture'),
    id: z.int(),
    why: z.enum(['citizen-in-session', 'not-drawn', 'too-large']),
  }),
]);
export type PictureFrame = z.infer<typeof PictureFrame>;

/** Screen → runtime. */
export const UpFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('intent'), intent: Intent, at: PressedAt }),
  SecretKey,
  /** Speak this; what was being spoken stops. `private`: only into a headset, which the runtime looks after too. */
  z.object({
    type: z.literal('say'),
    id: z.int().min(1),
    text: z.string().min(1).max(2000),
    language: Language,
    speed: SpeechSpeed,
    private: z.boolean(),
  }),
  z.object({ type: z.literal('hush') }),
  /** The screen's camera read a code. Taken only while a code is wanted (`Snapshot.camera`). */
  z.object({
    type: z.literal('seen'),
    text: z.string().min(1).max(3000),
    aim: z
      .string()
      .regex(/^\][A-Za-z][0-9A-Za-z]$/)
      .optional(),
  }),
  /** How the screen's camera is; sent where the snapshot says that it is the reader. */
  z.object({ type: z.literal('camera'), state: CameraState }),
  /** Something typed a code like a keyboard: the keys went nowhere, and what they said is not told. */
  z.object({ type: z.literal('keyboard-wedge') }),
  ...PictureFrame.options,
]);
export type UpFrame = z.infer<typeof UpFrame>;
/** What the screen tells as a device, not as the citizen's hand. */
export type ReaderFrame = Extract<UpFrame, { type: 'seen' | 'camera' | 'keyboard-wedge' }>;

/** A frame longer than this is refused unread. */
export const MAX_UP_FRAME_BYTES = 16_384;
