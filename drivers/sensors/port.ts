import type { Device } from '../health/index.ts';

/** Somebody stands before the terminal, debounced 50 ms (other-devices.md). `unknown`: nobody may rely on it. */
export type Nearness = 'present' | 'absent' | 'unknown';
export interface PresenceSensor extends Device {
  readonly presence: Nearness;
  onPresence(listener: (presence: Nearness) => void): () => void;
}

/** The cabinet's contact is normally closed: an open or broken circuit is an open door (fail safe). */
export type Door = 'closed' | 'open';
export interface DoorContact extends Device {
  readonly door: Door;
  onDoor(listener: (door: Door) => void): () => void;
}
