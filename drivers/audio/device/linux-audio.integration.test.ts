import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import { afterEach, describe, expect, it } from 'vitest';
import { EV_KEY, EV_SW, inputEvent, SW_HEADPHONE_INSERT } from '../../evdev/index.ts';
import { registerKeypad } from '../../keypad/device/index.ts';
import { DeviceRegistry } from '../../registry/index.ts';
import { LinuxAudio, linuxAudioSettings } from './index.ts';

const folder = mkdtempSync(join('/dev/shm', 'jolly-evdev-'));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function until(what: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!what()) {
    if (performance.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => systemClock.after(5, () => resolve(undefined)));
  }
}

/** A named pipe gives its bytes as a device of /dev/input does, and ends as an unplugged one. */
function device(name: string): string {
  const path = join(folder, name);
  spawnSync('mkfifo', [path]);
  return path;
}

/** By a process of its own: opening a pipe that nobody reads yet would stop this one. */
function put(path: string, ...events: readonly (readonly [number, number, number])[]): void {
  const writer = spawn('sh', ['-c', 'cat > "$0"', path], { stdio: ['pipe', 'ignore', 'inherit'] });
  cleanups.push(() => writer.kill());
  writer.stdin.end(Buffer.concat(events.map(([type, code, value]) => inputEvent({ type, code, value }))));
}

describe('sound of a Linux computer', () => {
  it('hears the jack, also after its device came back', async () => {
    const jack = device('jack');
    const audio = new LinuxAudio(
      'linux-audio:',
      linuxAudioSettings(new URLSearchParams({ jack })),
      systemClock,
    );
    cleanups.push(() => audio.close());
    const plugs: boolean[] = [];
    audio.onHeadset((plugged) => plugs.push(plugged));
    put(jack, [EV_SW, SW_HEADPHONE_INSERT, 1], [0, 0, 0]);
    // the pipe's end is the device's: what is private waits
    await until(() => plugs.length === 2);
    expect(plugs).toEqual([true, false]);
    expect(audio.health()).toMatchObject({ state: 'degraded', reasons: ['jack-unplugged'] });
    put(jack, [EV_SW, SW_HEADPHONE_INSERT, 1]);
    await until(() => plugs.length === 4);
  });

  it('sets the loudness by wpctl, and says when it cannot', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'jolly-wpctl-'));
    cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
    const wpctl = join(dir, 'wpctl');
    writeFileSync(wpctl, `#!/bin/sh\necho "$@" >> ${dir}/asked\n`);
    chmodSync(wpctl, 0o755);
    const audio = new LinuxAudio(
      'linux-audio:',
      linuxAudioSettings(new URLSearchParams({ wpctl })),
      systemClock,
    );
    await audio.setLevel(0.4);
    expect(readFileSync(join(dir, 'asked'), 'utf8')).toBe('set-volume @DEFAULT_AUDIO_SINK@ 40%\n');
    expect((await audio.selfTest()).map(({ ok }) => ok)).toEqual([true]);
    const without = new LinuxAudio(
      'linux-audio:',
      linuxAudioSettings(new URLSearchParams('wpctl=/no/wpctl')),
      systemClock,
    );
    await expect(without.setLevel(1)).rejects.toMatchObject({ code: 'AUDIO_LEVEL_FAILED' });
    expect(without.health()).toMatchObject({ state: 'degraded', reasons: ['level-failed'] });
    await audio.close();
  });

  it('refuses settings that are none', () => {
    expect(() => linuxAudioSettings(new URLSearchParams('jack=event5&sink=;rm'))).toThrow(
      expect.objectContaining({ code: 'AUDIO_SETTING_INVALID' }),
    );
  });
});

describe('a keypad that Linux sees as a keyboard', () => {
  it('gives its keys by their codes, once, and the plug by keys of its own', async () => {
    const path = device('keys');
    const registry = registerKeypad(new DeviceRegistry());
    const keypad = registry.create('keypad', `evdev-keypad:${path}?help=60&jackin=191&jackout=192`, {
      clock: systemClock,
      log: () => undefined,
    });
    cleanups.push(() => keypad.close());
    expect(keypad.headset).toBe(false);
    const heard: unknown[] = [];
    keypad.onKey((key) => heard.push(key));
    keypad.onHeadset((plugged) => heard.push(plugged));
    const down = (code: number) => [EV_KEY, code, 1] as const;
    const up = (code: number) => [EV_KEY, code, 0] as const;
    put(path, down(108), [EV_KEY, 108, 2], up(108), down(60), up(60), down(79), up(79), down(191), down(192));
    await until(() => heard.length === 5);
    expect(heard).toEqual(['down', 'help', '1', true, false]);
  });
});
