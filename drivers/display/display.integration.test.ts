import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { afterEach, describe, expect, it } from 'vitest';
import { systemPrograms } from '../programs/index.ts';
import { DeviceRegistry } from '../registry/index.ts';
import { registerScreenPrograms } from './program/index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An executable that writes down how it was called; the real ones need a screen. */
async function standIn(status = 0) {
  const folder = await mkdtemp(join(tmpdir(), 'jolly-display-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, 'screen-tool');
  await writeFile(program, `#!/bin/sh\necho "$*" >> ${folder}/calls\necho "no screen" >&2\nexit ${status}\n`);
  await chmod(program, 0o755);
  return { program, calls: async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n') };
}

const open = (uri: string) => {
  const registry = registerScreenPrograms(new DeviceRegistry(), systemPrograms);
  return registry.create('display', uri, { clock: systemClock, log: () => undefined });
};

describe('a screen switched by a program', () => {
  it.each([
    ['dpms::0', ['-display :0 dpms force off', '-display :0 q', '-display :0 dpms force on']],
    ['wlopm:eDP-1', ['--off eDP-1', '', '--on eDP-1']],
    ['ddc:4', ['--bus 4 setvcp D6 4', '--bus 4 getvcp D6', '--bus 4 setvcp D6 1']],
  ])('%s calls it as its manual says, and is lit when it is let go of', async (address, expected) => {
    const { program, calls } = await standIn();
    const display = open(`${address}?program=${program}`);
    await display.turn('off');
    expect(display.power).toBe('off');
    expect(await display.selfTest()).toMatchObject([{ ok: true }]);
    await display.close();
    expect(await calls()).toEqual(expected);
  });

  it('that refuses, or is not installed, is named', async () => {
    const { program } = await standIn(3);
    const refusing = open(`ddc:?program=${program}`);
    await expect(refusing.turn('off')).rejects.toThrow(/DISPLAY_REFUSED/);
    expect(refusing.health()).toMatchObject({ state: 'degraded', reasons: ['not-switched'] });
    const absent = open('dpms:?program=/nowhere/xset');
    expect(await absent.selfTest()).toMatchObject([
      { ok: false, detail: expect.stringContaining('PROGRAM_ABSENT') },
    ]);
    expect(() => open('dpms:--help')).toThrow(/DISPLAY_SETTING_INVALID/);
    expect(() => open('wlopm:a b')).toThrow(/DISPLAY_SETTING_INVALID/);
  });
});

describe('a program that stays', () => {
  it('says its lines, and its end once', async () => {
    const ends: string[] = [];
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      systemPrograms.watch('/bin/sh', ['-c', 'echo one; echo two; exit 1'], {
        line: (line) => lines.push(line),
        ended: (reason) => {
          ends.push(reason);
          resolve();
        },
      });
    });
    expect([lines, ends]).toEqual([['one', 'two'], ['program-failed']]);
  });
});
