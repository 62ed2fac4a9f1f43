import { readFileSync } from 'node:fs';
import type { CommandIo } from '@jolly/contracts/command';
import { makeCreditor, makeNotice, noticeQr } from '@jolly/contracts/notice';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../tests/shared-data/index.ts';
import { run } from '../run.ts';
import { linesOf } from './lines.ts';

async function* chunksOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function jolly(args: readonly string[], input = '') {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    input: chunksOf(input),
    out: async (line) => void out.push(line),
    err: async (line) => void err.push(line),
  };
  const status = await run(args, io);
  return { status, out, err, messages: () => out.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const key = { noticeNumber: makeNotice('3', '471234567890123'), creditorTaxCode: makeCreditor('8400689048') };
const QR = noticeQr(key, 2500);

describeWithShared('jolly decode notice', ['pagopa', 'notices.json'], (file) => {
  it('answers each published notice with the published words', async () => {
    const { items } = JSON.parse(readFileSync(file, 'utf8')) as { items: { expect: object }[] };
    const { status, messages } = await jolly(
      ['decode', 'notice'],
      items.map((item) => JSON.stringify(item)).join('\n'),
    );
    expect(status).toBe(0);
    const answers = messages();
    expect(answers).toHaveLength(items.length);
    for (const [index, item] of items.entries()) {
      expect(answers[index]).toMatchObject({ line: index + 1, ...item.expect });
    }
  });
});

describeWithShared('jolly decode', ['devices', 'barcode.json'], (file) => {
  const published = JSON.parse(readFileSync(file, 'utf8')) as {
    pagopa: { text: string; expect: object | string }[];
    serial: { bytes?: string; chunks?: string[]; expect: object | string[] }[];
  };

  it('notice gives the support tool the debtor’s fields too', async () => {
    const { messages } = await jolly(
      ['decode', 'notice'],
      published.pagopa.map(({ text }) => text).join('\n'),
    );
    for (const [index, { expect: wanted }] of published.pagopa.entries()) {
      const answer = typeof wanted === 'string' ? { decision: 'reject' } : wanted;
      expect(messages()[index]).toMatchObject({ line: index + 1, ...answer });
    }
  });

  it('barcode reads the published serial bytes', async () => {
    const input = published.serial.map(({ bytes, chunks }) => bytes ?? (chunks ?? []).join(' ')).join('\n');
    const { status, messages } = await jolly(['decode', 'barcode', '--serial'], input);
    const wanted = published.serial.flatMap(({ expect: scan }, index) =>
      (Array.isArray(scan) ? scan.map((data) => ({ data })) : [scan]).map((said) => ({
        line: index + 1,
        ...said,
      })),
    );
    expect(status).toBe(0);
    expect(messages()).toEqual(wanted);
  });
});

describe('jolly decode', () => {
  it('reads on after what it cannot decode, and says so at the end', async () => {
    const { status, messages } = await jolly(['decode', 'barcode', '--serial'], '4\n41 0D\n\nxy\n420d0a\n');
    expect(status).toBe(1);
    expect(messages()).toEqual([
      { line: 1, error: { code: 'HEX_INVALID', message: expect.any(String) } },
      { line: 2, data: 'A' },
      { line: 4, error: { code: 'HEX_INVALID', message: expect.any(String) } },
      { line: 5, data: 'B' },
    ]);
  });

  it('takes a refusal for an answer and broken JSON for an error', async () => {
    const refused = await jolly(['decode', 'notice'], `\r\n ${QR}\r\n`);
    expect(refused.status).toBe(0);
    expect(refused.messages()).toEqual([{ line: 2, decision: 'reject', reason: 'BAD_IDENTIFIER' }]);
    const broken = await jolly(['decode', 'notice'], `{"kind"\n{"kind":"letter","input":"x"}\n${QR}`);
    expect(broken.status).toBe(1);
    expect(broken.messages()).toMatchObject([
      { line: 1, error: { code: 'JSON_INVALID' } },
      { line: 2, error: { code: 'RECORD_INVALID' } },
      { line: 3, decision: 'accept', ...key, amountCents: 2500 },
    ]);
  });

  it('answers a line before the next one comes', async () => {
    const out: string[] = [];
    async function* slowly(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('410d\n42');
      expect(out).toEqual(['{"line":1,"data":"A"}']);
      yield new TextEncoder().encode('0d\n');
      expect(out).toHaveLength(2);
    }
    await run(['decode', 'barcode', '--serial'], {
      input: slowly(),
      out: async (line) => void out.push(line),
      err: () => Promise.resolve(),
    });
    expect(out).toHaveLength(2);
  });

  it('answers any line of any form with an object', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 80 }).map((text) => text.replace(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
        for (const args of [['notice'], ['barcode', '--serial']]) {
          const { messages } = await jolly(['decode', ...args], lines.join('\n'));
          for (const message of messages()) expect(message.line).toBeLessThanOrEqual(lines.length);
        }
      }),
    );
  });
});

describe('the command line', () => {
  it.each([
    [['nope'], /no command "nope": one of .*decode/],
    [['toString'], /no command/],
    [[], /Commands:/],
    [['decode'], /which form/],
    [['decode', 'letter'], /no form "letter": one of notice/],
    [['decode', 'constructor'], /no form/],
    [['decode', 'notice', 'barcode'], /one form at a time/],
    [['decode', 'notice', '--serial'], /has no option --serial/],
    [['decode', 'notice', '--loud'], /--loud/],
    [['decode', 'barcode'], /--serial/],
  ])('%j is refused with status 2 and a sentence', async (args, sentence) => {
    const { status, out, err } = await jolly(args);
    expect(status).toBe(2);
    expect(out).toEqual([]);
    expect(err.join('\n')).toMatch(sentence);
  });

  it.each([[['--help']], [['-h']], [['help']], [['decode', '--help']]])('%j helps', async (args) => {
    const { status, out } = await jolly(args);
    expect(status).toBe(0);
    expect(out.join('\n')).toMatch(/^jolly/);
  });
});

describe('lines', () => {
  it('are numbered however the stream is cut, and only the too long are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ''))),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        async (texts, size, end) => {
          const lines = [];
          for await (const line of linesOf(chunksOf(texts.map((text) => text + end).join(''), size), 20))
            lines.push(line);
          const wanted = texts.map((text, index) => ({
            line: index + 1,
            text: text.length + end.length - 1 > 20 ? undefined : text,
          }));
          expect(lines).toEqual(wanted);
        },
      ),
    );
  });
});
