import type { DeviceHealth, SelfTestStep } from '@jolly/drivers/health';

/** What is known of a barcode reader that types like a keyboard. */
export interface WedgeNote {
  readonly since: number | undefined;
  readonly times: number;
}
export const quiet: WedgeNote = { since: undefined, times: 0 };

/** The reason in the health of the role `barcode`, and the name of its step in a self-test. */
export const KEYBOARD_WEDGE = 'keyboard-wedge';

export const noteWedge = (note: WedgeNote, at: number): WedgeNote => ({
  since: note.since ?? at,
  times: note.times + 1,
});

const WORKING: ReadonlySet<string> = new Set(['ready', 'busy']);

/** The reader's health with the note: one that works is degraded by the other that types. */
export function withWedge(health: DeviceHealth, { since, times }: WedgeNote): DeviceHealth {
  if (since === undefined) return health;
  const state = WORKING.has(health.state) ? 'degraded' : health.state;
  return {
    state,
    reasons: [...health.reasons, KEYBOARD_WEDGE],
    since: state === health.state ? health.since : since,
    counters: { ...health.counters, keyboardWedge: times },
  };
}

export function wedgeSteps({ since, times }: WedgeNote): readonly SelfTestStep[] {
  if (since === undefined) return [];
  return [
    {
      name: KEYBOARD_WEDGE,
      ok: false,
      durationMs: 0,
      detail: `a reader typed ${times} code${times === 1 ? '' : 's'} like a keyboard; none was taken`,
      cure: 'read the configuration code "USB HID POS" (or "USB-COM") of the reader’s manual with it, and name it in the configuration (docs/barcode.md)',
    },
  ];
}
