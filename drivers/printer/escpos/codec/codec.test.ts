import {
  layOut,
  type PaperBlock,
  type PaperDocument,
  type PaperRow,
  renderText,
  testPage,
  textOf,
} from '@jolly/contracts/receipt';
import fc from 'fast-check';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import {
  asPrinted,
  type Command,
  CommandReader,
  decodeEscposStatus,
  encodeDocument,
  encodePc858,
  MAX_COMMAND,
  Page,
  type PageEvent,
  profiles,
  RealtimeScanner,
  ReplySplitter,
  statusReplies,
} from './index.ts';

const bytes = (most: number) => fc.uint8Array({ maxLength: most });

/** Bytes in which commands are likely. */
const commandish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        0x10,
        0x1b,
        0x1c,
        0x1d,
        0x0a,
        0x04,
        0x6b,
        0x28,
        0x76,
        0x30,
        0x56,
        0x2a,
        0x4c,
        0x38,
        0x50,
      ),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 400 },
  )
  .map((values) => Uint8Array.from(values));

/** Cuts at the given places, some of which may fall together. */
function pieces(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return places.slice(1).map((end, at) => whole.subarray(places[at], end));
}

function read(parts: readonly Uint8Array[], page = new Page()): PageEvent[] {
  const reader = new CommandReader();
  return parts.flatMap((part) => reader.push(part).flatMap((found) => page.apply(found)));
}

const rowsOf = (events: readonly PageEvent[]): PaperRow[] =>
  events.flatMap((event) => (event.event === 'row' ? [event.row] : []));

const printable = fc
  .array(fc.constantFrom(...'abc XYZ 0123456789 àèéìòùÀÈÉÌÒÙç € °§ -.,:;!?'), { maxLength: 60 })
  .map((letters) => letters.join(''));

const block: fc.Arbitrary<PaperBlock> = fc.oneof(
  fc.record({
    block: fc.constant('text' as const),
    text: printable,
    align: fc.constantFrom('start' as const, 'centre' as const, 'end' as const),
    bold: fc.boolean(),
    size: fc.constantFrom('normal' as const, 'tall' as const, 'wide' as const, 'double' as const),
  }),
  fc.record({ block: fc.constant('pair' as const), label: printable, value: printable }),
  fc.constant({ block: 'rule' as const }),
);
const documents: fc.Arbitrary<PaperDocument> = fc
  .array(block, { maxLength: 12 })
  .map((blocks) => ({ kind: 'receipt', blocks }));

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

