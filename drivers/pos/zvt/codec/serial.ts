import { apduOf, type ZvtReader, type ZvtWireItem } from './apdu.ts';
import { crcOf } from './crc.ts';
import { encodeError, type ZvtWireErrorCode } from './errors.ts';

const STX = 0x02;
const ETX = 0x03;
const ACK = 0x06;
const DLE = 0x10;
const NAK = 0x15;

/** The longest APDU: five bytes of head and 65535 of data. */
const LONGEST = 65_540;

/** `DLE STX`, the APDU with every DLE doubled, `DLE ETX`, the check value low byte first. */
export function encodeSerialFrame(apdu: Uint8Array): Uint8Array {
  if (apdu.length > LONGEST) throw encodeError('ZVT_UNENCODABLE', { field: 'frame' });
  const bytes = [DLE, STX];
  for (const byte of apdu) {
    if (byte === DLE) bytes.push(DLE);
    bytes.push(byte);
  }
  const crc = crcOf(apdu);
  bytes.push(DLE, ETX, crc & 0xff, crc >> 8);
  return Uint8Array.from(bytes);
}

/** The one-byte answer to every frame. */
export const encodeSerialControl = (kind: 'ack' | 'nak'): Uint8Array =>
  Uint8Array.of(kind === 'ack' ? ACK : NAK);

type Place = 'between' | 'opening' | 'inside' | 'escaped' | 'crc-low' | 'crc-high';

/**
 * The reader of a serial line. Outside a frame only ACK, NAK and `DLE STX` mean something; inside, `DLE STX` shows that the end
 * of the frame before was lost. The two bytes of the check value are taken as they are: they are never doubled.
 */
export class SerialReader implements ZvtReader {
  #place: Place = 'between';
  #frame: number[] = [];
  #crc = 0;
  #skipped = 0;

  get pending(): number {
    return this.#place === 'between' ? 0 : this.#frame.length + 1;
  }

  push(chunk: Uint8Array): ZvtWireItem[] {
    const items: ZvtWireItem[] = [];
    for (const byte of chunk) {
      const item = this.#take(byte);
      if (item) items.push(item);
    }
    return items;
  }

  end(): ZvtWireItem[] {
    if (this.#place === 'between') return [];
    const skipped = this.#takeSkipped();
    this.reset();
    return [{ wire: 'incomplete', data: new Uint8Array(), skipped }];
  }

  reset(): void {
    this.#place = 'between';
    this.#frame = [];
    this.#skipped = 0;
  }

  #take(byte: number): ZvtWireItem | undefined {
    switch (this.#place) {
      case 'between':
        return this.#between(byte);
      case 'opening':
        if (byte === STX) {
          this.#open();
          return undefined;
        }
        this.#place = 'between';
        this.#skipped++;
        return this.#between(byte);
      case 'inside':
        if (byte === DLE) this.#place = 'escaped';
        else return this.#keep(byte);
        return undefined;
      case 'escaped':
        return this.#escaped(byte);
      case 'crc-low':
        this.#crc = byte;
        this.#place = 'crc-high';
        return undefined;
      case 'crc-high':
        return this.#close(this.#crc | (byte << 8));
    }
  }

  #between(byte: number): ZvtWireItem | undefined {
    if (byte === ACK) return { wire: 'ack', skipped: this.#takeSkipped() };
    if (byte === NAK) return { wire: 'nak', skipped: this.#takeSkipped() };
    if (byte !== DLE) return this.#noise();
    this.#place = 'opening';
    return undefined;
  }

  #open(): void {
    this.#place = 'inside';
    this.#frame = [];
  }

  #escaped(byte: number): ZvtWireItem | undefined {
    switch (byte) {
      case DLE:
        this.#place = 'inside';
        return this.#keep(byte);
      case ETX:
        this.#place = 'crc-low';
        return undefined;
      case STX: {
        const error = this.#error('ZVT_TRUNCATED');
        this.#open();
        return error;
      }
      default:
        return this.#error('ZVT_ESCAPE');
    }
  }

  #keep(byte: number): ZvtWireItem | undefined {
    this.#frame.push(byte);
    return this.#frame.length > LONGEST ? this.#error('ZVT_TOO_LONG') : undefined;
  }

  #close(crc: number): ZvtWireItem {
    const bytes = Uint8Array.from(this.#frame);
    if (crc !== crcOf(bytes)) return this.#error('ZVT_CRC');
    const apdu = apduOf(bytes);
    if (!apdu) return this.#error('ZVT_LENGTH');
    this.#place = 'between';
    this.#frame = [];
    return { wire: 'apdu', apdu, skipped: this.#takeSkipped() };
  }

  #error(code: ZvtWireErrorCode): ZvtWireItem {
    this.#place = 'between';
    this.#frame = [];
    return { wire: 'error', code, skipped: this.#takeSkipped() };
  }

  /** The first byte of a run is reported, the others are counted with the next item. */
  #noise(): ZvtWireItem | undefined {
    const first = this.#skipped === 0;
    this.#skipped++;
    return first ? { wire: 'error', code: 'ZVT_NOISE', skipped: 0 } : undefined;
  }

  #takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }
}
