import { makeCreditor, makeNotice, noticeDataMatrix, noticeQr } from '@jolly/contracts/notice';
import { ManualClock } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSerial, serialBarcodeMask } from '../barcode/serial/index.ts';
import { ecr17Mask, encodeFrame, encodeProgress, type LrcMode, lrcModes } from '../pos/ecr17/index.ts';
import { nexoMask } from '../pos/nexo/index.ts';
import {
  encodeApdu,
  encodeCommand,
  encodePrintBlock,
  encodePrintLine,
  encodeSerialFrame,
  encodeStatusInfo,
  zvtMask,
} from '../pos/zvt/index.ts';
import { escposMask } from '../printer/escpos/index.ts';
import { maskXfsFrame } from '../xfs4iot/codec/index.ts';
import {
  decodeRecording,
  encodeRecordingLine,
  LENGTHS_ONLY,
  MaskedWire,
  memoryWire,
  messageRecorder,
  type RecordedEvent,
  RecordedTransport,
  recordingHead,
  type WireDirection,
  type WireMask,
} from './index.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);

/** Everything a recording keeps of a stream, cut as given, as text. */
function kept(mask: WireMask, direction: WireDirection, stream: Uint8Array, size = stream.length): string {
  const wire = new MaskedWire(mask);
  let text = '';
  for (let at = 0; at < stream.length; at += Math.max(1, size))
    for (const piece of wire.push(direction, stream.subarray(at, at + Math.max(1, size))))
      if ('kept' in piece) text += String.fromCharCode(...piece.kept);
  return text;
}

/** No stretch of four letters of a name, of five digits of a card's number (its last four may be shown) or the PIN is there. */
function expectNothingOf(text: string, secrets: { pan: string; pin: string; name: string }): void {
  for (let at = 0; at + 5 <= secrets.pan.length; at++)
    expect(text).not.toContain(secrets.pan.slice(at, at + 5));
  expect(text.replaceAll(secrets.pan.slice(-4), '')).not.toContain(secrets.pin);
  for (const word of secrets.name.split(' ')) expect(text.toUpperCase()).not.toContain(word);
}

// Needles that cannot stand by chance in what is rightly kept: every second digit of a card's number is a 9, a PIN has twice 77.
const digit = fc.integer({ min: 1, max: 6 });
const person = fc.record({
  pan: fc.array(digit, { minLength: 8, maxLength: 8 }).map((all) => all.map((one) => `9${one}`).join('')),
  pin: digit.map((one) => `77${one}77`),
  name: fc.constantFrom('ROSSI MARIO', 'ESPOSITO GIUSEPPINA', 'MÜLLER JÜRGEN', 'OCONNOR SEAN'),
});
const PAD = (text: string, length: number) => text.slice(0, length).padEnd(length);

