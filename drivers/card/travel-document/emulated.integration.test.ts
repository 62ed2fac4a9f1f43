import { SecretDigits, systemRandom } from '@jolly/contracts/values';
import { describe, expect, test } from 'vitest';
import { createTravelDocument } from '../../../simulators/card/travel-document/index.ts';
import { exchange, readFile } from '../apdu/index.ts';
import { readDg1 } from './data-groups-codec.ts';
import { type DocumentPassword, openTravelDocument, withTravelDocument } from './travel-document.ts';

type Persona = Parameters<typeof createTravelDocument>[0];
type PaceOffer = Persona['pace'][number];

const MRZ = { documentNumber: 'CA00000AA', birth: '800102', expiry: '340102' };

function persona(over: Partial<Persona>): Persona {
  return {
    documentNumber: MRZ.documentNumber,
    surname: "D'Àncona",
    givenNames: 'Niccolò Maria',
    birthDate: '1980-01-02',
    expiryDate: '2034-01-02',
    sex: 'M',
    fiscalCode: 'DNCNCL80A02H501X',
    birthPlace: 'Roma (RM)',
    address: 'Via dei Test 1, Roma',
    can: '123456',
    photo: Uint8Array.of(
      0xff,
      0xd8,
      0xff,
      0xe0,
      0,
      4,
      0,
      0,
      0xff,
      0xc0,
      0,
      17,
      8,
      0,
      9,
      0,
      8,
      3,
      1,
      34,
      0,
      2,
      17,
      1,
      3,
      17,
      1,
      0xff,
      0xd9,
    ),
    pace: [],
    bac: false,
    signSod: () => Uint8Array.of(0x77, 0x00),
    sod: { hash: 'sha256' },
    trouble: () => ({ badSod: false, clone: false }),
    random: systemRandom,
    ...over,
  };
}

function laid(over: Partial<Persona>) {
  const card = createTravelDocument(persona(over));
  card.reset();
  let apdus = 0;
  const channel = exchange({
    transmit: async (apdu) => {
      apdus += 1;
      // as over a wire: neither side sees the other's buffer, which is wiped after use
      return Uint8Array.from(card.handle(Uint8Array.from(apdu)) ?? [0x6d, 0x00]);
    },
  });
  return { channel, apdus: () => apdus };
}

function can(text: string): DocumentPassword {
  const digits = new SecretDigits(6);
  for (const digit of text) digits.push(Number(digit));
  return { kind: 'can', digits };
}

async function zoneBehind(over: Partial<Persona>, password: DocumentPassword): Promise<string> {
  const { channel } = laid(over);
  const open = await openTravelDocument(channel, password);
  try {
    const file = await readFile(open, { step: 'dg1', fid: 0x0101, sfi: 1, chunk: 0xdf, length: 'der' });
    return readDg1(file).documentNumber;
  } finally {
    open.wipe();
  }
}

const CIPHERS = ['3DES', 'AES-128', 'AES-192', 'AES-256'] as const;

describe('two independent sides agree', () => {
  for (const parameterId of [12, 13, 15, 16]) {
    for (const cipher of CIPHERS) {
      test(`ECDH, parameters ${parameterId}, ${cipher}`, async () => {
        const pace: PaceOffer[] = [{ mapping: 'ECDH-GM', cipher, parameterId }];
        expect(await zoneBehind({ pace }, can('123456'))).toBe(MRZ.documentNumber);
      });
    }
  }
  for (const parameterId of [0, 1, 2]) {
    for (const cipher of CIPHERS) {
      test(`DH, parameters ${parameterId}, ${cipher}`, async () => {
        const pace: PaceOffer[] = [{ mapping: 'DH-GM', cipher, parameterId }];
        expect(await zoneBehind({ pace }, can('123456'))).toBe(MRZ.documentNumber);
      });
    }
  }

  test('PACE with the machine-readable zone', async () => {
    const pace: PaceOffer[] = [{ mapping: 'ECDH-GM', cipher: 'AES-128', parameterId: 13 }];
    expect(await zoneBehind({ pace }, { kind: 'mrz', parts: MRZ })).toBe(MRZ.documentNumber);
  });

  test('a security object that is none is an answer the standard does not allow', async () => {
    const pace: PaceOffer[] = [{ mapping: 'ECDH-GM', cipher: 'AES-128', parameterId: 13 }];
    const options = { anchors: undefined, at: Date.now() };
    const act = withTravelDocument(laid({ pace }).channel, can('123456'), options, async () => undefined);
    await expect(act).rejects.toThrow('CARD_ANSWER_INVALID');
  });

  test('basic access control where there is no PACE', async () => {
    expect(await zoneBehind({ bac: true }, { kind: 'mrz', parts: MRZ })).toBe(MRZ.documentNumber);
  });
});
