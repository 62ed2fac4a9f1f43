import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../tests/shared-data/index.ts';
import {
  type Command,
  CommandReader,
  decodeEscposStatus,
  Page,
  ReplySplitter,
  type StatusReply,
} from './index.ts';

interface Vectors {
  vkp80iiiCommands: { command: string; args: string; bytes: string }[];
  dleEot: { n: number; reply: string; expect: object }[];
  dleEotInvalid: { reply: string }[];
  asb: { reply: string; expect: object }[];
  interleaved: { bytes: string; expect: string[] }[];
  customFullStatus: { reply: string; expect: object }[];
  ejectorStatus: { reply: string; expect: object }[];
  streams: {
    producer: string;
    bytes: string;
    expect: {
      text: string[];
      codePage?: number;
      qr?: { data: string; module: number; ecc: string };
      barcode?: object;
      cut?: string;
    };
  }[];
}

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describeWithShared('the published ESC/POS vectors', ['devices', 'escpos.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
  const statuses: [StatusReply, string, object][] = [
    ...vectors.dleEot.map(
      (v) => [`dle-eot-${v.n}` as StatusReply, v.reply, v.expect] as [StatusReply, string, object],
    ),
    ...vectors.asb.map((v) => ['asb', v.reply, v.expect] as [StatusReply, string, object]),
    ...vectors.customFullStatus.map(
      (v) => ['custom-full', v.reply, v.expect] as [StatusReply, string, object],
    ),
    ...vectors.ejectorStatus.map((v) => ['ejector', v.reply, v.expect] as [StatusReply, string, object]),
  ];

  it.each(statuses)('decodes %s %s', (kind, reply, expected) => {
    expect(decodeEscposStatus(kind, reply)).toEqual(expected);
  });

  it.each(vectors.dleEotInvalid)('refuses $reply as a real-time status', ({ reply }) => {
    for (const kind of ['dle-eot-1', 'dle-eot-2', 'dle-eot-3', 'dle-eot-4'] as const) {
      expect(decodeEscposStatus(kind, reply)).toMatchObject({ error: { code: 'ESCPOS_DLE_EOT_INVALID' } });
    }
  });

  it.each(vectors.interleaved)('takes the mixed stream $bytes apart', ({ bytes, expect: expected }) => {
    const words = new ReplySplitter().push(bytesOf(bytes)).map((reply) => {
      if (reply.reply === 'dle-eot') return `dleEot:${hexOf(Uint8Array.of(reply.byte))}`;
      return reply.reply === 'asb' ? `asb:${hexOf(reply.bytes)}` : reply.reply;
    });
    expect(words).toEqual(expected);
  });

  it.each(vectors.vkp80iiiCommands)('reads $command($args) to its end', ({ bytes }) => {
    const reader = new CommandReader();
    // A letter after the command: it must come out as text, whole and alone.
    const [found, letter, ...more] = reader.push(bytesOf(`${bytes}5a`));
    expect(found?.kind).toMatch(/^(command|control)$/);
    expect(lengthOf(found)).toBe(bytes.length / 2);
    expect(letter).toEqual({ kind: 'text', bytes: Uint8Array.of(0x5a) });
    expect(more).toEqual([]);
    expect(reader.pending).toBe(0);
  });

  it.each(vectors.streams)('reads the paper of $producer', ({ bytes, expect: expected }) => {
    const reader = new CommandReader();
    const page = new Page();
    const events = reader.push(bytesOf(bytes)).flatMap((command) => page.apply(command));
    const lines = events
      .flatMap((event) => (event.event === 'row' && event.row.row === 'text' ? [event.row] : []))
      .map((row) =>
        row.runs
          .map((run) => run.text)
          .join('')
          .trim(),
      );
    expect(lines).toEqual(expect.arrayContaining(expected.text));
    if (expected.codePage !== undefined) {
      expect(events).toContainEqual({ event: 'code-page', page: expected.codePage });
    }
    if (expected.qr) {
      const { data, module, ecc } = expected.qr;
      expect(events).toContainEqual(expect.objectContaining({ event: 'qr', data, module }));
      // The vector reads level byte 31 by Custom's table (31 = L); Epson's, and the producer's own, say M.
      const custom = new Page({ qrLevels: 'custom' });
      const byCustom = new CommandReader().push(bytesOf(bytes)).flatMap((command) => custom.apply(command));
      expect(byCustom).toContainEqual(expect.objectContaining({ event: 'qr', level: ecc }));
    }
    if (expected.barcode) {
      expect(events).toContainEqual(expect.objectContaining({ event: 'barcode', ...expected.barcode }));
    }
    if (expected.cut) expect(events).toContainEqual({ event: 'cut', cut: expected.cut });
    expect(
      events.filter((event) => event.event === 'unsupported' && event.code === 'COMMAND_TOO_LONG'),
    ).toEqual([]);
  });
});

function lengthOf(command: Command | undefined): number {
  if (!command) return 0;
  if (command.kind === 'command') return command.length;
  return command.kind === 'control' ? 1 : command.bytes.length;
}
