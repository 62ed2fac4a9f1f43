/**
 * A HID report descriptor (USB HID 1.11, 6.2.2) as far as a barcode reader needs it: where which usage lies in which report.
 * Readers differ in size and order of their fields, so nothing about a report is taken for granted (barcode.md 1.1).
 */

export type ReportKind = 'input' | 'output' | 'feature';

/** One main item: `count` fields of `bits` bits each, lying one after the other in the report. */
export interface ReportField {
  readonly kind: ReportKind;
  /** 0: the device numbers no reports, and their bytes begin with data. */
  readonly reportId: number;
  /** Full usages (page in the upper 16 bits) in order; the last stands for the rest (6.2.2.8). */
  readonly usages: readonly number[];
  /** Bits from the report's first data bit, the report id not counted. */
  readonly at: number;
  readonly bits: number;
  readonly count: number;
  /** Padding. */
  readonly constant: boolean;
  /** Usages of the collections around it, outermost first. */
  readonly collections: readonly number[];
}

export interface ReportDescriptor {
  readonly fields: readonly ReportField[];
  /** The descriptor ends in the middle of an item, or closes what it did not open: what came before is kept. */
  readonly damaged: boolean;
}

interface Globals {
  readonly page: number;
  readonly size: number;
  readonly count: number;
  readonly reportId: number;
}

interface Locals {
  readonly usages: number[];
  minimum: number | undefined;
}

const MAIN: Readonly<Record<number, ReportKind>> = { 128: 'input', 144: 'output', 176: 'feature' };
/** No report of a reader comes near it; a descriptor that asks for more is nonsense. */
const LONGEST_REPORT_BITS = 8 * 4096;
const MOST_USAGES = 1024;

/** Reads a descriptor. Never throws: what cannot be understood is left out. */
export function readDescriptor(bytes: Uint8Array): ReportDescriptor {
  const fields: ReportField[] = [];
  const ends = new Map<string, number>();
  const stack: Globals[] = [];
  const collections: number[] = [];
  let globals: Globals = { page: 0, size: 0, count: 0, reportId: 0 };
  let locals: Locals = { usages: [], minimum: undefined };
  let damaged = false;
  let index = 0;

  const field = (kind: ReportKind, flags: number): void => {
    const place = `${kind} ${globals.reportId}`;
    const at = ends.get(place) ?? 0;
    const length = globals.size * globals.count;
    if (at + length > LONGEST_REPORT_BITS) {
      damaged = true;
      return;
    }
    ends.set(place, at + length);
    const { reportId, size: bits, count } = globals;
    fields.push({
      ...{ kind, reportId, usages: locals.usages, at, bits, count },
      constant: (flags & 1) === 1,
      collections: [...collections],
    });
  };
  const usageOf = (value: number, size: number): number =>
    size === 4 ? value : globals.page * 0x10000 + value;

  while (index < bytes.length) {
    const prefix = bytes[index] as number;
    if (prefix === 0xfe) {
      // a long item: none is defined, its length stands in its second byte
      index += 3 + (bytes[index + 1] ?? 0);
      damaged ||= index > bytes.length;
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 3] as number;
    if (index + 1 + size > bytes.length) {
      damaged = true;
      break;
    }
    let value = 0;
    for (let byte = size; byte > 0; byte--) value = value * 256 + (bytes[index + byte] as number);
    index += 1 + size;
    const main = MAIN[prefix & 0xfc];
    if (main) {
      field(main, value);
      locals = { usages: [], minimum: undefined };
      continue;
    }
    switch (prefix & 0xfc) {
      case 0xa0:
        collections.push(locals.usages[0] ?? 0);
        locals = { usages: [], minimum: undefined };
        break;
      case 0xc0:
        if (collections.pop() === undefined) damaged = true;
        locals = { usages: [], minimum: undefined };
        break;
      case 0x04:
        globals = { ...globals, page: value & 0xffff };
        break;
      case 0x74:
        globals = { ...globals, size: value };
        break;
      case 0x84:
        globals = { ...globals, reportId: value & 0xff };
        break;
      case 0x94:
        globals = { ...globals, count: value };
        break;
      case 0xa4:
        stack.push(globals);
        break;
      case 0xb4: {
        const before = stack.pop();
        if (before) globals = before;
        else damaged = true;
        break;
      }
      case 0x08:
        if (locals.usages.length < MOST_USAGES) locals.usages.push(usageOf(value, size));
        break;
      case 0x18:
        locals.minimum = usageOf(value, size);
        break;
      case 0x28: {
        const last = usageOf(value, size);
        for (let usage = locals.minimum ?? last; usage <= last; usage++) {
          if (locals.usages.length === MOST_USAGES) break;
          locals.usages.push(usage);
        }
        locals.minimum = undefined;
        break;
      }
      default:
    }
  }
  return { fields, damaged: damaged || collections.length > 0 };
}

/** Where the `position`-th value of a usage lies: bits from the first data bit. */
export interface UsagePlace {
  readonly reportId: number;
  readonly at: number;
  readonly bits: number;
  /** How many values in a row belong to this usage. */
  readonly count: number;
}

/** The first place of a usage among the reports of a kind. */
export function placeOf(
  descriptor: ReportDescriptor,
  kind: ReportKind,
  usage: number,
  reportId?: number,
): UsagePlace | undefined {
  for (const field of descriptor.fields) {
    if (field.kind !== kind || field.constant || (reportId !== undefined && field.reportId !== reportId))
      continue;
    const index = field.usages.indexOf(usage);
    if (index < 0 || index >= field.count) continue;
    const last = index === field.usages.length - 1;
    const { bits } = field;
    const count = last ? field.count - index : 1;
    return { reportId: field.reportId, at: field.at + index * bits, bits, count };
  }
  return undefined;
}

/** Bits of the data of a report, the id not counted. */
export function lengthOf(descriptor: ReportDescriptor, kind: ReportKind, reportId: number): number {
  return descriptor.fields
    .filter((field) => field.kind === kind && field.reportId === reportId)
    .reduce((most, field) => Math.max(most, field.at + field.bits * field.count), 0);
}
