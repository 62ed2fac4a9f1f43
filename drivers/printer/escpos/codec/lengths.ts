/**
 * How many bytes follow the two of a command's prefix: a number, or a rule that looks at the parameters that came so
 * far and answers a number, `more` when it cannot tell yet. Sources: printing.md 1 and 1.2, escpos.json.
 */
export type LengthRule = (parameters: Uint8Array) => number | 'more';
export type Length = number | LengthRule;

const u16 = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

/** `before` fixed bytes, the last two of which are the count of what follows. */
const counted = (before: number): Length => {
  return (bytes) => (bytes.length < before ? 'more' : before + u16(bytes, before - 2));
};
/** The first byte decides how many follow it. */
const bySub = (table: Readonly<Record<number, number>>, other: number): Length => {
  return (bytes) => (bytes.length < 1 ? 'more' : 1 + (table[bytes[0] ?? 0] ?? other));
};
/** Up to and with a NUL, at most `most` bytes. */
const terminated = (from: number, most: number): LengthRule => {
  return (bytes) => {
    const end = bytes.indexOf(0, from);
    if (end >= 0) return end + 1;
    return bytes.length >= most ? most : 'more';
  };
};

const escBitImage: Length = (bytes) => {
  if (bytes.length < 3) return 'more';
  return 3 + u16(bytes, 1) * ((bytes[0] ?? 0) >= 32 ? 3 : 1);
};

/** User-defined characters: y, first, last, then for each its width x and x·y bytes. */
const escDefine: Length = (bytes) => {
  if (bytes.length < 3) return 'more';
  const [high = 0, first = 0, last = 0] = bytes;
  let at = 3;
  for (let character = first; character <= last; character++) {
    if (at >= bytes.length) return 'more';
    at += 1 + (bytes[at] ?? 0) * high;
  }
  return at;
};

const raster: Length = (bytes) => (bytes.length < 6 ? 'more' : 6 + u16(bytes, 2) * u16(bytes, 4));

const largeGraphics: Length = (bytes) => {
  if (bytes.length < 5) return 'more';
  return 5 + u16(bytes, 1) + u16(bytes, 3) * 0x10000;
};

const barcode: Length = (bytes) => {
  const kind = bytes[0];
  if (kind === undefined) return 'more';
  if (kind <= 6) return terminated(1, 256)(bytes);
  return bytes.length < 2 ? 'more' : 2 + (bytes[1] ?? 0);
};

const downloadedImage: Length = (bytes) => {
  return bytes.length < 2 ? 'more' : 2 + (bytes[0] ?? 0) * (bytes[1] ?? 0) * 8;
};

const table = (rows: Readonly<Record<string, Length>>): ReadonlyMap<number, Length> =>
  new Map(
    Object.entries(rows).map(([key, length]) => [
      key.length === 1 ? key.charCodeAt(0) : Number.parseInt(key, 16),
      length,
    ]),
  );

const esc = table({
  '06': 1,
  ' ': 1,
  '!': 1,
  $: 2,
  '%': 1,
  '&': escDefine,
  '(': counted(3),
  '*': escBitImage,
  '-': 1,
  '30': 0,
  '32': 0,
  '33': 1,
  '34': 1,
  '<': 0,
  '=': 1,
  '?': 1,
  '@': 0,
  C: 1,
  D: terminated(0, 33),
  E: 1,
  F: 0,
  G: 1,
  J: 1,
  K: 1,
  L: 0,
  M: 1,
  R: 1,
  S: 0,
  T: 1,
  U: 1,
  V: 1,
  W: 8,
  '\\': 2,
  a: 1,
  c: 2,
  d: 1,
  e: 1,
  f: 2,
  i: 0,
  m: 0,
  p: 3,
  r: 1,
  t: 1,
  u: 1,
  v: 0,
  '{': 1,
  fa: 5,
});

const gs = table({
  '!': 1,
  '#': 1,
  $: 2,
  '(': counted(3),
  '*': downloadedImage,
  '/': 1,
  '38': largeGraphics,
  ':': 0,
  B: 1,
  C: bySub({ 48: 2, 49: 6, 50: 2 }, 2),
  D: 1,
  E: 1,
  H: 1,
  I: 1,
  L: 2,
  P: 2,
  Q: raster,
  T: 1,
  V: bySub({ 65: 1, 66: 1, 97: 1, 98: 1, 103: 1, 104: 1 }, 0),
  W: 2,
  '\\': 2,
  '^': 3,
  a: 1,
  b: 1,
  c: 0,
  // Ejector: present takes a length, present with time limit a length and seconds.
  e: bySub({ 3: 1, 32: 2 }, 0),
  f: 1,
  g: bySub({ 48: 3, 50: 3 }, 0),
  h: 1,
  j: 1,
  k: barcode,
  r: 1,
  v: raster,
  w: 1,
  z: 3,
  '|': 1,
  d0: 4,
  e0: 1,
  e1: 0,
  e2: 0,
  e3: 0,
  e4: 0,
  e5: 0,
  e6: 2,
  e7: 2,
  e8: 1,
  f0: 1,
  f6: 0,
  f8: 0,
});

const fs = table({
  '!': 1,
  '&': 0,
  '(': counted(3),
  '-': 1,
  '.': 0,
  // Light bar: `C` off or steady, `F` flashing with a frequency; colour `L target save r g b`, `L R w n`.
  B: bySub({ 70: 1 }, 0),
  C: 1,
  G: 1,
  K: 1,
  L: bySub({ 67: 4, 66: 4, 82: 2 }, 2),
  P: 4,
  S: 2,
  W: 1,
  p: 2,
  '93': 6,
  c0: 4,
  c1: 1,
});

/** Real-time commands: EOT asks, ENQ recovers, DC4 acts. */
const dle = table({
  '04': bySub({ 7: 1, 8: 1, 18: 1 }, 0),
  '05': 1,
  '14': bySub({ 1: 2, 2: 2, 3: 5, 7: 1, 8: 7 }, 0),
});

const prefixes: ReadonlyMap<
  number,
  { readonly name: string; readonly lengths: ReadonlyMap<number, Length> }
> = new Map([
  [0x10, { name: 'DLE', lengths: dle }],
  [0x1b, { name: 'ESC', lengths: esc }],
  [0x1c, { name: 'FS', lengths: fs }],
  [0x1d, { name: 'GS', lengths: gs }],
]);

/** What begins with this byte, or undefined where it is no prefix. */
export const prefixOf = (byte: number) => prefixes.get(byte);
