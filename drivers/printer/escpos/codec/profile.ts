/** How a family of printers differs from the common ESC/POS (printing.md 1, 1.2). Adding a printer is adding a row. */
export interface PrinterProfile {
  readonly name: string;
  /** Characters of font A on a line; the URI's `width` overrides it. */
  readonly columns: number;
  /** `ESC t n` that selects PC858. */
  readonly codePage: number;
  /** Byte of `GS ( k … 45 n` for error level M. */
  readonly qrLevelM: number;
  /** The `m` byte of the QR's store and print functions. */
  readonly qrMode: number;
  /** What brings the slip to the citizen after the last line. */
  readonly delivery: 'cut' | 'present' | 'ejector';
  /** Answers `10 04 14` with the full status: knows jams and the ticket in the mouth. */
  readonly fullStatus: boolean;
  /** `GS a` exists. Custom's own automatic status has another form and is not used. */
  readonly automaticStatus: boolean;
  /** Understands the real-time `DLE DC4 8` (clear buffers) and answers it with the block `37 25 00`. */
  readonly clearsBuffer: boolean;
  /** Seconds a presented slip waits in the mouth before it is taken back; 0 = where it falls into a tray. */
  readonly mouthSeconds: number;
}

export const profiles = {
  'epson-generic': {
    name: 'epson-generic',
    columns: 42,
    codePage: 19,
    qrLevelM: 0x31,
    qrMode: 0x30,
    delivery: 'cut',
    fullStatus: false,
    automaticStatus: true,
    clearsBuffer: true,
    mouthSeconds: 0,
  },
  'custom-vkp80iii': {
    name: 'custom-vkp80iii',
    columns: 48,
    codePage: 19,
    qrLevelM: 0x32,
    qrMode: 0x31,
    delivery: 'present',
    fullStatus: true,
    automaticStatus: false,
    clearsBuffer: false,
    mouthSeconds: 30,
  },
  'custom-kpm': {
    name: 'custom-kpm',
    columns: 48,
    codePage: 19,
    qrLevelM: 0x31,
    qrMode: 0x30,
    delivery: 'ejector',
    fullStatus: true,
    automaticStatus: false,
    clearsBuffer: false,
    mouthSeconds: 30,
  },
} as const satisfies Record<string, PrinterProfile>;

export type ProfileName = keyof typeof profiles;

export function profileNamed(name: string): PrinterProfile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name as ProfileName] : undefined;
}
