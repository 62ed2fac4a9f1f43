import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerminalSettings } from '@jolly/contracts/twin';
import { ManualClock } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeConfig } from '../config/index.ts';
import { testConfig } from '../stand-ins/index.ts';
import { applied, type Fault, openTwin, type SettingsNews, type Twin } from './index.ts';

let own: RuntimeConfig;
let clock: ManualClock;
let twin: Twin;
let busy: boolean;
let boot: string;
let faults: Fault[];
let restarts: number;
const news: SettingsNews[] = [];
const shown: RuntimeConfig[] = [];

const open = () => {
  twin = openTwin({ own, clock, boot, log: () => undefined, news: (each) => void news.push(each) });
};
const follow = () =>
  twin.follow({
    check: async (raw) =>
      faults.length > 0
        ? { ok: false, faults }
        : { ok: true, settings: raw as TerminalSettings, config: applied(own, raw as TerminalSettings) },
    idle: () => !busy,
    apply: (config) => void shown.push(config),
    restart: () => {
      restarts++;
    },
  });
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const offer = async (version: number, settings: TerminalSettings) => {
  twin.offer({ version, settings });
  await settle();
};
/** The process is gone without a word, and another one begins. */
const crash = () => {
  open();
};
/** The computer's power goes, and comes back. */
const powerCut = () => {
  boot = `boot-${Number(boot.slice(5)) + 1}`;
  open();
};
const otherPrinter = { devices: { printer: 'escpos+tcp://10.0.0.9:9100' } };

beforeEach(() => {
  own = testConfig({ dataDir: mkdtempSync(join(tmpdir(), 'jolly-twin-')) });
  clock = new ManualClock();
  [busy, faults, restarts, boot] = [false, [], 0, 'boot-0'];
  news.length = 0;
  shown.length = 0;
  open();
});
afterEach(() => rmSync(own.dataDir, { recursive: true, force: true }));

describe('settings that need no restart', () => {
  it('hold at once where nobody is there, and over a restart', async () => {
    follow();
    await offer(3, { languages: ['it', 'de'], volume: 0.4, idle: { warnAfterSeconds: 90 } });
    expect([twin.version, restarts, shown.length]).toEqual([3, 0, 1]);
    expect(news).toEqual([{ what: 'applied', version: 3 }]);
    crash();
    expect(twin.config).toMatchObject({ languages: ['it', 'de'], speech: { level: 0.4 } });
    expect(twin.config.idle).toEqual({ ...own.idle, warnAfterSeconds: 90 });
    expect(twin.reported).toEqual({ version: 3 });
  });

  it('wait for who is there', async () => {
    follow();
    busy = true;
    await offer(1, { volume: 0.4 });
    expect([twin.version, shown.length]).toEqual([0, 0]);
    twin.look();
    expect(twin.version).toBe(0);
    busy = false;
    twin.look();
    expect([twin.version, shown.length]).toEqual([1, 1]);
  });

  it('that waited are not forgotten by a power cut', async () => {
    follow();
    busy = true;
    await offer(1, { volume: 0.4 });
    crash();
    expect(twin.config.speech.level).toBe(own.speech.level);
    busy = false;
    follow();
    expect(twin.version).toBe(1);
  });

  it('come once: an older version, or the same again, changes nothing', async () => {
    follow();
    await offer(5, { volume: 0.4 });
    await offer(5, { volume: 0.9 });
    await offer(4, { volume: 0.1 });
    expect([twin.version, twin.config.speech.level, news.length]).toEqual([5, 0.4, 1]);
  });

  it('that say nothing of something leave it to the terminal’s own file', async () => {
    follow();
    await offer(1, { volume: 0.4, helpPhone: '1' });
    await offer(2, { helpPhone: '2' });
    expect(twin.config.speech.level).toBe(own.speech.level);
    expect(twin.config.helpPhone).toBe('2');
  });
});

it('an empty notice takes the one of the terminal’s own file away', async () => {
  own = { ...own, attract: { title: { it: 'Mercato' } } };
  open();
  follow();
  await offer(1, {});
  expect(twin.config.attract).toEqual({ title: { it: 'Mercato' } });
  await offer(2, { attract: {} });
  expect(twin.config.attract).toBeUndefined();
});

