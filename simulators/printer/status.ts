/**
 * Flags → status bytes, written from printing.md 1.1 and 1.2 on their own and not by turning the driver's decoders
 * round: a mistake there must not hide here.
 */
export interface Flags {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperLow: boolean;
  readonly paperOut: boolean;
  readonly jam: boolean;
  readonly cutterError: boolean;
  readonly ticketInMouth: boolean;
}

const when = (flag: boolean, bits: number) => (flag ? bits : 0);

/** Reply to `10 04 n`; undefined for an n that is not answered. */
export function dleEot(n: number, flags: Flags): number | undefined {
  switch (n) {
    case 1:
      return 0x12 | when(flags.offline, 0x08);
    case 2:
      return (
        0x12 |
        when(flags.coverOpen, 0x04) |
        when(flags.paperOut, 0x20) |
        when(flags.jam || flags.cutterError, 0x40)
      );
    case 3:
      return 0x12 | when(flags.jam, 0x04) | when(flags.cutterError, 0x08);
    case 4:
      return 0x12 | when(flags.paperLow || flags.paperOut, 0x0c) | when(flags.paperOut, 0x60);
    default:
      return undefined;
  }
}

export function automaticStatus(flags: Flags): Uint8Array {
  return Uint8Array.of(
    0x10 | when(flags.offline, 0x08) | when(flags.coverOpen, 0x20),
    when(flags.jam, 0x04) | when(flags.cutterError, 0x08),
    paperSensor(flags),
    0x0f,
  );
}

/** Reply to GS r 1 and ESC v. */
export function paperSensor(flags: Flags): number {
  return when(flags.paperLow || flags.paperOut, 0x03) | when(flags.paperOut, 0x0c);
}

/** The four bytes of Custom's full status: paper, user, recoverable, unrecoverable. */
export function fullStatus(flags: Flags): readonly [number, number, number, number] {
  return [
    when(flags.paperOut, 0x01) |
      when(flags.paperLow || flags.paperOut, 0x04) |
      when(flags.ticketInMouth, 0x20),
    when(flags.coverOpen, 0x02),
    when(flags.jam, 0x40),
    when(flags.cutterError, 0x01),
  ];
}

export function ejectorStatus(flags: Flags): number {
  return (
    when(flags.paperLow, 0x01) |
    when(!flags.paperOut, 0x04) |
    when(flags.ticketInMouth, 0x08) |
    when(flags.jam, 0xc0)
  );
}
