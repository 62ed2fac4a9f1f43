import type { PadKey } from '@jolly/contracts/terminal-channel';
import type { Device } from '../health/index.ts';

/** A tactile keypad; its maker's codes are configuration (accessibility-and-design.md 4.2). Held keys come once. */
export interface Keypad extends Device {
  onKey(listener: (key: PadKey) => void): () => void;
  /** A key that is still down two seconds after it came. */
  onHold(listener: (key: PadKey) => void): () => void;
  /** Keypads with a jack of their own say when something is plugged in; undefined: this one has none. */
  readonly headset: boolean | undefined;
  onHeadset(listener: (plugged: boolean) => void): () => void;
}