describe('settings that are wrong', () => {
  it('are refused with every fault, and the old ones stay', async () => {
    follow();
    await offer(1, { volume: 0.4 });
    faults = [
      { path: 'devices.pos', message: 'unknown' },
      { path: 'openingHours', message: 'no day is open' },
    ];
    await offer(2, { volume: 0.9 });
    expect(twin.reported).toEqual({ version: 1, refused: { version: 2, faults } });
    expect(twin.config.speech.level).toBe(0.4);
    crash();
    expect(twin.reported).toMatchObject({ version: 1, refused: { version: 2 } });
  });

  it('are looked at again when the server sends them again, and told once', async () => {
    follow();
    faults = [{ path: 'devices.pos', message: 'does not answer' }];
    await offer(2, { volume: 0.9 });
    await offer(2, { volume: 0.9 });
    expect(news).toEqual([{ what: 'refused', version: 2, faults: 1 }]);
    faults = [];
    await offer(2, { volume: 0.9 });
    expect(twin.reported).toEqual({ version: 2 });
  });
});

describe('settings that need a restart', () => {
  it('hold once the terminal has run with them for a while', async () => {
    follow();
    await offer(2, otherPrinter);
    expect([restarts, twin.version]).toEqual([1, 0]);
    crash();
    expect(twin.config.devices.printer).toBe(otherPrinter.devices.printer);
    follow();
    expect(twin.version).toBe(0);
    clock.advance(10_000);
    expect([twin.version, news]).toEqual([2, [{ what: 'applied', version: 2 }]]);
    crash();
    expect(twin.config.devices.printer).toBe(otherPrinter.devices.printer);
  });

  it('are taken back by themselves when the terminal does not come up with them, twice', async () => {
    follow();
    await offer(1, { volume: 0.4 });
    await offer(2, otherPrinter);
    for (const start of [1, 2]) {
      crash();
      expect([start, twin.config.devices.printer]).toEqual([start, otherPrinter.devices.printer]);
    }
    crash();
    expect(twin.config.devices.printer).toBe(own.devices.printer);
    expect(twin.config.speech.level).toBe(0.4);
    expect(twin.reported).toMatchObject({ version: 1, refused: { version: 2 } });
    expect(news.at(-1)).toEqual({ what: 'refused', version: 2, faults: 1 });
    // and not tried again, whoever sends them; what is mended has another number
    follow();
    await offer(2, otherPrinter);
    expect([restarts, twin.version]).toEqual([1, 1]);
    await offer(3, otherPrinter);
    expect(restarts).toBe(2);
  });

  it('neither hold nor fall by an orderly stop before their time', async () => {
    follow();
    await offer(2, otherPrinter);
    for (let stop = 0; stop < 5; stop++) {
      crash();
      follow();
      twin.close();
      expect([twin.version, twin.reported]).toEqual([0, { version: 0 }]);
    }
    crash();
    expect(twin.config.devices.printer).toBe(otherPrinter.devices.printer);
    crash();
    crash();
    expect(twin.reported).toMatchObject({ version: 0, refused: { version: 2 } });
  });

  it('are not taken back for power cuts of the computer', async () => {
    follow();
    await offer(2, otherPrinter);
    crash();
    for (let cut = 0; cut < 3; cut++) powerCut();
    expect(twin.config.devices.printer).toBe(otherPrinter.devices.printer);
    follow();
    clock.advance(10_000);
    expect(twin.reported).toEqual({ version: 2 });
  });

  it('are taken back where the program falls twice, whatever power cuts were between', async () => {
    follow();
    await offer(2, otherPrinter);
    crash();
    powerCut();
    crash();
    powerCut();
    expect(twin.reported).toEqual({ version: 0 });
    crash();
    expect(twin.reported).toMatchObject({ refused: { version: 2 } });
  });

  it('are taken back where the computer goes down with them again and again', async () => {
    follow();
    await offer(2, otherPrinter);
    crash();
    for (let cut = 0; cut < 8; cut++) powerCut();
    expect(twin.reported).toMatchObject({ version: 0, refused: { version: 2 } });
  });
});

it('goes on with the terminal’s own file where its memory is broken', () => {
  writeFileSync(join(own.dataDir, 'twin.json'), '{"holds":');
  open();
  expect([twin.version, twin.config]).toEqual([0, own]);
});

it('keeps no more than it was told: no temporary file, one version', async () => {
  follow();
  await offer(1, { volume: 0.4 });
  expect(JSON.parse(readFileSync(join(own.dataDir, 'twin.json'), 'utf8'))).toEqual({
    holds: { version: 1, settings: { volume: 0.4 } },
  });
});
