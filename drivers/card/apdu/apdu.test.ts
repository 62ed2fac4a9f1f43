import { isJollyError } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CardChannel,
  type Command,
  decodeAnswer,
  encodeCommand,
  exchange,
  findTlv,
  readFile,
  readTlv,
  statusMeaning,
  TLV_FAULTS,
  type Transmitter,
  triesLeft,
  writeTlv,
} from './index.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

/** A card that answers in turn and keeps what it was sent. */
function scripted(...answers: string[]) {
  const sent: string[] = [];
  const card: Transmitter = {
    async transmit(apdu) {
      sent.push(text(apdu));
      return hex(answers[Math.min(sent.length, answers.length) - 1] ?? '9000');
    },
  };
  return { card, sent };
}

const why = (error: unknown) =>
  isJollyError(error) ? `${error.code} ${error.detail.why ?? error.detail.sw}` : error;

describe('a command', () => {
  it.each([
    [{ cla: 0, ins: 0xa4, p1: 0, p2: 0 }, '00A40000'],
    [{ cla: 0, ins: 0xb0, p1: 0x81, p2: 0, le: 12 }, '00B081000C'],
    [{ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 256 }, '00B0000000'],
    [{ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 1024 }, '00B00000000400'],
    [{ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 65536 }, '00B00000000000'],
    [{ cla: 0, ins: 0xa4, p1: 4, p2: 12, data: hex('A00000000039') }, '00A4040C06A00000000039'],
    [{ cla: 0, ins: 0x88, p1: 0, p2: 0, data: hex('0102'), le: 256 }, '008800000201020 0'],
    [{ cla: 0, ins: 0x88, p1: 0, p2: 0, data: hex('0102'), le: 65536 }, '0088000000000201020000'],
  ] as [Command, string][])('%o is %s', (command, bytes) => {
    expect(text(encodeCommand(command))).toBe(bytes.replaceAll(' ', ''));
  });

  it('of more than 255 bytes is extended', () => {
    const data = new Uint8Array(300).fill(7);
    expect(text(encodeCommand({ cla: 0x10, ins: 0x86, p1: 0, p2: 0, data, le: 256 }))).toBe(
      `1086000000012C${'07'.repeat(300)}0000`,
    );
  });

  it('that cannot be one is refused', () => {
    for (const command of [
      { cla: 256, ins: 0, p1: 0, p2: 0 },
      { cla: 0, ins: 0, p1: -1, p2: 0 },
      { cla: 0, ins: 0, p1: 0, p2: 0, le: 0 },
      { cla: 0, ins: 0, p1: 0, p2: 0, data: new Uint8Array(0x10000) },
    ]) {
      expect(() => encodeCommand(command)).toThrow(RangeError);
    }
  });
});

describe('an answer', () => {
  it('is data and status word, and never fewer than two bytes', () => {
    expect(decodeAnswer(hex('01026282'), 'x')).toEqual({ data: hex('0102'), sw: 0x6282 });
    expect(() => decodeAnswer(hex('90'), 'x')).toThrow('CARD_ANSWER_INVALID');
    expect(() => decodeAnswer(new Uint8Array(65539), 'x')).toThrow('CARD_ANSWER_INVALID');
  });

  it('has a word for each status', () => {
    expect(statusMeaning(0x9000)).toBe('ok');
    expect(statusMeaning(0x63c2)).toBe('tries-left');
    expect(statusMeaning(0x6112)).toBe('more');
    expect(statusMeaning(0x6988)).toBe('secure-messaging-wrong');
    expect(statusMeaning(0x1234)).toBe('unknown');
    expect(triesLeft(0x63c0)).toBe(0);
    expect(triesLeft(0x6300)).toBeUndefined();
  });
});

