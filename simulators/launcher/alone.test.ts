import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptBy } from './alone.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-alone-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('one start a data folder', () => {
  it('keeps a folder that nobody keeps, also after a power cut', () => {
    writeFileSync(join(folder, 'launcher.pid'), '999999999');
    expect(keptBy(folder)).toBeUndefined();
    expect(readFileSync(join(folder, 'launcher.pid'), 'utf8')).toBe(String(process.pid));
  });

  it('does not take a stranger with an old number for a launcher', () => {
    writeFileSync(join(folder, 'launcher.pid'), '1');
    expect(keptBy(folder)).toBeUndefined();
  });

  it('names the launcher that was there first', async () => {
    const first = spawn(process.execPath, [
      '-e',
      'setInterval(() => 0, 1000)',
      'simulators/launcher/main.ts',
    ]);
    await once(first, 'spawn');
    writeFileSync(join(folder, 'launcher.pid'), String(first.pid));
    expect(keptBy(folder)).toBe(first.pid);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(keptBy(folder)).toBeUndefined();
  });
});
