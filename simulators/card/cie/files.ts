import { concat, fromHex, numberBytes, tlv } from '../tlv.ts';

export type Folder = 'root' | 'cie';

export interface ElementaryFile {
  readonly folder: Folder;
  readonly fid: number;
  readonly sfi: number | undefined;
  readonly content: Uint8Array;
  readonly access: 'free' | 'pin';
}

export interface CieContents {
  readonly atr: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly dh: Uint8Array;
  readonly nis: Uint8Array;
  readonly documentNumber: Uint8Array;
  readonly certificate: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly antiCloneKey: Uint8Array;
  readonly sod: Uint8Array;
}

/** The files of section 2. With `padTo` the DER files sit in a larger EF, filled up with zeros. */
export function cieFiles(contents: CieContents, padTo: number): readonly ElementaryFile[] {
  const filled = (content: Uint8Array) =>
    padTo === 0 ? content : concat(content, new Uint8Array(padTo - (content.length % padTo)));
  const root = { folder: 'root', access: 'free' } as const;
  const cie = { folder: 'cie', access: 'free' } as const;
  return [
    { ...root, fid: 0x2f01, sfi: 0x1d, content: contents.atr },
    { ...root, fid: 0xd003, sfi: undefined, content: contents.serialNumber },
    { ...root, fid: 0xd004, sfi: 0x1b, content: filled(contents.dh) },
    { ...cie, fid: 0x1001, sfi: 0x01, content: contents.nis },
    { ...cie, fid: 0x1002, sfi: 0x02, content: contents.documentNumber, access: 'pin' },
    { ...cie, fid: 0x1003, sfi: 0x03, content: filled(contents.certificate), access: 'pin' },
    { ...cie, fid: 0x1004, sfi: 0x04, content: filled(contents.deviceKey) },
    { ...cie, fid: 0x1005, sfi: 0x05, content: filled(contents.antiCloneKey) },
    { ...cie, fid: 0x1006, sfi: 0x06, content: filled(contents.sod) },
  ];
}

/**
 * EF.ATR. `7F66` says the largest command and answer in bytes; without extended length they are those of a short APDU.
 */
export function efAtr(extended: boolean): Uint8Array {
  const abilities = fromHex(extended ? '470394 01e0' : '470394 0180');
  const sizes = extended ? [0x04d6, 0x07e3] : [0x0105, 0x0102];
  return concat(
    fromHex('8000 4301b8 460410101010'),
    abilities,
    tlv(0x7f66, ...sizes.map((size) => tlv(0x02, numberBytes(size, 2)))),
    tlv(0xe0, ...[...sizes, ...sizes].map((size) => tlv(0x02, numberBytes(size, 2)))),
    fromHex('82029000'),
  );
}

/** File control parameters of an EF, for who asks with P2 = 04. */
export function controlParameters(file: ElementaryFile): Uint8Array {
  return tlv(
    0x62,
    tlv(0x80, numberBytes(file.content.length, 2)),
    tlv(0x82, Uint8Array.of(0x01)),
    tlv(0x83, numberBytes(file.fid, 2)),
    ...(file.sfi === undefined ? [] : [tlv(0x88, Uint8Array.of(file.sfi << 3))]),
    tlv(0x8a, Uint8Array.of(0x05)),
  );
}
