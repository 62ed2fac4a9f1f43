import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../tests/shared-data/index.ts';
import {
  decodeEcr17Line,
  decodeFromEcr,
  decodeFromPos,
  type EcrRequest,
  encodeControl,
  encodeFrame,
  encodeProgress,
  encodeRequest,
  encodeResponse,
  FrameReader,
  type LrcMode,
  lrcModes,
  lrcOf,
  type PosResponse,
  type WireItem,
} from './index.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Vector {
  readonly name: string;
  readonly frames: Readonly<Record<LrcMode, string>>;
  readonly payloadLength?: number;
  readonly expect: Readonly<Record<string, unknown>>;
}
interface Vectors {
  readonly control: Readonly<Record<LrcMode, { ACK: string; NAK: string }>>;
  readonly requests: readonly Vector[];
  readonly responses: readonly Vector[];
  readonly progress: readonly { frame: string; text: string }[];
  readonly invalid: readonly { name: string; mode?: LrcMode; frame: string; expect: string }[];
  readonly sessions: readonly {
    name: string;
    mode: LrcMode;
    steps: readonly (readonly [string, string])[];
  }[];
}

describeWithShared('the published ECR17 vectors', ['devices', 'ecr17.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

  for (const lrc of lrcModes) {
    it(`control packets in mode ${lrc}`, () => {
      const { ACK, NAK } = vectors.control[lrc];
      expect(hexOf(encodeControl('ack', lrc))).toBe(ACK);
      expect(hexOf(encodeControl('nak', lrc))).toBe(NAK);
      expect(decodeEcr17Line(ACK + NAK, { lrc })).toEqual([{ wire: 'ack' }, { wire: 'nak' }]);
    });

    for (const vector of vectors.requests) {
      it(`${vector.name} (command, ${lrc}) is read and written to the byte`, () => {
        const hex = vector.frames[lrc];
        const messages = decodeEcr17Line(hex, { lrc, from: 'ecr' });
        expect(messages).toHaveLength(1);
        expect(messages[0]).toMatchObject({ wire: 'frame', ...vector.expect });
        const payload = bytesOf(hex).slice(1, -2);
        if (vector.payloadLength) expect(payload).toHaveLength(vector.payloadLength);
        const again = encodeRequest(decodeFromEcr(payload) as EcrRequest);
        expect(hexOf(encodeFrame(again, lrc))).toBe(hex);
      });
    }

    for (const vector of vectors.responses) {
      it(`${vector.name} (answer, ${lrc}) is read`, () => {
        const messages = decodeEcr17Line(vector.frames[lrc], { lrc });
        expect(messages).toHaveLength(1);
        expect(messages[0]).toMatchObject({ wire: 'frame', ...vector.expect });
      });
    }
  }

  for (const vector of vectors.responses) {
    // The middle of results 05 is not published: what is read there cannot be written back.
    if (vector.expect.result === '05') continue;
    it(`${vector.name} (answer) is written back to the byte`, () => {
      const payload = bytesOf(vector.frames.std).slice(1, -2);
      const again = encodeResponse(decodeFromPos(payload) as PosResponse);
      expect(Buffer.from(again).toString('latin1')).toBe(Buffer.from(payload).toString('latin1'));
    });
  }

  for (const { frame, text } of vectors.progress) {
    it(`progress ${text}`, () => {
      expect(decodeEcr17Line(frame, { lrc: 'std' })).toEqual([{ wire: 'progress', text }]);
      expect(hexOf(encodeProgress(text))).toBe(frame);
    });
  }

  const outcomes: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
    'wrong LRC': [{ wire: 'error', error: { code: 'ECR17_LRC' } }],
    'no LRC byte yet': [{ wire: 'incomplete' }],
    'SOH without EOT': [{ wire: 'incomplete' }],
    'lone ACK byte': [{ wire: 'incomplete' }],
    'ACK with wrong LRC': [{ wire: 'error', error: { code: 'ECR17_CONTROL_LRC' } }],
    'junk then frame': [{ wire: 'frame', code: 'T', skipped: 2 }],
  };
  for (const vector of vectors.invalid) {
    it(`${vector.name}: ${vector.expect}`, () => {
      const messages = decodeEcr17Line(vector.frame, { lrc: vector.mode ?? 'std' });
      const expected = outcomes[vector.name];
      expect(expected, 'a vector this test does not know').toBeDefined();
      expect(messages).toHaveLength(expected?.length ?? 0);
      expect(messages).toMatchObject(expected ?? []);
    });
  }

  for (const session of vectors.sessions) {
    it(`session: ${session.name}`, () => {
      for (const [direction, hex] of session.steps) {
        if (!hex) continue;
        const messages = decodeEcr17Line(hex, { lrc: session.mode, from: direction === '>' ? 'ecr' : 'pos' });
        expect(messages).toHaveLength(1);
        expect(messages[0]?.wire).not.toMatch(/error|incomplete/);
      }
    });
  }

  const stream = () => {
    const all = vectors.responses.map((vector) => vector.frames.std);
    return bytesOf(
      ['ff00', ...all, vectors.control.std.ACK, ...vectors.progress.map((p) => p.frame)].join('41'),
    );
  };
  const whole = () => new FrameReader('std').push(stream());

  it('reads the same however the stream is chunked: one byte at a time, and cut in two at every place', () => {
    const bytes = stream();
    const dribble = new FrameReader('std');
    const one: WireItem[] = [];
    for (const byte of bytes) one.push(...dribble.push(Uint8Array.of(byte)));
    expect(one).toEqual(whole());
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new FrameReader('std');
      const items = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      if (items.length !== one.length) expect(items, `cut at ${cut}`).toEqual(one);
    }
  });

  it('takes any mutation of any frame without throwing, and finds the next good frame', () => {
    const frames = [...vectors.requests, ...vectors.responses].map((vector) => bytesOf(vector.frames.std));
    const good = bytesOf(vectors.requests[0]?.frames.std ?? '');
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        (frame, changes) => {
          const mutated = Uint8Array.from(frame);
          for (const [at, value] of changes) mutated[at % mutated.length] = value;
          for (const from of ['pos', 'ecr'] as const) {
            expect(decodeEcr17Line(hexOf(mutated), { lrc: 'std', from }).length).toBeGreaterThan(0);
          }
          const reader = new FrameReader('std');
          reader.push(mutated);
          const items = [...reader.push(good), ...reader.push(good), ...reader.push(good)];
          expect(items.some((item) => item.wire === 'frame' && item.payload.length === 10)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('the reader', () => {
  it('takes any bytes: never throws, holds at most one packet', () => {
    const hostile = fc
      .uint8Array({ maxLength: 600 })
      .chain((bytes) =>
        fc
          .array(fc.constantFrom(1, 2, 3, 4, 6, 0x15, 0x30, 0x53, 0x7d, 0x1b), { maxLength: 600 })
          .map((marks) => Uint8Array.from([...bytes, ...marks])),
      );
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom(...lrcModes),
        fc.integer({ min: 1, max: 50 }),
        (bytes, mode, size) => {
          const chunked = new FrameReader(mode);
          const items: WireItem[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            items.push(...chunked.push(bytes.subarray(at, at + size)));
            expect(chunked.pending).toBeLessThanOrEqual(2_050);
          }
          expect(items).toEqual(new FrameReader(mode).push(bytes));
          decodeEcr17Line(hexOf(bytes), { lrc: mode, from: 'pos' });
          decodeEcr17Line(hexOf(bytes), { lrc: mode, from: 'ecr' });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('gives up a packet that has no end', () => {
    const reader = new FrameReader('std');
    const items: WireItem[] = [];
    items.push(...reader.push(Uint8Array.of(2)));
    for (let index = 0; index < 10_000; index++) items.push(...reader.push(Uint8Array.of(0x41)));
    expect(items).toMatchObject([{ wire: 'error', code: 'ECR17_TOO_LONG' }]);
    expect(reader.pending).toBe(0);
  });

  it('names the mode in which a wrong check byte would be right', () => {
    const payload = Uint8Array.from(Buffer.from('123456780s'));
    for (const mode of lrcModes) {
      for (const other of lrcModes) {
        if (other === mode) continue;
        expect(new FrameReader(mode).push(encodeFrame(payload, other))).toMatchObject([
          { code: 'ECR17_LRC', fits: other },
        ]);
        expect(new FrameReader(mode).push(encodeControl('nak', other))).toMatchObject([
          { code: 'ECR17_CONTROL_LRC', fits: other },
        ]);
      }
    }
  });

  it('has the check byte of the published example', () => {
    expect(lrcOf(Uint8Array.of(0x41, 0x42), 'std')).toBe(0x7c);
  });

  it('reads a frame whose check byte looks like a mark', () => {
    for (const mark of [1, 2, 3, 4, 6, 0x15]) {
      // One character is chosen so that the XOR of the payload is the mark.
      const head = Array.from('123456780s', (letter) => letter.charCodeAt(0));
      const rest = lrcOf(Uint8Array.from(head), 'std') ^ mark;
      const payload = Uint8Array.from([...head, rest ^ 0x40, 0x40]);
      const frame = encodeFrame(payload, 'std');
      expect(frame.at(-1)).toBe(mark);
      expect(new FrameReader('std').push(frame)).toMatchObject([{ wire: 'frame' }]);
    }
  });

  it('keeps a packet whose neighbour lost its check byte', () => {
    const frame = encodeFrame(Uint8Array.from(Buffer.from('123456780s')), 'std');
    const items = new FrameReader('std').push(Uint8Array.from([...frame.subarray(0, -1), ...frame]));
    expect(items.map((item) => item.wire)).toEqual(['error', 'frame']);
  });
});

describe('decoding a line of a log', () => {
  it('refuses what is not hex, and an empty record', () => {
    expect(decodeEcr17Line('zz', { lrc: 'std' })).toMatchObject([
      { wire: 'error', error: { code: 'HEX_INVALID' } },
    ]);
    expect(decodeEcr17Line(' ', { lrc: 'std' })).toMatchObject([
      { wire: 'error', error: { code: 'HEX_EMPTY' } },
    ]);
  });

  it('names an unknown code, a short message and a foreign head', () => {
    const of = (text: string) =>
      decodeEcr17Line(hexOf(encodeFrame(Uint8Array.from(Buffer.from(text)), 'std')), { lrc: 'std' })[0];
    expect(of('123456780Z')).toMatchObject({ error: { code: 'ECR17_CODE_UNKNOWN' } });
    expect(of('1234')).toMatchObject({ error: { code: 'ECR17_SHORT' } });
    expect(of('ABCDEFGH0s')).toMatchObject({ error: { code: 'ECR17_HEAD' } });
    expect(of('123456780E00')).toMatchObject({ error: { code: 'ECR17_SHORT' } });
  });
});

describe('writing', () => {
  it('refuses an amount that does not fit eight digits', () => {
    expect(() =>
      encodeRequest({
        code: 'X',
        terminalId: '12345678',
        cashRegisterId: '00000001',
        additionalData: false,
        cardAlreadyPresent: false,
        paymentType: '0',
        amountCents: 100_000_000,
        text: '',
      }),
    ).toThrow(expect.objectContaining({ code: 'ECR17_UNENCODABLE' }));
  });
});
