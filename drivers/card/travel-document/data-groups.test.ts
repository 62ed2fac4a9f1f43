import { generateKeyPairSync } from 'node:crypto';
import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeTlv } from '../apdu/index.ts';
import { readCommonData, readDg1, readDg2, readDg11, readDg14, readDg15 } from './data-groups-codec.ts';
import { personOf } from './person.ts';
import { readSecurityInfos } from './security-info-codec.ts';

const utf8 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'));
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const READERS: Readonly<Record<string, { tag: number; read(bytes: Uint8Array): unknown }>> = {
  'EF.COM': { tag: 0x60, read: readCommonData },
  DG1: { tag: 0x61, read: readDg1 },
  DG2: { tag: 0x75, read: readDg2 },
  DG11: { tag: 0x6b, read: readDg11 },
  DG14: { tag: 0x6e, read: readDg14 },
  DG15: { tag: 0x6f, read: readDg15 },
  'EF.CardAccess': { tag: 0x31, read: (bytes) => readSecurityInfos(bytes, 'card-access') },
};

const dg11 = (...fields: readonly (readonly [number, string | Uint8Array])[]) =>
  writeTlv(
    0x6b,
    ...fields.map(([tag, value]) => writeTlv(tag, typeof value === 'string' ? utf8(value) : value)),
  );
const face = (block: Uint8Array, tag = 0x5f2e) =>
  writeTlv(
    0x75,
    writeTlv(
      0x7f61,
      writeTlv(0x02, Uint8Array.of(1)),
      writeTlv(0x7f60, writeTlv(0xa1, writeTlv(0x81, Uint8Array.of(2))), writeTlv(tag, block)),
    ),
  );

