import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Ready, startProcess } from '@jolly/simulators/process';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const root = resolve(import.meta.dirname, '../..');
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), 'jolly-wire-'));
  cleanups.push(() => rm(made, { recursive: true, force: true }));
  return made;
};

async function jolly(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await run(['wire', ...args], {
    input: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
    out: async (line) => void out.push(line),
    err: async (line) => void err.push(line),
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('jolly wire', () => {
  it('records a printer’s self-test, shows it, and plays it again without the printer', async () => {
    const file = join(await folder(), 'printer.jsonl');
    const printer = await startProcess<Ready>(join(root, 'simulators/printer/main.ts'), ['--wire', 'tcp:0']);
    const uri = `escpos+tcp:${printer.ready.wire.slice(4)}?profile=epson-generic&poll=600`;
    const recorded = await jolly('record', '--uri', uri, '--role', 'printer', '--out', file);
    expect([recorded.err, recorded.status]).toEqual(['', 0]);
    await printer.stop();
    const shown = await jolly('show', file);
    expect(shown.status).toBe(0);
    expect(shown.out).toContain(`[1] ${uri}`);
    expect(shown.out).toContain('>  100401');
    const replayed = await jolly('replay', file, '--role', 'printer');
    expect([replayed.err, replayed.status]).toEqual(['', 0]);
    expect(replayed.out).toMatch(
      /\d+ frames of the device played, \d+ of the driver heard, 0 of them different/,
    );
  });

  it('records a ZVT terminal’s self-test without its password, and plays it again without the terminal', async () => {
    const file = join(await folder(), 'zvt.jsonl');
    const pos = await startProcess<Ready>(join(root, 'simulators/pos-zvt/main.ts'), ['--wire', 'tcp:0']);
    const uri = `zvt+tcp:${pos.ready.wire.slice(4)}?password=000000&probe=0`;
    const recorded = await jolly('record', '--uri', uri, '--role', 'pos', '--out', file);
    expect([recorded.err, recorded.status]).toEqual(['', 0]);
    await pos.stop();
    const shown = await jolly('show', file);
    expect(shown.out).toContain('password=***');
    expect(shown.out).toMatch(/> {2}0600/);
    const replayed = await jolly('replay', file, '--role', 'pos');
    expect([replayed.err, replayed.status]).toEqual(['', 0]);
    expect(replayed.out).toContain(' 0 of them different');
  });

  it('has no way to a card reader', async () => {
    const { status, err } = await jolly('record', '--uri', 'pcsc:ACR', '--role', 'card', '--out', '/nowhere');
    expect(status).toBe(2);
    expect(err).toContain('record needs');
    expect(readFileSync(join(import.meta.dirname, 'drivers.ts'), 'utf8')).not.toContain('registerCard');
  });

  it('says what is wrong with a file, a folder, a command line', async () => {
    const place = await folder();
    await writeFile(join(place, 'no.jsonl'), 'hello\n');
    copyFileSync(join(root, 'drivers/printer/escpos/recordings/slip.jsonl'), join(place, 'slip.jsonl'));
    expect(await jolly('show', join(place, 'no.jsonl'))).toMatchObject({ status: 1 });
    expect(await jolly('show', join(place, 'none.jsonl'))).toMatchObject({ status: 1 });
    expect(await jolly('replay', join(place, 'slip.jsonl'))).toMatchObject({ status: 2 });
    expect(await jolly('record', '--terminal', place)).toMatchObject({ status: 2 });
    expect(await jolly('record', '--terminal', place, '--seconds', '9999')).toMatchObject({ status: 2 });
    expect(await jolly()).toMatchObject({ status: 2 });
    expect(existsSync(join(place, 'recordings'))).toBe(false);
  });
});