describe('a document as bytes', () => {
  it('reads back as its preview, on every profile and in any fragmentation', () => {
    fc.assert(
      fc.property(
        documents,
        fc.constantFrom(...Object.values(profiles)),
        fc.array(fc.nat(), { maxLength: 5 }),
        (document, profile, cuts) => {
          const encoded = encodeDocument(document, profile);
          const page = new Page({ width: profile.columns * 12 });
          const events = read(pieces(encoded, cuts), page);
          expect(lines(textOf(rowsOf(events)))).toEqual(
            lines(renderText(document, { columns: profile.columns })),
          );
          expect(events.filter((event) => event.event === 'unsupported')).toEqual([]);
          expect(events.filter((event) => event.event === 'cut')).toHaveLength(1);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(Object.values(profiles))('carries a QR that another reader reads ($name)', (profile) => {
    const data = 'https://comune.example/r/€-à';
    const document: PaperDocument = { kind: 'receipt', blocks: [{ block: 'qr', data, module: 5 }] };
    const qrLevels = profile.name === 'custom-vkp80iii' ? 'custom' : 'epson';
    const events = read(
      [encodeDocument(document, profile)],
      new Page({ qrLevels, width: profile.columns * 12 }),
    );
    expect(events).toContainEqual({ event: 'qr', data, module: 5, level: 'M' });
    const drawn = rowsOf(events).find((row) => row.row === 'raster');
    expect(drawn && seen(drawn)).toBe(data);
  });

  it('never lets a text become a command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const document: PaperDocument = { kind: 'receipt', blocks: [{ block: 'text', text }] };
        const plain = encodeDocument(
          { kind: 'receipt', blocks: layOut(document).map(() => ({ block: 'text', text: 'x' })) },
          profiles['epson-generic'],
        );
        const names = (wire: Uint8Array) =>
          new CommandReader().push(wire).flatMap((found) => (found.kind === 'command' ? [found.name] : []));
        expect(names(encodeDocument(document, profiles['epson-generic']))).toEqual(names(plain));
      }),
    );
  });

  it('prints the test page without anything its printer would not know', () => {
    const events = read([encodeDocument(testPage(), profiles['epson-generic'])]);
    expect(events.filter((event) => event.event === 'unsupported')).toEqual([]);
    expect(textOf(rowsOf(events))).toContain('à è é ì ò ù À È É Ì Ò Ù €');
  });
});

/** What jsqr sees in the modules, drawn with a quiet zone. */
function seen(row: Extract<PaperRow, { row: 'raster' }>): string | undefined {
  const zoom = 4;
  const quiet = 4;
  const side = (row.raster.columns + 2 * quiet) * zoom;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / zoom) - quiet;
      const line = Math.floor(y / zoom) - quiet;
      if (column < 0 || line < 0 || column >= row.raster.columns || line >= row.raster.lines) continue;
      if (row.raster.bits[line * row.raster.columns + column] === 1)
        pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  const found = jsQR.default(pixels, side, side);
  return found ? new TextDecoder().decode(Uint8Array.from(found.binaryData)) : undefined;
}

describe('code page 858', () => {
  it('has the Italian letters and the euro where the printer expects them', () => {
    expect(Buffer.from(encodePc858('àèéìòù€')).toString('hex')).toBe('858a828d9597d5');
  });

  it('writes what it lacks as near as it can', () => {
    expect(asPrinted('Łódź Ștefan Dvořák “ciao” – l’ora… œuf 你 👍')).toBe(
      'Lódz Stefan Dvorák "ciao" - l\'ora... oeuf ? ?',
    );
  });

  it('gives no control byte and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(encodePc858(text).every((byte) => byte >= 0x20 && byte !== 0x7f)).toBe(true);
      }),
    );
  });
});

