import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../tests/shared-data/index.ts';
import { run } from '../run.ts';

async function decode(args: readonly string[], lines: readonly string[]) {
  const messages: Record<string, unknown>[] = [];
  async function* input(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(lines.join('\n'));
  }
  const status = await run(['decode', ...args], {
    input: input(),
    out: async (line) => void messages.push(JSON.parse(line) as Record<string, unknown>),
    err: () => Promise.resolve(),
  });
  return { status, messages };
}

/** `"0612"` → `"06 12"`: as a person writes bytes. */
const spaced = (hex: string) => hex.replace(/../g, '$& ').trim();

interface Ecr17 {
  readonly control: Record<string, { readonly ACK: string; readonly NAK: string }>;
  readonly requests: readonly { readonly frames: Record<string, string>; readonly expect: object }[];
  readonly responses: readonly { readonly frames: Record<string, string>; readonly expect: object }[];
  readonly progress: readonly { readonly frame: string; readonly text: string }[];
}

describeWithShared('jolly decode ecr17', ['devices', 'ecr17.json'], (file) => {
  const published = JSON.parse(readFileSync(file, 'utf8')) as Ecr17;

  it.each(['std', 'stx', 'noext', 'stx_noext'])('reads the published frames with --lrc %s', async (lrc) => {
    for (const [from, frames] of [
      ['pos', published.responses],
      ['ecr', published.requests],
    ] as const) {
      const known = frames.filter((vector) => vector.frames[lrc] !== undefined);
      const { status, messages } = await decode(
        ['ecr17', '--lrc', lrc, '--from', from],
        known.map((vector) => spaced(vector.frames[lrc] ?? '')),
      );
      expect(status).toBe(0);
      expect(messages).toHaveLength(known.length);
      for (const [index, vector] of known.entries()) {
        expect(messages[index]).toMatchObject({ line: index + 1, wire: 'frame', ...vector.expect });
      }
    }
  });

  it('names acknowledgements, progress, what is incomplete and what is wrong', async () => {
    const { ACK = '', NAK = '' } = published.control.std ?? {};
    const [progress] = published.progress;
    const lines = [ACK, NAK, progress?.frame ?? '', '02313233', 'zz', `${ACK}${ACK}`];
    const { status, messages } = await decode(['ecr17', '--lrc', 'std'], lines);
    expect(status).toBe(1);
    expect(messages).toMatchObject([
      { line: 1, wire: 'ack' },
      { line: 2, wire: 'nak' },
      { line: 3, wire: 'progress', text: progress?.text },
      { line: 4, wire: 'incomplete' },
      { line: 5, wire: 'error', error: { code: expect.any(String), message: expect.any(String) } },
      { line: 6, wire: 'ack' },
      { line: 6, wire: 'ack' },
    ]);
  });

  it.each([[[]], [['--lrc', 'best']], [['--lrc', 'std', '--from', 'bank']]])(
    'refuses options %j',
    async (more) => {
      expect(await decode(['ecr17', ...more], [])).toEqual({ status: 2, messages: [] });
    },
  );
});

interface Zvt {
  readonly serialFrames: readonly { readonly apdu: string; readonly frame: string }[];
  readonly examples: readonly ZvtVector[];
  readonly recorded: readonly ZvtVector[];
  readonly printLines: readonly ZvtVector[];
}
interface ZvtVector {
  readonly name?: string;
  readonly apdu?: string;
  readonly expect?: object;
}

describeWithShared('jolly decode zvt', ['devices', 'zvt.json'], (file) => {
  const published = JSON.parse(readFileSync(file, 'utf8')) as Zvt;

  it('reads the published messages as they go over TCP', async () => {
    const known = [...published.examples, ...published.recorded, ...published.printLines].filter(
      (vector) => vector.apdu !== undefined && vector.expect !== undefined,
    );
    const { status, messages } = await decode(
      ['zvt'],
      known.map(({ apdu = '' }) => spaced(apdu)),
    );
    expect(status).toBe(0);
    expect(messages).toHaveLength(known.length);
    for (const [index, vector] of known.entries())
      expect(messages[index], vector.name).toMatchObject({ line: index + 1, ...vector.expect });
  });

  it('takes the APDU out of the frames of a serial line with --serial', async () => {
    const { status, messages } = await decode(
      ['zvt', '--serial'],
      published.serialFrames.map(({ frame }) => spaced(frame)),
    );
    expect(status).toBe(0);
    expect(messages).toMatchObject(
      published.serialFrames.map(({ apdu }, index) => ({ line: index + 1, apdu: apdu.toLowerCase() })),
    );
  });

  it('says codes in words, and names what is incomplete and what is wrong', async () => {
    const { status, messages } = await decode(['zvt'], ['061e016c', '060f01dc 800000', '040f05', 'zz', '0a']);
    expect(status).toBe(1);
    expect(messages).toMatchObject([
      { line: 1, name: 'abort', resultCode: '6C', result: 'aborted' },
      { line: 2, name: 'completion', status: 'DC', statusWord: 'card-inserted' },
      { line: 2, name: 'ok' },
      { line: 3, wire: 'incomplete', control: '040F', length: 5, complete: false },
      { line: 4, wire: 'error', error: { code: 'HEX_INVALID' } },
      { line: 5, wire: 'error', error: { code: 'ZVT_NOISE' } },
    ]);
    expect((await decode(['zvt', '--lrc', 'std'], [])).status).toBe(2);
  });
});