describe('an exchange', () => {
  it('chains long data in blocks of 255 bytes', async () => {
    const { card, sent } = scripted('9000');
    await exchange(card).send({ cla: 0, ins: 0x22, p1: 0x41, p2: 0xa6, data: new Uint8Array(266) });
    expect(sent).toEqual([`102241A6FF${'00'.repeat(255)}`, `002241A60B${'00'.repeat(11)}`]);
  });

  it('stops the chain where the card refuses', async () => {
    const { card, sent } = scripted('6884');
    const answer = await exchange(card).send({ cla: 0, ins: 0x22, p1: 0, p2: 0, data: new Uint8Array(600) });
    expect([answer.sw, sent.length]).toEqual([0x6884, 1]);
  });

  it('never cuts a round of a chained protocol: extended in any case', async () => {
    const { card, sent } = scripted('9000');
    await exchange(card).send({ cla: 0x10, ins: 0x86, p1: 0, p2: 0, data: new Uint8Array(260), le: 256 });
    expect(sent).toEqual([`10860000000104${'00'.repeat(260)}0000`]);
  });

  it('sends extended only where it may, and no longer than the card takes', async () => {
    const long = { cla: 0, ins: 0x22, p1: 0, p2: 0, data: new Uint8Array(600), le: 256 };
    const allowed = scripted('9000');
    await exchange(allowed.card, { extended: { command: 1238, answer: 2019 } }).send(long);
    expect(allowed.sent.length).toBe(1);
    const tooLong = scripted('9000');
    await exchange(tooLong.card, { extended: { command: 400, answer: 2019 } }).send(long);
    expect(tooLong.sent.length).toBe(3);
    const read = scripted('9000');
    await exchange(read.card).send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 2000 });
    expect(read.sent).toEqual(['00B0000000']);
  });

  it('fetches what 61xx announces', async () => {
    const { card, sent } = scripted('01026103', '03046102', '05069000');
    const answer = await exchange(card).send({ cla: 0, ins: 0xcb, p1: 0x3f, p2: 0xff });
    expect(text(answer.data)).toBe('010203040506');
    expect(sent.slice(1)).toEqual(['00C0000003', '00C0000002']);
  });

  it('repeats once with the length of 6Cxx', async () => {
    const { card, sent } = scripted('6C05', '01020304059000');
    const answer = await exchange(card).send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 12 });
    expect([text(answer.data), sent]).toEqual(['0102030405', ['00B000000C', '00B0000005']]);
    const again = scripted('6C05');
    expect((await exchange(again.card).send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 12 })).sw).toBe(0x6c05);
    expect(again.sent.length).toBe(2);
  });

  it.each([0x20, 0x24, 0x2c])('never repeats a command that spends a try (%i)', async (ins) => {
    const { card, sent } = scripted('6C05', '9000');
    expect((await exchange(card).send({ cla: 0, ins, p1: 0, p2: 0x81, data: new Uint8Array(8) })).sw).toBe(
      0x6c05,
    );
    expect(sent.length).toBe(1);
  });

  it('gives up on a card that never stops announcing more', async () => {
    for (const answer of ['6100', '016100', `${'00'.repeat(256)}6100`]) {
      const { card, sent } = scripted(answer);
      const failed = await exchange(card).send({ cla: 0, ins: 0xcb, p1: 0, p2: 0 }).catch(why);
      expect(failed).toMatch(/CARD_ANSWER_INVALID answer-(endless|too-long)/);
      expect(sent.length).toBeLessThan(70);
    }
    const huge = scripted(`${'00'.repeat(60000)}6100`);
    expect(await exchange(huge.card).send({ cla: 0, ins: 0xcb, p1: 0, p2: 0 }).catch(why)).toBe(
      'CARD_ANSWER_INVALID answer-too-long',
    );
  });

  it('leaves no copy of a secret behind in what it sent', async () => {
    let seen: Uint8Array | undefined;
    const channel = exchange({
      async transmit(apdu) {
        seen = apdu;
        return hex('9000');
      },
    });
    await channel.send({ cla: 0, ins: 0x20, p1: 0, p2: 0x81, data: hex('3132333435363738') });
    expect(seen?.every((byte) => byte === 0)).toBe(true);
  });
});

