import { lengthOf, placeOf, type ReportDescriptor, type UsagePlace } from './descriptor.ts';

/** Usages of the bar code scanner page (USB HID Point of Sale Usage Tables 1.02) and the one of Generic Desktop it uses. */
const PAGE = 0x8c_0000;
export const USAGE = {
  scannedData: PAGE + 0x12,
  initiateRead: PAGE + 0x60,
  triggerState: PAGE + 0x61,
  preventRead: PAGE + 0x5f,
  symbology: [PAGE + 0xfb, PAGE + 0xfc, PAGE + 0xfd],
  data: PAGE + 0xfe,
  continued: PAGE + 0xff,
  byteCount: 0x1_003b,
} as const;
export const SCANNER_PAGE = 0x8c;

/** One bit that starts reading in an output report. */
export interface TriggerLayout {
  readonly reportId: number;
  readonly at: number;
  readonly bits: number;
  /** Data bytes of the report, the id not counted. */
  readonly bytes: number;
}

/** Where things lie in a reader's scanned data report. */
export interface ScanLayout {
  readonly reportId: number;
  readonly data: UsagePlace;
  /** Absent: the data ends at the first NUL. */
  readonly count: UsagePlace | undefined;
  /** The three characters of the AIM identifier, where the reader gives it. */
  readonly symbology: readonly UsagePlace[];
  /** Absent: every report is a whole code. */
  readonly continued: UsagePlace | undefined;
  /** Absent: the reader cannot be told by the host when to read. */
  readonly trigger: TriggerLayout | undefined;
}

/** The scanned data report of a descriptor; undefined: this is no barcode reader in HID POS mode. */
export function scanLayout(descriptor: ReportDescriptor): ScanLayout | undefined {
  const data = placeOf(descriptor, 'input', USAGE.data);
  // data in bits or words would be another device's
  if (data?.bits !== 8 || data.at % 8 !== 0) return undefined;
  const { reportId } = data;
  const here = (usage: number) => placeOf(descriptor, 'input', usage, reportId);
  const symbology = USAGE.symbology.map(here).filter((place) => place !== undefined);
  return {
    ...{ reportId, data },
    count: here(USAGE.byteCount),
    symbology: symbology.length === USAGE.symbology.length ? symbology : [],
    continued: here(USAGE.continued),
    trigger: triggerOf(descriptor),
  };
}

function triggerOf(descriptor: ReportDescriptor): TriggerLayout | undefined {
  const place =
    placeOf(descriptor, 'output', USAGE.initiateRead) ?? placeOf(descriptor, 'output', USAGE.triggerState);
  if (!place || place.bits > 8) return undefined;
  const { reportId, at, bits } = place;
  return { reportId, at, bits, bytes: Math.ceil(lengthOf(descriptor, 'output', reportId) / 8) };
}

/** The output report that starts (`true`) or stops reading, report id first (0 where reports are not numbered). */
export function triggerReport(trigger: TriggerLayout, on: boolean): Uint8Array {
  const report = new Uint8Array(1 + trigger.bytes);
  report[0] = trigger.reportId;
  const byte = 1 + Math.floor(trigger.at / 8);
  if (on) report[byte] = 1 << (trigger.at % 8);
  return report;
}