interface StatusVector {
  readonly n?: number;
  readonly reply: string;
  readonly expect: object;
}
interface Escpos {
  readonly dleEot: readonly (StatusVector & { readonly n: number })[];
  readonly dleEotInvalid: readonly { readonly reply: string }[];
  readonly asb: readonly StatusVector[];
  readonly customFullStatus: readonly StatusVector[];
  readonly ejectorStatus: readonly StatusVector[];
}

describeWithShared('jolly decode escpos-status', ['devices', 'escpos.json'], (file) => {
  const published = JSON.parse(readFileSync(file, 'utf8')) as Escpos;
  const byReply: Record<string, readonly StatusVector[]> = {
    ...Object.fromEntries(
      [1, 2, 3, 4].map((n) => [`dle-eot-${n}`, published.dleEot.filter((vector) => vector.n === n)]),
    ),
    asb: published.asb,
    'custom-full': published.customFullStatus,
    ejector: published.ejectorStatus,
  };

  it.each(Object.keys(byReply))(
    'reads the published replies to %s, an "error" bit being no failure',
    async (reply) => {
      const vectors = byReply[reply] ?? [];
      const { status, messages } = await decode(
        ['escpos-status', '--reply', reply],
        vectors.map((vector) => spaced(vector.reply)),
      );
      expect(vectors.length).toBeGreaterThan(0);
      expect(status).toBe(0);
      for (const [index, vector] of vectors.entries()) {
        expect(messages[index]).toMatchObject({ line: index + 1, ...vector.expect });
      }
    },
  );

  it('refuses bytes that are no such reply, and reads on', async () => {
    const lines = [...published.dleEotInvalid.map(({ reply }) => reply), '12'];
    const { status, messages } = await decode(['escpos-status', '--reply', 'dle-eot-1'], lines);
    expect(status).toBe(1);
    expect(messages.filter(({ error }) => typeof error === 'object')).toHaveLength(lines.length - 1);
    expect(messages.at(-1)).toMatchObject({ line: lines.length, offline: false });
  });

  it('refuses to guess what was asked', async () => {
    expect((await decode(['escpos-status'], [])).status).toBe(2);
  });
});

interface HidPos {
  readonly hidPos: {
    readonly descriptorUncounted: string;
    readonly reports: readonly { readonly reports: readonly string[]; readonly expect: object }[];
    readonly reportsUncounted: readonly { readonly reports: readonly string[]; readonly expect: object }[];
  };
}

describeWithShared('jolly decode barcode --hid', ['devices', 'barcode.json'], (file) => {
  const { hidPos } = JSON.parse(readFileSync(file, 'utf8')) as HidPos;
  const all = [...hidPos.reports, ...hidPos.reportsUncounted];

  it('reads the published scans, one a line, whatever the layout', async () => {
    const { status, messages } = await decode(
      ['barcode', '--hid'],
      all.map(({ reports }) => reports.map(spaced).join(',')),
    );
    expect(status).toBe(0);
    expect(messages).toEqual(all.map(({ expect: wanted }, index) => ({ line: index + 1, ...wanted })));
  });

  it('goes by the descriptor it is given, and says what is missing', async () => {
    const { descriptorUncounted, reports } = hidPos;
    const long = reports.find((vector) => vector.reports.length > 1)?.reports ?? [];
    const args = ['barcode', '--hid', '--descriptor', descriptorUncounted];
    const [uncounted] = hidPos.reportsUncounted;
    expect((await decode(args, [uncounted?.reports.join(',') ?? ''])).messages).toEqual([
      { line: 1, ...uncounted?.expect },
    ]);
    expect(await decode(['barcode', '--hid'], [long.slice(0, 1).join(',')])).toMatchObject({
      status: 1,
      messages: [{ error: { code: 'REPORTS_MISSING' } }],
    });
  });

  it.each([[[]], [['--hid', '--serial']], [['--serial', '--descriptor', '00']]])(
    'refuses %j',
    async (more) => {
      expect((await decode(['barcode', ...more], [])).status).toBe(2);
    },
  );
});
