/** One `struct input_event` of a 64-bit Linux (input.h): two 8-byte halves of a time, then type, code and value. */
export interface InputEvent {
  readonly type: number;
  readonly code: number;
  readonly value: number;
}

export const INPUT_EVENT_BYTES = 24;

export const EV_KEY = 0x01;
export const EV_SW = 0x05;
export const SW_HEADPHONE_INSERT = 0x02;

/** Values of `EV_KEY`; 2 is the kernel's own repetition of a held key. */
export const KEY_UP = 0;
export const KEY_DOWN = 1;

/** Whole events of a stream, and what is left of the one that has only begun. Events that only part others are left out. */
export function readInputEvents(bytes: Uint8Array): { events: readonly InputEvent[]; rest: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = Math.floor(bytes.length / INPUT_EVENT_BYTES) * INPUT_EVENT_BYTES;
  const events: InputEvent[] = [];
  for (let at = 0; at < whole; at += INPUT_EVENT_BYTES) {
    const type = view.getUint16(at + 16, true);
    if (type !== EV_KEY && type !== EV_SW) continue;
    events.push({ type, code: view.getUint16(at + 18, true), value: view.getInt32(at + 20, true) });
  }
  return { events, rest: bytes.slice(whole) };
}

/** The other way, for those who play a device. */
export function inputEvent({ type, code, value }: InputEvent): Uint8Array {
  const bytes = new Uint8Array(INPUT_EVENT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(16, type, true);
  view.setUint16(18, code, true);
  view.setInt32(20, value, true);
  return bytes;
}
