import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards } from './cards.ts';
import { ReaderFrames, ReaderWireError } from './frames.ts';
import { concat } from './tlv.ts';

let cards: Cards;
beforeAll(async () => {
  cards = await createCards();
  // Keys are made here and not inside a property.
  await Promise.all(['giulia', 'marco', 'lucia'].map((id) => cards.card(id)));
});

const INSTRUCTIONS = [0xa4, 0xb0, 0xb1, 0xc0, 0xcb, 0x22, 0x2a, 0x82, 0x84, 0x86, 0x88, 0x20, 0x24, 0x2c];
const apdu = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom(0x00, 0x10, 0x0c, 0x1c),
      fc.constantFrom(...INSTRUCTIONS),
      fc.constantFrom(0x00, 0x02, 0x04, 0x3f, 0x41, 0x81, 0x9c),
      fc.constantFrom(0x00, 0x04, 0x0c, 0xa4, 0xa6, 0xae, 0xb6, 0x81, 0xff),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([cla, ins, p1, p2, data]) =>
      concat(Uint8Array.of(cla, ins, p1, p2), Uint8Array.of(data.length), data),
    ),
);

describe('an emulated card', () => {
  it.each(['giulia', 'marco', 'lucia'])(
    'answers any bytes with a status word, and spends no try (%s)',
    async (id) => {
      const card = await cards.card(id);
      const pin = card.kind === 'cie' ? card.pin.left : undefined;
      fc.assert(
        fc.property(fc.array(apdu, { minLength: 1, maxLength: 12 }), (commands) => {
          card.power(true);
          for (const command of commands) {
            const answer = card.answer(command);
            expect(answer.length).toBeGreaterThanOrEqual(2);
            expect(answer.length).toBeLessThanOrEqual(65_538);
            expect([0x61, 0x62, 0x63, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x90]).toContain(
              answer.at(-2),
            );
          }
        }),
        { numRuns: 150 },
      );
      if (pin !== undefined) expect(card.pin.left).toBe(pin);
    },
  );

  it('reads the reader’s wire the same however it is cut', () => {
    const body = fc.uint8Array({ minLength: 2, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(body, { maxLength: 6 }), fc.array(fc.nat(400)), (bodies, cuts) => {
        const stream = concat(
          ...bodies.map((one) => concat(Uint8Array.of(one.length >> 8, one.length & 255), one)),
        );
        const frames = new ReaderFrames();
        const got: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const message of frames.push(stream.slice(at, at + cut)))
            if (message.kind === 'apdu') got.push(message.bytes);
          at = Math.min(stream.length, at + cut);
        }
        expect(got).toEqual(bodies);
      }),
    );
    expect(() => new ReaderFrames().push(Uint8Array.of(0, 0))).toThrow(ReaderWireError);
    expect(() => new ReaderFrames().push(Uint8Array.of(0, 1, 9))).toThrow(ReaderWireError);
  });
});
