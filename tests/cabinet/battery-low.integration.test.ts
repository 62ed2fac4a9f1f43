import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { CabinetReady } from '@jolly/simulators/cabinet';
import { startProcess } from '@jolly/simulators/process';
import { afterEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** docs/ups.md names it: supervisors read it. */
const EXIT_BATTERY_LOW = 75;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a terminal whose battery is low', () => {
  it('ends in order by its own named status, from mains over battery, and its log says why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jolly-battery-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'screen'));
    writeFileSync(join(folder, 'screen', 'index.html'), '<!doctype html>');
    const cabinet = await startProcess<CabinetReady>(join(root, 'simulators/cabinet/main.ts'), []);
    cleanups.push(() => cabinet.stop());
    const act = (power: string) =>
      fetch(`${cabinet.ready.control}/act`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'power', power }),
      });
    const config = join(folder, 'terminal.json');
    writeFileSync(
      config,
      JSON.stringify({
        ...{ mode: 'demo', tenantId: 'prato', terminalId: 'PO-001', city: 'Comune di Prato', site: 'Piazza' },
        ...{ creditorTaxCode: '84006890481', serverUrl: 'http://127.0.0.1:1', enrolmentCode: 'x' },
        ...{ dataDir: join(folder, 'data'), screenDir: join(folder, 'screen') },
        devices: {
          pos: 'ecr17+tcp://127.0.0.1:1',
          printer: 'escpos+tcp://127.0.0.1:1',
          barcode: 'serial-barcode+tcp://127.0.0.1:1',
          ups: `nut+tcp:${cabinet.ready.upsd.slice(4)}/kiosk?poll=1`,
        },
      }),
    );
    const child: ChildProcess = spawn(
      process.execPath,
      [join(root, 'kiosk/runtime/main.ts'), '--config', config],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    cleanups.push(() => child.kill('SIGKILL'));
    const events: { event?: string; phase?: string; why?: string }[] = [];
    const said = (event: string, phase?: string) =>
      new Promise<void>((done) => {
        const look = () => {
          if (events.some((each) => each.event === event && (phase === undefined || each.phase === phase)))
            done();
          else child.stderr?.once('data', () => setImmediate(look));
        };
        look();
      });
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('{')) events.push(JSON.parse(line));
    });
    const exited = once(child, 'exit');
    await said('power');
    await act('battery');
    await said('power-phase', 'battery');
    await act('low');
    expect((await exited)[0]).toBe(EXIT_BATTERY_LOW);
    expect(events).toContainEqual(expect.objectContaining({ event: 'shut-down', why: 'battery-low' }));
  });
});
