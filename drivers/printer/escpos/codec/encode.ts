import { type LaidLine, layOut, type PaperDocument } from '@jolly/contracts/receipt';
import { encodePc858 } from './codepage.ts';
import type { PrinterProfile } from './profile.ts';

/** Requests and settings, as bytes. */
export const command = {
  reset: [0x1b, 0x40],
  /** 1 printer, 2 cause of offline, 3 cause of error, 4 roll. */
  status: (n: 1 | 2 | 3 | 4) => [0x10, 0x04, n],
  fullStatus: [0x10, 0x04, 0x14],
  automaticStatus: [0x1d, 0x61, 0xff],
  /** Executed in order with the data: its reply means that all before it is on paper. */
  paperSensor: [0x1d, 0x72, 0x01],
  /** Clears a recoverable error and drops what waits in the buffers. */
  recover: [0x10, 0x05, 0x02],
  clearBuffer: [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08],
  /** 65 firmware, 66 maker, 67 model. */
  identity: (n: 65 | 66 | 67) => [0x1d, 0x49, n],
} as const;

/** Bytes for the whole slip, cut and delivery included, without the question that proves it was printed. */
export function encodeDocument(
  document: PaperDocument,
  profile: PrinterProfile,
  columns: number = profile.columns,
): Uint8Array {
  return Uint8Array.from([...encodeLines(document, profile, columns), ...delivery(profile)]);
}

/** The same up to the last line: whoever carries the printer cuts and delivers. */
export function encodeLines(
  document: PaperDocument,
  profile: PrinterProfile,
  columns: number = profile.columns,
): Uint8Array {
  const parts: number[][] = [
    [...command.reset],
    // International set USA: Italy's would change # @ [ \ ] { }.
    [0x1b, 0x52, 0x00],
    [0x1b, 0x74, profile.codePage],
    ...layOut(document, columns).map((line) => encodeLine(line, profile)),
  ];
  return Uint8Array.from(parts.flat());
}

const alignments = { start: 0, centre: 1, end: 2 } as const;

function encodeLine(line: LaidLine, profile: PrinterProfile): number[] {
  if (line.line === 'space') return line.lines === 0 ? [] : [0x1b, 0x64, line.lines];
  if (line.line === 'qr') return encodeQr(line, profile);
  const size = ((line.scaleX - 1) << 4) | (line.scaleY - 1);
  return [
    ...[0x1b, 0x61, alignments[line.align]],
    ...(line.bold ? [0x1b, 0x45, 1] : []),
    ...(size === 0 ? [] : [0x1d, 0x21, size]),
    ...encodePc858(line.text),
    0x0a,
    // The line pitch is that of the normal letters: a tall line would touch the next one.
    ...(line.scaleY > 1 ? [0x1b, 0x4a, 6] : []),
    ...(size === 0 ? [] : [0x1d, 0x21, 0]),
    ...(line.bold ? [0x1b, 0x45, 0] : []),
  ];
}

const levels = { L: -1, M: 0, Q: 1, H: 2 } as const;

function encodeQr(line: Extract<LaidLine, { line: 'qr' }>, profile: PrinterProfile): number[] {
  const data = new TextEncoder().encode(line.data).subarray(0, 2_953);
  const store = data.length + 3;
  const qr = (...rest: number[]) => [0x1d, 0x28, 0x6b, ...rest];
  return [
    ...[0x1b, 0x61, 1],
    ...qr(4, 0, 0x31, 0x41, 0x32, 0),
    ...qr(3, 0, 0x31, 0x43, line.module),
    ...qr(3, 0, 0x31, 0x45, profile.qrLevelM + levels[line.level]),
    ...qr(store & 0xff, store >> 8, 0x31, 0x50, profile.qrMode, ...data),
    ...qr(3, 0, 0x31, 0x51, profile.qrMode),
    0x0a,
    ...[0x1b, 0x61, 0],
  ];
}

/** Steps are of 5 mm on the VKP80III and of 0.625 mm on the KPM: both bring out about 10 cm (printing.md 1.2). */
function delivery(profile: PrinterProfile): number[] {
  switch (profile.delivery) {
    case 'cut':
      return [0x1d, 0x56, 0x41, 0x10];
    case 'present':
      // The presenter cuts too: 20 steps, light off, retract after the time.
      return [0x1c, 0x50, 0x14, 0x00, 0x52, profile.mouthSeconds];
    case 'ejector':
      return [0x1d, 0x56, 0x00, 0x1d, 0x65, 0x20, 0xa0, profile.mouthSeconds];
  }
}
