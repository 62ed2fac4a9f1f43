/** What the system says of a HID device. */
export interface HidDeviceInfo {
  /** As the system opens it, e.g. `/dev/hidraw3`. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string | undefined;
  /** Of its first application collection: 0x8C is a barcode reader, 0x01 (with usage 6) a keyboard; undefined: not told. */
  readonly usagePage: number | undefined;
  readonly usage: number | undefined;
}

export interface HidEvents {
  /** One input report, with its id first where the device numbers its reports. */
  report(bytes: Uint8Array): void;
  /** The device is no longer there, or does not speak any more. Said once; nothing comes after it. */
  gone(reason: string): void;
}

/** One open device. */
export interface HidLink {
  readonly descriptor: Uint8Array;
  /** One output report, id first (0 where reports are not numbered). */
  write(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The HID devices of this computer. Both may reject. */
export interface HidTransport {
  list(): Promise<readonly HidDeviceInfo[]>;
  open(path: string, events: HidEvents): Promise<HidLink>;
}
