import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../tests/shared-data/index.ts';
import {
  apduOf,
  decodeFromTerminal,
  encodeApdu,
  encodeCommand,
  encodePrintLine,
  encodeSerialFrame,
  encodeStatusInfo,
  zvtMask as maskOf,
  SerialReader,
} from './index.ts';

const zvtMask = (direction: 'in' | 'out', frame: Uint8Array) => maskOf(false).mask(direction, frame);
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const PAN = '5413330089010434';
const approved = encodeStatusInfo({
  resultCode: 0,
  amountCents: 1_250,
  trace: '000022',
  pan: PAN,
  cardName: 'ROSSI MARIO',
  text: `CARTA ${PAN}`,
});

describe('what a recording keeps of the wire', () => {
  it('never holds a whole card number or a name, and still decodes to the same result', () => {
    const masked = zvtMask('in', approved);
    expect(masked).toHaveLength(approved.length);
    expect(Buffer.from(masked).toString('latin1')).not.toMatch(/ROSSI|5413/);
    expect(hexOf(masked)).not.toContain(PAN.slice(0, 12));
    const apdu = apduOf(masked);
    expect(apdu && decodeFromTerminal(apdu)).toMatchObject({
      info: {
        resultCode: 0,
        amountCents: 1_250,
        trace: '000022',
        pan: '************0434',
        cardName: undefined,
      },
    });
  });

  it('makes the check value of a serial frame anew', () => {
    const items = new SerialReader().push(zvtMask('in', encodeSerialFrame(approved)));
    expect(items).toMatchObject([{ wire: 'apdu' }]);
    expect(hexOf(items[0]?.wire === 'apdu' ? items[0].apdu.data : approved)).not.toContain(PAN.slice(0, 12));
    expect(hexOf(zvtMask('out', Uint8Array.of(6)))).toBe('06');
  });

  it('blanks stripes, EMV objects, printed numbers and the terminal’s password', () => {
    const track = bytesOf(`23f1f95413330089010434d2512201000000000000`);
    expect(hexOf(zvtMask('in', encodeApdu(0x040f, bytesOf(`2700${hexOf(track)}`))))).not.toContain('541333');
    const emv = bytesOf(`2700060c600a5a085413330089010434`);
    expect(hexOf(zvtMask('in', encodeApdu(0x040f, emv)))).not.toContain('541333');
    const line = zvtMask(
      'in',
      encodePrintLine({ attribute: 0, text: 'Karte 5413 3300 8901 0434 EUR 12,50' }),
    );
    expect(Buffer.from(line).toString('latin1')).toContain('XXXXX 0000 0000 0000 0000 XXX 00,00');
    expect(hexOf(zvtMask('out', encodeCommand({ command: 'end-of-day', password: '123456' })))).toBe(
      '065003000000',
    );
  });

  it('takes several APDUs at once, and blanks what is cut', () => {
    const two = Uint8Array.from([...bytesOf('800000'), ...approved]);
    expect(hexOf(zvtMask('in', two))).toBe(`800000${hexOf(zvtMask('in', approved))}`);
    const cut = zvtMask('in', two.subarray(0, two.length - 1));
    expect(hexOf(cut)).toMatch(/^800000040f..0+$/);
  });

  it('never throws, and never lets a number through whatever stands before it', () => {
    const before = fc.array(
      fc.constantFrom(
        '2700',
        '04000000001250',
        '0b000022',
        '3cf0f0f3414243',
        '8bf0f24100',
        '060326010a',
        'ee',
      ),
    );
    fc.assert(
      fc.property(before, fc.uint8Array({ maxLength: 200 }), (fields, noise) => {
        zvtMask('in', noise);
        const apdu = encodeApdu(0x040f, bytesOf(`${fields.join('')}22f0f8${PAN}`));
        expect(hexOf(zvtMask('in', apdu))).not.toContain(PAN.slice(0, 12));
      }),
      { numRuns: 1_000 },
    );
  });
});

describeWithShared('masking the recorded messages', ['devices', 'zvt.json'], (file) => {
  const { recorded } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly recorded: readonly { readonly name: string; readonly apdu?: string }[];
  };
  it('keeps every length, and every line of a receipt without a long number', () => {
    const linesOf = (bytes: Uint8Array) => {
      const apdu = apduOf(bytes);
      const message = apdu && decodeFromTerminal(apdu);
      return message?.kind === 'print' ? message.lines : [];
    };
    for (const { apdu } of recorded) {
      if (!apdu) continue;
      const masked = zvtMask('in', bytesOf(apdu));
      expect(masked).toHaveLength(apdu.length / 2);
      const after = linesOf(masked);
      for (const [index, line] of linesOf(bytesOf(apdu)).entries())
        expect(after[index]).toMatchObject({
          attribute: line.attribute,
          text: expect.stringMatching(/^[^A-WYZa-z1-9]*$/),
        });
    }
  });
});