describe('TLV', () => {
  it('comes back as written, at any length and depth', () => {
    const tag = fc.constantFrom(0x04, 0x30, 0x87, 0x5f37, 0x7f21, 0x7f49, 0xbfa101);
    fc.assert(
      fc.property(tag, tag, fc.uint8Array({ maxLength: 70_000, size: 'max' }), (outer, inner, value) => {
        const bytes = writeTlv(outer, writeTlv(inner, value), writeTlv(0x97, Uint8Array.of(1)));
        expect(findTlv(bytes, [outer, inner], 'x')).toEqual(value);
        expect(readTlv(bytes, 'x').length).toBe(1);
        expect(readTlv(bytes.subarray(0, bytes.length), 'x')[0]?.whole).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['87', 'tlv-truncated'],
    ['7F', 'tlv-truncated'],
    ['8781', 'tlv-truncated'],
    ['8702AA', 'tlv-length-lies'],
    ['8783FFFFFFAA', 'tlv-length-lies'],
    ['87800000', 'tlv-length-indefinite'],
    ['878401000000', 'tlv-length-too-long'],
    ['87FF', 'tlv-length-too-long'],
    ['0000', 'tlv-tag-invalid'],
    ['FF01AA', 'tlv-tag-invalid'],
    ['7F8001AA', 'tlv-tag-invalid'],
    ['7FFFFFFF01AA', 'tlv-tag-invalid'],
    ['8100'.repeat(257), 'tlv-too-many'],
  ])('%s is a named fault', (bytes, fault) => {
    expect(TLV_FAULTS).toContain(fault);
    expect(() => readTlv(hex(bytes), 'x')).toThrow(
      expect.objectContaining({ code: 'CARD_ANSWER_INVALID', detail: { step: 'x', why: fault } }),
    );
  });

  it('of any bytes is objects that fill them, or a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          const length = readTlv(bytes, 'x').reduce((sum, object) => sum + object.whole.length, 0);
          expect(length).toBe(bytes.length);
        } catch (error) {
          expect(isJollyError(error, 'CARD_ANSWER_INVALID')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** A card with one file, giving at most `most` bytes at a time. */
function fileCard(content: Uint8Array, { most = 256, shortIds = true, endOfFile = true } = {}) {
  const sent: Command[] = [];
  const channel: CardChannel = {
    async send(command) {
      sent.push(command);
      const { ins, p1, p2, data, le = 0 } = command;
      if (ins === 0xa4) return { data: new Uint8Array(0), sw: 0x9000 };
      if (p1 >= 0x80 && !shortIds) return { data: new Uint8Array(0), sw: 0x6a82 };
      const odd = ins === 0xb1;
      const offset = odd ? ((data?.[2] ?? 0) << 8) | (data?.[3] ?? 0) : p1 >= 0x80 ? p2 : (p1 << 8) | p2;
      if (offset > content.length) return { data: new Uint8Array(0), sw: 0x6b00 };
      const room = odd ? (le > 131 ? le - 4 : le - 2) : le;
      const piece = content.subarray(offset, offset + Math.min(room, most));
      const sw = endOfFile && offset + room > content.length ? 0x6282 : 0x9000;
      return { data: odd ? writeTlv(0x53, piece) : piece, sw };
    },
  };
  return { channel, sent };
}

const der = (length: number) =>
  writeTlv(
    0x30,
    new Uint8Array(length).map((_, at) => at),
  );
const failure = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: unknown) => why(error),
  );

describe('a file', () => {
  it('is read to its DER length and no further', async () => {
    const content = der(1000);
    const padded = new Uint8Array(4000);
    padded.set(content);
    const { channel, sent } = fileCard(padded);
    const read = await readFile(channel, { step: 'x', sfi: 6, fid: 0x1006, chunk: 0xe7, length: 'der' });
    expect(read).toEqual(content);
    expect(sent.length).toBe(5);
    expect(sent.at(-1)?.le).toBe(1004 - 4 * 0xe7);
  });

  it.each([1, 5, 100, 0xe7, 0x7ff0, 0x8000, 0x8123])('of %i bytes is read whole', async (length) => {
    const content = new Uint8Array(length).map((_, at) => at % 251);
    for (const endOfFile of [true, false]) {
      const { channel } = fileCard(content, { endOfFile });
      const read = await readFile(channel, { step: 'x', fid: 0x0102, chunk: 0xe7, length: 'all' });
      expect(read).toEqual(content);
    }
  });

  it('is read in short answers that say 9000, and by its id where the card knows no short ones', async () => {
    const { channel, sent } = fileCard(der(500), { most: 40, shortIds: false });
    const read = await readFile(channel, { step: 'x', fid: 0x1005, sfi: 5, chunk: 0x80, length: 'der' });
    expect(read).toEqual(der(500));
    expect(sent.slice(0, 2).map(({ ins }) => ins)).toEqual([0xb0, 0xa4]);
  });

  it('may be filled up behind its DER, beyond any limit', async () => {
    const filled = new Uint8Array(4096);
    filled.set(der(270));
    const { channel } = fileCard(filled, { most: 4096 });
    const reading = readFile(channel, { step: 'x', sfi: 5, chunk: 2017, length: 'der', limit: 300 });
    expect(await reading).toEqual(der(270));
  });

  it('is not taken when it is shorter than it says, longer than allowed, or never gets on', async () => {
    const short = fileCard(der(500).subarray(0, 300)).channel;
    expect(await failure(readFile(short, { step: 'x', sfi: 5, chunk: 200, length: 'der' }))).toMatch(
      'too-short',
    );
    const empty = fileCard(new Uint8Array(0)).channel;
    expect(await failure(readFile(empty, { step: 'x', sfi: 5, chunk: 200, length: 12 }))).toMatch(
      'too-short',
    );
    const long = fileCard(new Uint8Array(0x10000)).channel;
    const limited = readFile(long, { step: 'x', sfi: 5, chunk: 200, length: 'all', limit: 1000 });
    expect(await failure(limited)).toMatch('file-too-long');
    const lying = fileCard(hex('3083FFFFFF00')).channel;
    expect(await failure(readFile(lying, { step: 'x', sfi: 5, chunk: 200, length: 'der' }))).toMatch(
      'too-long',
    );
    const still = fileCard(new Uint8Array(0x8000), { most: 1 });
    expect(await failure(readFile(still.channel, { step: 'x', sfi: 5, chunk: 200, length: 'all' }))).toMatch(
      'no-progress',
    );
    expect(still.sent.length).toBeLessThan(20);
    const eager: CardChannel = { send: async () => ({ data: new Uint8Array(300), sw: 0x9000 }) };
    expect(await failure(readFile(eager, { step: 'x', sfi: 5, chunk: 200, length: 'all' }))).toMatch(
      'piece-too-long',
    );
    const refusing: CardChannel = { send: async () => ({ data: new Uint8Array(0), sw: 0x6982 }) };
    expect(await failure(readFile(refusing, { step: 'x', sfi: 5, chunk: 200, length: 'all' }))).toBe(
      'CARD_REFUSED 6982',
    );
  });

  it('without an end is given up at 64 KB', async () => {
    let reads = 0;
    const endless: CardChannel = {
      async send({ ins, le = 0 }) {
        reads += 1;
        const data = new Uint8Array(Math.max(1, le - 4));
        return { data: ins === 0xb1 ? writeTlv(0x53, data) : data, sw: 0x9000 };
      },
    };
    expect(await failure(readFile(endless, { step: 'x', sfi: 5, chunk: 0xe7, length: 'all' }))).toMatch(
      'file-too-long',
    );
    expect(reads).toBeLessThan(310);
  });

  it('of any answers is read or ends in a named error', async () => {
    const answer = fc.record({
      data: fc.uint8Array({ maxLength: 240 }),
      sw: fc.oneof(fc.constantFrom(0x9000, 0x6282, 0x6b00, 0x6c10), fc.integer({ min: 0, max: 0xffff })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('der' as const, 'all' as const, 12),
        async (answers, length) => {
          let at = 0;
          const channel: CardChannel = {
            send: async () => answers[at++ % answers.length] as { data: Uint8Array; sw: number },
          };
          const reading = readFile(channel, { step: 'x', sfi: 1, fid: 0x1001, chunk: 0xe7, length });
          expect(await failure(reading)).toMatch(/^read$|^CARD_/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