describe('the reader of commands', () => {
  it('gives the same paper in any fragmentation', () => {
    const shape = (events: readonly PageEvent[]) => textOf(rowsOf(events)).trimEnd();
    fc.assert(
      fc.property(commandish, fc.array(fc.nat(), { maxLength: 8 }), (whole, cuts) => {
        expect(shape(read(pieces(whole, cuts)))).toBe(shape(read([whole])));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws and holds no more than one command, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(commandish, bytes(600)), { maxLength: 6 }), (chunks) => {
        const reader = new CommandReader();
        const page = new Page();
        for (const chunk of chunks) for (const found of reader.push(chunk)) page.apply(found);
        expect(reader.pending).toBeLessThanOrEqual(MAX_COMMAND);
      }),
      { numRuns: 500 },
    );
  });

  it('reads on after one changed byte of a real slip', () => {
    const slip = encodeDocument(testPage(), profiles['epson-generic']);
    fc.assert(
      fc.property(fc.nat({ max: slip.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const changed = Uint8Array.from(slip);
        changed[at] = value;
        read([changed]);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a command that claims more than it may hold, and reads what follows', () => {
    const found: Command[] = [
      ...new CommandReader().push(Uint8Array.of(0x1d, 0x38, 0x4c, 255, 255, 255, 255, 0x0a)),
    ];
    expect(found[0]).toMatchObject({ kind: 'refused', code: 'COMMAND_TOO_LONG' });
  });

  it('accounts for every byte', () => {
    fc.assert(
      fc.property(commandish, (whole) => {
        const reader = new CommandReader();
        const length = reader.push(whole).reduce((sum, found) => {
          if (found.kind === 'command') return sum + found.length;
          return sum + (found.kind === 'control' ? 1 : found.bytes.length);
        }, 0);
        expect(length + reader.pending).toBe(whole.length);
      }),
    );
  });
});

describe('the splitter of replies', () => {
  const reply = fc.oneof(
    fc.constantFrom(0x12, 0x16, 0x1a, 0x3a, 0x7e).map((byte) => [byte]),
    fc.tuple(
      fc.constantFrom(0x10, 0x14, 0x38, 0x18),
      fc.constantFrom(0, 8, 0x40),
      fc.constantFrom(0, 3, 0x0f),
      fc.constant(0x0f),
    ),
    fc.constantFrom(0x00, 0x03, 0x0c, 0x0f).map((byte) => [byte]),
    fc.constantFrom(0x11, 0x13).map((byte) => [byte]),
    fc.constant([0x5f, 0x45, 0x50, 0x53, 0x4f, 0x4e, 0x00]),
    fc.constant([0x37, 0x25, 0x00]),
  );

  it('gives back what was joined, in any fragmentation', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 10 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (replies, cuts) => {
          const whole = Uint8Array.from(replies.flat());
          const splitter = new ReplySplitter();
          const found = pieces(whole, cuts).flatMap((part) => [...splitter.push(part)]);
          expect(found).toHaveLength(replies.length);
          expect(found.some(({ reply: kind }) => kind === 'stray')).toBe(false);
        },
      ),
    );
  });

  it('never throws, and reads a status again after any noise', () => {
    fc.assert(
      fc.property(bytes(500), fc.boolean(), (noise, fullStatus) => {
        const splitter = new ReplySplitter({ fullStatus });
        splitter.push(noise);
        // A block without an end is given up at 128 bytes.
        const found = splitter.push(new Uint8Array(140).fill(0x12));
        expect(found.filter(({ reply: kind }) => kind === 'dle-eot').length).toBeGreaterThan(0);
      }),
    );
  });

  it('tells a Custom full status from an automatic one by the profile', () => {
    const wire = Uint8Array.of(0x10, 0x0f, 0x24, 0, 0, 0);
    expect(new ReplySplitter({ fullStatus: true }).push(wire)).toEqual([
      { reply: 'full-status', bytes: wire },
    ]);
    expect(new ReplySplitter().push(wire)[0]).toMatchObject({ reply: 'asb' });
  });
});

describe('the scanner of real-time requests', () => {
  it('finds them in any fragmentation, and passes over everything else', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 6 }), (cuts) => {
        const wire = Uint8Array.of(
          0x41,
          0x10,
          0x10,
          0x04,
          0x02,
          0x10,
          0x05,
          0x02,
          0x10,
          0x14,
          0x08,
          0x01,
          0x03,
          0x14,
          0x01,
          0x06,
          0x02,
          0x08,
        );
        const scanner = new RealtimeScanner();
        expect(pieces(wire, cuts).flatMap((part) => [...scanner.push(part)])).toEqual([
          { request: 'status', n: 2 },
          { request: 'recover', n: 2 },
          { request: 'clear-buffer' },
        ]);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(bytes(400), (noise) => void new RealtimeScanner().push(noise)));
  });
});

describe('a status as hex', () => {
  it('is an answer or a named error, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...statusReplies),
        fc.oneof(
          fc.string(),
          bytes(8).map((b) => Buffer.from(b).toString('hex')),
        ),
        (kind, text) => {
          expect(typeof decodeEscposStatus(kind, text)).toBe('object');
        },
      ),
    );
    expect(decodeEscposStatus('asb', '1000')).toEqual({
      error: {
        code: 'ESCPOS_STATUS_LENGTH',
        message: 'a reply of this kind has another number of bytes, expected 4, found 2',
      },
    });
    expect(decodeEscposStatus('dle-eot-1', 'zz')).toMatchObject({ error: { code: 'ESCPOS_HEX_INVALID' } });
  });
});