describe('random bytes', () => {
  test.each(Object.keys(READERS))('%s: end in a named error, quickly', (name) => {
    const reader = READERS[name];
    if (!reader) throw new Error(name);
    const bytes = fc.uint8Array({ maxLength: 600 });
    // raw, and behind a right tag and length, so that the inside is reached
    const file = fc.oneof(
      bytes,
      bytes.map((inside) => writeTlv(reader.tag, inside)),
    );
    fc.assert(
      fc.property(file, (data) => {
        try {
          reader.read(data);
        } catch (error) {
          expect(isJollyError(error) && error.code).toBe('CARD_ANSWER_INVALID');
        }
      }),
      { numRuns: 400 },
    );
  });

  test('nested for ever, or of 64 KB, cost no time', () => {
    const started = performance.now();
    for (const { tag, read } of Object.values(READERS)) {
      let nested: Uint8Array = new Uint8Array(0);
      for (let depth = 0; depth < 300; depth += 1) nested = writeTlv(0x30, nested);
      for (const inside of [nested, new Uint8Array(65_000).fill(0x30), new Uint8Array(65_000).fill(0x02)]) {
        // objects that nobody knows are passed over in DG11
        if (tag === 0x6b) read(writeTlv(tag, writeTlv(0x30, inside)));
        else expect(() => read(writeTlv(tag, inside))).toThrow(/CARD_ANSWER_INVALID/);
      }
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('DG11', () => {
  test('is read by tag, whatever the order', () => {
    const details = readDg11(
      dg11(
        [0x5c, hex('5F0E 5F10 5F2B 5F11 5F42')],
        [0x5f10, 'DLAMCN78S03D612N'],
        [0x5f42, 'VIA DELL’ESEMPIO 22<PRATO<PO'],
        [0x5f0e, "D'ALÒ<<MARCO<NICCOLÒ"],
        [0x5f2b, '19781103'],
        [0x5f11, 'FIRENZE<FI'],
      ),
    );
    expect(details).toEqual({
      surname: "D'ALÒ",
      givenNames: 'MARCO NICCOLÒ',
      personalNumber: 'DLAMCN78S03D612N',
      birthDate: '1978-11-03',
      birthPlace: ['FIRENZE', 'FI'],
      address: ['VIA DELL’ESEMPIO 22', 'PRATO', 'PO'],
    });
  });

  test('a date may be packed, or not wholly known', () => {
    expect(readDg11(dg11([0x5f2b, hex('19781103')])).birthDate).toBe('1978-11-03');
    expect(readDg11(dg11([0x5f2b, '19780000'])).birthDate).toBeUndefined();
    for (const wrong of ['19781301', '19780230', '1978', '197811031', 'ABCDEFGH', '']) {
      expect(() => readDg11(dg11([0x5f2b, wrong])), wrong).toThrow(/CARD_ANSWER_INVALID/);
    }
  });

  test('text that is no UTF-8, has control characters, or comes twice is refused', () => {
    for (const wrong of [hex('C3'), hex('FF'), hex('4100'), hex('1B5B324A'), hex('C0AF')]) {
      expect(() => readDg11(dg11([0x5f0e, wrong]))).toThrow(/CARD_ANSWER_INVALID/);
    }
    expect(() => readDg11(dg11([0x5f0e, 'A'], [0x5f0e, 'B']))).toThrow(/CARD_ANSWER_INVALID/);
    expect(() => readDg11(dg11([0x5f0e, 'A'.repeat(513)]))).toThrow(/CARD_ANSWER_INVALID/);
  });

  test('what it leaves out comes from the machine-readable zone, the birth year in the past', () => {
    const zone = {
      ...({ type: 'C', country: 'ITA', documentNumber: 'CA00000AA', sex: 'F', expiry: '330304' } as const),
      ...{ nationality: 'ITA', surname: 'ROSSI', givenNames: 'GIULIA' },
    };
    const now = Date.parse('2026-11-21T10:00:00Z');
    expect(personOf({ ...zone, birth: '261121' }, undefined, now).birthDate).toBe('2026-11-21');
    expect(personOf({ ...zone, birth: '261122' }, undefined, now).birthDate).toBe('1926-11-22');
    expect(personOf({ ...zone, birth: '900304' }, readDg11(dg11([0x5f0e, 'ROSSÌ<<'])), now)).toMatchObject({
      surname: 'ROSSÌ',
      givenNames: 'GIULIA',
      birthDate: '1990-03-04',
    });
    expect(personOf({ ...zone, birth: '90<<<<' }, undefined, now).birthDate).toBeUndefined();
  });
});

describe('DG2', () => {
  const header = Uint8Array.from([...utf8('FAC\x010\0'), ...new Uint8Array(38)]);
  test.each([
    ['jpeg2000', '0000000C 6A502020 0D0A870A FF4FFF51 01'],
    ['jpeg2000', 'FF4FFF51 0029'],
    ['jpeg', 'FFD8FFE0 0010'],
  ])('finds a %s behind its headers', (format, image) => {
    for (const tag of [0x5f2e, 0x7f2e]) {
      const photo = readDg2(face(Uint8Array.of(...header, ...hex(image)), tag));
      expect(photo.format).toBe(format);
      expect(Buffer.from(photo.bytes)).toEqual(Buffer.from(hex(image)));
    }
  });

  test('a block without an image is refused', () => {
    expect(() => readDg2(face(header))).toThrow(/CARD_ANSWER_INVALID/);
    expect(() => readDg2(writeTlv(0x75, writeTlv(0x7f61, writeTlv(0x02, Uint8Array.of(0)))))).toThrow(
      /CARD_ANSWER_INVALID/,
    );
  });
});

describe('DG15', () => {
  const dg15 = (info: Uint8Array) => writeTlv(0x6f, info);

  test('reads RSA and curves by name', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const key = readDg15(dg15(Uint8Array.from(rsa.export({ type: 'spki', format: 'der' }))));
    expect(key).toMatchObject({ type: 'rsa', bytes: 128, exponent: 65537n });
    for (const namedCurve of ['prime256v1', 'brainpoolP256r1', 'secp384r1']) {
      const ec = generateKeyPairSync('ec', { namedCurve }).publicKey;
      const read = readDg15(dg15(Uint8Array.from(ec.export({ type: 'spki', format: 'der' }))));
      expect(read.type).toBe('ec');
    }
    const explicit = generateKeyPairSync('ec', { namedCurve: 'brainpoolP384r1', paramEncoding: 'explicit' });
    const read = readDg15(dg15(Uint8Array.from(explicit.publicKey.export({ type: 'spki', format: 'der' }))));
    expect(read.type === 'ec' && read.curve.Fp.BYTES).toBe(48);
  });

  test('a curve nobody published, or too small a key, is refused', () => {
    const unknown = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    const small = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey;
    for (const key of [unknown, small]) {
      const info = Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
      expect(() => readDg15(dg15(info))).toThrow(/CARD_ANSWER_INVALID/);
    }
  });
});
