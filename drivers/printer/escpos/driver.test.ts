import type { PaperDocument } from '@jolly/contracts/receipt';
import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { memoryWire } from '../../transport/index.ts';
import { CommandReader, RealtimeScanner } from './codec/index.ts';
import { EscposPrinter } from './driver.ts';
import { printerSettings } from './settings.ts';

const slip: PaperDocument = { kind: 'receipt', blocks: [{ block: 'text', text: 'ciao' }] };

/** A printer's end that answers what it is told to, one byte a packet. */
function bench(settings: string) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const context = { clock, log: (event: string) => void logged.push(event), random: () => 0 };
  const { transport, peer } = memoryWire(context);
  const scanner = new RealtimeScanner();
  const reader = new CommandReader();
  const said = {
    status: [0, 0x12, 0x12, 0x12, 0x12] as number[],
    full: [0x10, 0x0f, 0, 0, 0, 0],
    answersGsR: true,
    beforeGsR: [] as number[],
    seen: [] as string[],
  };
  const send = (...bytes: number[]) => {
    for (const byte of bytes) peer.send(Uint8Array.of(byte));
  };
  peer.onData((bytes) => {
    for (const request of scanner.push(bytes)) {
      if (request.request === 'recover') said.seen.push(`recover ${request.n}`);
      if (request.request === 'clear-buffer') {
        said.seen.push('clear');
        send(0x37, 0x25, 0x00);
      }
      if (request.request !== 'status') continue;
      if (request.n === 0x14) send(...said.full);
      else send(said.status[request.n] ?? 0);
    }
    for (const command of reader.push(bytes)) {
      if (command.kind !== 'command' || command.name !== 'GS r') continue;
      send(...said.beforeGsR);
      if (said.answersGsR) send(0x00);
    }
  });
  const read = printerSettings('serial', new URLSearchParams(settings));
  const printer = new EscposPrinter('escpos+serial:///dev/test', read, () => transport, context);
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(50, left));
      for (let turn = 0; turn < 60; turn++) await Promise.resolve();
    }
  };
  const ends = async <T>(promise: Promise<T>, limit = 120_000): Promise<T> => {
    let done = false;
    void promise.finally(() => {
      done = true;
    });
    for (let waited = 0; !done && waited < limit; waited += 50) await pass(50);
    return promise;
  };
  return { printer, peer, said, send, pass, ends, logged };
}

describe('the printed rule', () => {
  it('is fulfilled by the reply to the question sent last', async () => {
    const { printer, ends } = bench('');
    expect(await ends(printer.print(slip))).toEqual({ result: 'printed' });
    await printer.close();
  });

  it('is broken by an offline seen before that reply, even when the reply comes', async () => {
    const { printer, said, ends } = bench('');
    said.beforeGsR = [0x18, 0x00, 0x0f, 0x0f];
    const printing = printer.print(slip);
    const result = await ends(printing);
    expect(result).toMatchObject({ result: 'failed' });
    expect(said.seen).toContain('clear');
    await printer.close();
  });

  it('leaves a silent printer unknown', async () => {
    const { printer, said, ends } = bench('answer=5');
    said.answersGsR = false;
    expect(await ends(printer.print(slip))).toEqual({ result: 'unknown', reason: 'no-answer' });
    await printer.close();
  });

  it('leaves a link lost after the first byte unknown', async () => {
    const { printer, said, peer, pass, ends } = bench('answer=20');
    said.answersGsR = false;
    const printing = printer.print(slip);
    await pass(1_000);
    peer.cut('unplugged', { stay: true });
    expect(await ends(printing)).toEqual({ result: 'unknown', reason: 'link-lost' });
    expect(printer.health()).toMatchObject({ state: 'unavailable', reasons: ['link-down:unplugged'] });
    await printer.close();
  });

  it('takes no answer of an earlier question for that of a later one', async () => {
    const { printer, said, pass, ends } = bench('');
    await pass(500);
    // Cover open is bit 2 of question 2; as an answer to question 1 it would be the drawer.
    said.status = [0, 0x1a, 0x16, 0x12, 0x12];
    expect(await ends(printer.print(slip))).toEqual({ result: 'failed', reason: 'cover-open' });
    await printer.close();
  });
});

describe('a slip in the mouth', () => {
  const inMouth = [0x10, 0x0f, 0x20, 0, 0, 0];
  const gone = [0x10, 0x0f, 0x00, 0, 0, 0];

  it.each([
    ['taken by the citizen when it goes early', 5_000, { taken: 1, retracts: 0 }],
    ['taken back by the printer when it stays to the end', 30_000, { taken: 0, retracts: 1 }],
  ] as const)('counts as %s', async (_, after, counted) => {
    const { printer, said, pass, ends, logged } = bench('profile=custom-vkp80iii');
    said.full = inMouth;
    expect(await ends(printer.print(slip))).toEqual({ result: 'printed' });
    expect(printer.paper().ticketInMouth).toBe(true);
    await pass(after);
    said.full = gone;
    await pass(1_500);
    expect(printer.paper().ticketInMouth).toBe(false);
    expect(printer.health().counters).toMatchObject(counted);
    expect(logged).toContain(counted.taken === 1 ? 'printer.slip-taken' : 'printer.slip-retracted');
    await printer.close();
  });
});

describe('the settings in the URI', () => {
  const read = (text: string) => printerSettings('tcp', new URLSearchParams(text));

  it('have defaults by profile and by transport', () => {
    expect(read('')).toMatchObject({ columns: 42, link: 'per-job', pollMs: 10_000, answerMs: 30_000 });
    expect(read('profile=custom-kpm').columns).toBe(48);
    expect(printerSettings('serial', new URLSearchParams()).link).toBe('held');
  });

  it.each(['profile=toString', 'width=7', 'width=x', 'link=maybe', 'poll=-1', 'answer=1e9'])(
    'refuse %s',
    (text) => {
      expect(() => read(text)).toThrowError(/PRINTER_SETTING_INVALID/);
    },
  );
});
