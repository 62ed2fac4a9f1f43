import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DownFrame, type Snapshot } from '@jolly/contracts/terminal-channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readControl } from './control/index.ts';
import { runDoctorCommand } from './diagnostics/index.ts';

/** A terminal as a process, with neither server nor devices: the worst day it has. */
let folder: string;
let config: string;
let child: ChildProcess;
let ready: { url: string; pid: number };
let logs = '';
let exited: Promise<number | null>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-terminal-'));
  mkdirSync(join(folder, 'screen'));
  writeFileSync(join(folder, 'screen', 'index.html'), '<!doctype html>');
  config = join(folder, 'terminal.json');
  writeFileSync(
    config,
    JSON.stringify({
      mode: 'demo',
      tenantId: 'prato',
      terminalId: 'PO-001',
      city: 'Comune di Prato',
      site: 'Piazza',
      creditorTaxCode: '84006890481',
      serverUrl: 'http://127.0.0.1:1',
      dataDir: join(folder, 'data'),
      screenDir: join(folder, 'screen'),
      enrolmentCode: 'never-printed',
      devices: {
        pos: 'ecr17+tcp://127.0.0.1:1',
        printer: 'escpos+tcp://127.0.0.1:1',
        barcode: 'telepathy+tcp://127.0.0.1:1',
      },
    }),
  );
  child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--config', config]);
  exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  child.stderr?.on('data', (bytes) => {
    logs += bytes;
  });
  ready = await new Promise((resolve) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) =>
      resolve(JSON.parse(line)),
    );
  });
});

afterAll(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function firstSnapshot(url: string): Promise<Snapshot> {
  const { origin } = new URL(url);
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/channel`, { headers: { cookie, origin } });
  const frame = await new Promise<DownFrame>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', (data) => resolve(DownFrame.parse(JSON.parse(data.toString()))));
  });
  socket.close();
  if (frame.type !== 'snapshot') throw new Error('no snapshot');
  return frame.snapshot;
}

describe('a terminal alone in the world', () => {
  it('starts, and says at home what does not work', async () => {
    expect(ready).toMatchObject({ ready: true, name: 'kiosk', pid: child.pid });
    const snapshot = await firstSnapshot(ready.url);
    expect(snapshot.screen).toEqual({ name: 'home' });
    expect(snapshot.limitations).toEqual([
      'payments-offline',
      'pos-unavailable',
      'printer-unavailable',
      'barcode-unavailable',
    ]);
  });

  it('mints another address for who holds the token', async () => {
    const control = readControl(join(folder, 'data'));
    expect(statSync(join(folder, 'data', 'control.json')).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${control?.origin}/mint`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control?.token}` },
    });
    const { url } = (await answer.json()) as { url: string };
    expect((await firstSnapshot(url)).screen.name).toBe('home');
  });

  it('tells the doctor what is wrong and how to cure it', async () => {
    let out = '';
    const io = {
      out: (text: string) => {
        out += text;
      },
      err: () => undefined,
      env: {},
    };
    expect(await runDoctorCommand(['--config', config, '--json'], io)).toBe(1);
    const diagnosis = JSON.parse(out);
    expect(diagnosis).toMatchObject({ by: 'terminal', ok: false });
    const failed = diagnosis.steps.filter((step: { ok: boolean }) => !step.ok);
    const names = failed.map((step: { name: string }) => step.name);
    expect(names).toEqual(expect.arrayContaining(['fleet server', 'pos: health', 'barcode: driver']));
    for (const step of failed) expect(step.cure).toBeTypeOf('string');
  });

  it('ends in order when asked, and its logs hold no secret', async () => {
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    const { token } = readControl(join(folder, 'data')) ?? { token: 'x' };
    const key = readFileSync(join(folder, 'data', 'device-key.pem'), 'utf8').split('\n')[1] ?? 'x';
    for (const secret of [token, key, 'never-printed', new URL(ready.url).searchParams.get('t') ?? 'x']) {
      expect(logs).not.toContain(secret);
    }
  });

  it('is still examined when it does not run', async () => {
    let out = '';
    const io = {
      out: (text: string) => {
        out += text;
      },
      err: () => undefined,
      env: { JOLLY_CONFIG: config },
    };
    expect(await runDoctorCommand([], io)).toBe(1);
    expect(out).toContain('the terminal is not running');
    expect(out).toMatch(/ok {4}journal/);
  });

  it('names a trusted certificate that cannot be read', async () => {
    const file = join(folder, 'untrusting.json');
    const settings = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...settings, login: { cscaFiles: [config] } }));
    let err = '';
    const io = {
      out: () => undefined,
      err: (text: string) => {
        err += text;
      },
      env: {},
    };
    expect(await runDoctorCommand(['--config', file], io)).toBe(2);
    expect(err).toMatch(/login\.cscaFiles: .*no certificate in it/);
  });

  it('says every fault of a configuration', async () => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, '{"mode":"street"}');
    let err = '';
    const io = {
      out: () => undefined,
      err: (text: string) => {
        err += text;
      },
      env: {},
    };
    expect(await runDoctorCommand(['--config', file], io)).toBe(2);
    for (const field of ['mode', 'city', 'devices', 'serverUrl']) expect(err).toContain(field);
  });
});
