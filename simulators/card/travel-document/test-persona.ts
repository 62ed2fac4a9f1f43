import type { RandomBytes } from '@jolly/contracts/values';
import { systemRandom } from '@jolly/contracts/values';
import type { TravelPersona } from '../applet.ts';
import { tlv } from './tlv.ts';

export const bytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
export const shown = (data: Uint8Array | undefined): string =>
  data === undefined ? 'nothing' : Buffer.from(data).toString('hex').toUpperCase();

/** The smallest JPEG with a frame header: 8 × 9. */
export const tinyJpeg = bytes('FFD8 FFE0 0004 0000 FFC0 0011 08 0009 0008 03 012200 021101 031101 FFD9');

/** A source that gives these bytes, piece by piece, and then fails. */
export function fixedRandom(...pieces: readonly string[]): RandomBytes {
  const left = [...pieces];
  return (length) => {
    const next = bytes(left.shift() ?? '');
    if (next.length !== length) throw new Error(`no ${length} fixed bytes left`);
    return next;
  };
}

/** A citizen for tests; the SOD is only a wrapped list of what was to be signed. */
export function persona(over: Partial<TravelPersona> = {}): TravelPersona {
  return {
    documentNumber: 'CA00000AA',
    surname: 'D’Àncona',
    givenNames: 'Niccolò Maria',
    birthDate: '1980-01-02',
    expiryDate: '2034-01-02',
    sex: 'M',
    fiscalCode: 'DNCNCL80A02H501X',
    birthPlace: 'Roma (RM)',
    address: 'Via dei Test 1, Roma',
    can: '123456',
    photo: tinyJpeg,
    pace: [{ mapping: 'ECDH-GM', cipher: 'AES-128', parameterId: 13 }],
    bac: true,
    signSod: (files) => tlv(0x77, ...[...files.keys()].map((number) => tlv(0x02, Uint8Array.of(number)))),
    sod: { hash: 'sha256' },
    trouble: () => ({ badSod: false, clone: false }),
    random: systemRandom,
    ...over,
  };
}
