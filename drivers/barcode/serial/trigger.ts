/** Commands that start and stop reading, by the maker of the reader (barcode.md 1.1). Data only. */
export interface TriggerProfile {
  readonly on: Uint8Array;
  readonly off: Uint8Array;
  /** The reader stops by itself after a read: the command is sent again. */
  readonly againAfterScan: boolean;
  /** The reader stops by itself after a while (Honeywell: 30 s from the factory): the command is sent again, ms. */
  readonly againEveryMs?: number;
}

export const PROFILES = ['none', 'honeywell', 'datalogic'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** `none`: the reader is always on (presentation mode) or has no trigger command. */
export const triggerProfiles: Readonly<Record<ProfileName, TriggerProfile | undefined>> = {
  none: undefined,
  // SYN T CR, SYN U CR.
  honeywell: {
    on: Uint8Array.of(0x16, 0x54, 0x0d),
    off: Uint8Array.of(0x16, 0x55, 0x0d),
    againAfterScan: true,
    againEveryMs: 20_000,
  },
  // RS232 host commands E and D.
  datalogic: { on: Uint8Array.of(0x45), off: Uint8Array.of(0x44), againAfterScan: false },
};