describe('a recording of a card terminal', () => {
  const answer = (pan: string) =>
    `1234567800E00${pan.padStart(19, '0')}ICC123456${'3221015'}1${PAD('88105000001', 11)}000042000042`.replace(
      '1234567800E',
      '123456780E',
    );
  const streams = (who: { pan: string; pin: string; name: string }) =>
    [
      ['in', answer(who.pan)],
      ['in', `123456780E01${PAD(`NEGATA ${who.name}`, 24)}${' '.repeat(11)}1${PAD('', 11)}000000000000`],
      ['in', `123456780S${who.name}\x7dCARTA ${who.pan}\x7dPIN ${who.pin}\x7d\x7d\x7d\x7d\x7d\x7d\x1b`],
      ['in', `123456780U000000${'016'}${who.pan}`],
      ['in', `123456780K0000000100000030<c>${who.name} ${who.pan}</c>`],
      ['out', `123456780X00000001000000000123${who.name.padStart(128)}00000000`],
      ['out', `123456780X000000010000000001234${`${who.pan}${who.pin}`.padStart(128)}00000000`],
      ['out', `123456780U00000057${PAD(who.pin, 8)}00001${'00000'}${who.pan}\x1b${who.name}\x1b`],
      ['in', `${who.name} ${who.pan}`],
      ['in', `123456780Z${who.pan}`],
    ] as const;

  it('keeps no card number, no PIN and no name, in whatever mode and pieces it came', () => {
    fc.assert(
      fc.property(person, fc.constantFrom(...lrcModes), fc.integer({ min: 1, max: 60 }), (who, lrc, size) => {
        for (const [direction, payload] of streams(who)) {
          const noisy = [
            ...bytesOf(who.pan),
            ...encodeFrame(bytesOf(payload), lrc),
            ...encodeProgress(`${who.name} ${who.pan}`),
            ...bytesOf(who.name),
          ];
          expectNothingOf(kept(ecr17Mask, direction, Uint8Array.from(noisy), size), who);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps what the driver judges by: result, last four digits, STAN, and a right check byte', () => {
    for (const lrc of lrcModes satisfies readonly LrcMode[]) {
      const text = kept(ecr17Mask, 'in', encodeFrame(bytesOf(answer('4111111111114321')), lrc));
      expect(text).toContain('4321ICC'.slice(0, 4));
      expect(text).toContain('000042');
      expect(text.slice(10, 13)).toBe('E00');
      expect(kept(ecr17Mask, 'in', bytesOf(text))).toBe(text);
    }
  });
});

/** A card's number as receipts write it. */
const spellings = (pan: string) => {
  const fours = pan.match(/.{4}/g) ?? [];
  return [pan, fours.join(' '), fours.join('-'), fours.join('.')];
};
/** Also of a number with marks between, no stretch of its first twelve digits is there. */
const expectNobody = (text: string, who: { pan: string; pin: string; name: string }): void => {
  expectNothingOf(text, who);
  expectNothingOf(text.replace(/[ .-]/g, ''), who);
};

describe('a recording of a ZVT terminal', () => {
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
  const messages = (who: { pan: string; pin: string; name: string }, spelt: string) => {
    const text = `${who.name} ${spelt} PIN ${who.pin}`;
    const emv = hex(`2700060c600a5a08${who.pan}`);
    return [
      encodeStatusInfo({
        resultCode: 0,
        amountCents: 1_250,
        trace: '000022',
        pan: who.pan,
        cardName: who.name,
        text,
      }),
      encodePrintLine({ attribute: 0, text }),
      encodePrintBlock('cardholder', [{ attribute: 0, text }]),
      encodeApdu(0x040f, emv),
      encodeApdu(0x0f42, bytesOf(text)),
      encodeCommand({ command: 'end-of-day', password: `0${who.pin}` }),
    ];
  };

  it('keeps no card number, no PIN and no name, on a line or over TCP, in whatever pieces they came', () => {
    fc.assert(
      fc.property(
        person,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 60 }),
        (who, spelling, size) => {
          const all = messages(who, spellings(who.pan)[spelling] ?? '');
          for (const serial of [false, true]) {
            const stream = all.flatMap((apdu) => [...(serial ? encodeSerialFrame(apdu) : apdu)]);
            const text = kept(zvtMask(serial), 'in', Uint8Array.from(stream), size);
            expectNobody(text, who);
            expectNobody(Buffer.from(text, 'latin1').toString('hex'), { ...who, pan: who.pan.slice(0, 12) });
            expect(text.length).toBe(stream.length);
          }
          expect(kept(zvtMask(true), 'in', bytesOf(`${who.name}${who.pin}`), size)).toBe('');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('counts what belongs to no message', () => {
    const wire = new MaskedWire(zvtMask(true));
    const ok = encodeSerialFrame(encodeCommand({ command: 'ok' }));
    const pieces = wire.push('in', Uint8Array.from([...bytesOf('noise'), ...ok, 0x06, 0x10]));
    expect(pieces).toEqual([{ dropped: 5 }, { kept: ok }, { kept: Uint8Array.of(6) }]);
    expect(wire.end()).toEqual([{ direction: 'in', dropped: 1 }]);
  });
});

describe('a recording of messages of the web', () => {
  it.each([
    ['nexo', nexoMask],
    ['XFS4IoT', maskXfsFrame],
  ])('keeps nobody of %s, in whatever field', (_, mask) => {
    const fields = [
      'PAN',
      'MaskedPAN',
      'Text',
      'TrackData',
      'CardholderName',
      'AdditionalResponse',
      'TransactionID',
    ].concat([
      'data',
      'barcodeData',
      'chipData',
      'device',
      'errorCode',
      'status',
      'unknown',
      'fields',
      'errorDescription',
    ]);
    fc.assert(
      fc.property(
        person,
        fc.constantFrom(...fields),
        fc.integer({ min: 0, max: 3 }),
        (who, key, spelling) => {
          const spelt = spellings(who.pan)[spelling] ?? '';
          for (const text of [spelt, `${who.name} ${spelt} ${who.pin}`, `PIN ${who.pin}`]) {
            const message = {
              header: { name: 'Printer.PrintRaw', requestId: 1 },
              [key]: text,
              list: [{ [key]: [text] }],
              n: Number(who.pan),
            };
            for (const sent of [JSON.stringify(message), text])
              expectNobody(String.fromCharCode(...mask('in', new TextEncoder().encode(sent))), who);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is told to the sink only while something is recorded', () => {
    const taken: RecordedEvent[] = [];
    const sink = { session: 0, take: (_uri: string, event: RecordedEvent) => void taken.push(event) };
    const recorded = messageRecorder(sink, 'nexo+https://h/nexo', nexoMask);
    recorded('out', '{"Result":"Success"}');
    expect(taken).toEqual([]);
    sink.session = 1;
    recorded('out', '{"Result":"Success","Text":"ROSSI"}');
    expect(taken).toEqual([{ direction: 'out', kept: bytesOf('{"Result":"Success","Text":"XXXXX"}') }]);
  });
});

describe('a recording of a printer', () => {
  it('keeps the commands and not one printed letter or content of a code', () => {
    fc.assert(
      fc.property(person, fc.integer({ min: 1, max: 300 }), (who, size) => {
        const content = bytesOf(`https://x/${who.pan}/${who.name}`);
        const store = content.length + 3;
        const job = [
          ...[0x1b, 0x40, 0x1b, 0x61, 1],
          ...bytesOf(`${who.name} ${who.pan} PIN ${who.pin}`),
          0x0a,
          ...[0x1d, 0x28, 0x6b, store & 0xff, store >> 8, 0x31, 0x50, 0x30, ...content],
          ...[0x1d, 0x6b, 73, who.pan.length, ...bytesOf(who.pan)],
          ...[0x1d, 0x6b, 4, ...bytesOf(who.pin), 0],
          ...[0x1d, 0x76, 0x30, 0, 2, 0, 8, 0, ...bytesOf(who.pan)],
          ...[0x1d, 0x56, 0],
        ];
        const text = kept(escposMask(true), 'out', Uint8Array.from(job), size);
        expectNothingOf(text, who);
        expect(text).toContain('\x1b@\x1ba\x01');
        expect(text.endsWith('\x1dV\x00')).toBe(true);
        expect(text.length).toBe(job.length);
        // a printer says bits, of which some happen to look like a digit; letters never come through
        expectNothingOf(kept(escposMask(true), 'in', bytesOf(who.name), size), who);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a recording of a barcode reader', () => {
  const key = {
    noticeNumber: makeNotice('3', '471234567890123'),
    creditorTaxCode: makeCreditor('8400689048'),
  };

  it('keeps the structure of a pagoPA QR, and of others their length', () => {
    const mask = serialBarcodeMask({ suffix: 'auto' });
    const qr = encodeSerial({ text: noticeQr(key, 2500), aim: ']Q1' }, 'cr');
    expect(kept(mask, 'in', qr)).toMatch(/^\]Q1PAGOPA\|002\|0{18}\|0{11}\|0+\r$/);
    const slip = {
      postalAccount: '7890',
      debtorTaxCode: 'RSSMRA80A01H501U',
      debtorName: 'ROSSI',
      subject: 'TARI',
    };
    const matrix = kept(mask, 'in', encodeSerial({ text: noticeDataMatrix(key, 100, slip) }, 'cr'));
    expect(matrix).toMatch(/^x+\r$/);
  });

  it('keeps nobody, whatever is read and however it is ended', () => {
    fc.assert(
      fc.property(
        person,
        fc.constantFrom('cr', 'lf', 'crlf', 'tab', 'stx-etx' as const),
        fc.constantFrom('auto', 'cr', 'stx-etx' as const),
        (who, sent, expected) => {
          const stream = encodeSerial({ text: `${who.name}${who.pan} ${who.pin}` }, sent);
          expectNothingOf(kept(serialBarcodeMask({ suffix: expected }), 'in', stream), who);
          expectNothingOf(kept(serialBarcodeMask({ suffix: expected }), 'out', stream), who);
        },
      ),
    );
  });
});

describe('a recorded wire', () => {
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };

  it('tells the sink only while something is recorded, and a protocol without a mask gives lengths only', async () => {
    const events: RecordedEvent[] = [];
    let session = 0;
    const sink = {
      get session() {
        return session;
      },
      take: (_uri: string, event: RecordedEvent) => void events.push(event),
    };
    const { transport, peer } = memoryWire({ clock: new ManualClock(), log: () => undefined });
    const wire = new RecordedTransport(transport, sink, LENGTHS_ONLY);
    const heard: string[] = [];
    wire.start({ data: (bytes) => heard.push(String.fromCharCode(...bytes)), state: () => undefined });
    await settle();
    await wire.write(bytesOf('before'));
    expect(events).toEqual([]);
    session = 1;
    await wire.write(bytesOf('4111111111111111'));
    peer.send(bytesOf('answer'));
    await settle();
    peer.cut('reset');
    expect(heard).toEqual(['answer']);
    expect(events).toEqual([
      { direction: 'out', dropped: 16 },
      { direction: 'in', dropped: 6 },
      { state: 'waiting', reason: 'reset' },
    ]);
    await wire.close();
  });

  it('is written and read back, and a last line that the power cut is let go', () => {
    const lines = [
      { t: 0, uri: 'x+tcp://h:1', event: { state: 'open' } },
      { t: 1.5, uri: 'x+tcp://h:1', event: { direction: 'out', kept: Uint8Array.of(1, 255) } },
      { t: 2, uri: 'x+tcp://h:1', event: { direction: 'in', dropped: 7 } },
    ] as const;
    const text = [recordingHead(5), ...lines.map(encodeRecordingLine)].join('\n');
    expect(decodeRecording(`${text}\n`)).toEqual({ startedAt: 5, lines });
    expect(decodeRecording(text.slice(0, -5)).lines).toHaveLength(2);
    expect(() => decodeRecording('{"x":1}')).toThrow(/RECORDING_UNREADABLE/);
    expect(() => decodeRecording(text.replace('"in"', '"up"').concat('\n{}\n'))).toThrow(
      /RECORDING_UNREADABLE/,
    );
  });
});
