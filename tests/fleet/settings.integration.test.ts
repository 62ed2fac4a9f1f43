import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookInto, type StoreLook } from '@jolly/fleet-server/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Office } from './office.ts';
import { ServerProcess } from './server-process.ts';
import { ENROLMENT_CODE, makeFolder, SITES, serverSettings, TENANT } from './town.ts';

const TERMINAL = 'PO-001';
const RUNTIME = join(import.meta.dirname, '..', '..', 'kiosk', 'runtime', 'main.ts');
const SOON = { timeout: 10_000, interval: 50 };

const { folder, remove } = makeFolder();
let server: ServerProcess;
let terminal: ChildProcess;
let look: StoreLook;
let office: Office;

beforeAll(async () => {
  const settings = serverSettings(folder, 'http://127.0.0.1:0', { publicUrl: undefined });
  mkdirSync(settings.dataDir);
  server = new ServerProcess(folder, 'server', settings);
  await server.start();
  look = await lookInto(settings.dataDir);
  office = new Office(() => server.address);
  const config = join(folder, 'terminal.json');
  const nobody = 'none+tcp://127.0.0.1:1';
  writeFileSync(
    config,
    JSON.stringify({
      ...{ mode: 'demo', tenantId: TENANT, terminalId: TERMINAL, enrolmentCode: ENROLMENT_CODE },
      ...{ city: 'Comune di Prova', site: SITES[0], creditorTaxCode: '77777777777' },
      ...{ serverUrl: server.address, dataDir: join(folder, 'terminal'), speech: { engine: 'none' } },
      devices: { pos: nobody, printer: nobody, barcode: nobody },
    }),
  );
  terminal = spawn(process.execPath, [RUNTIME, '--config', config], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (!terminal.stdout) throw new Error('no standard output');
  await once(terminal.stdout, 'data');
  await vi.waitFor(async () => expect(await look.terminals()).toHaveLength(1), SOON);
});

afterAll(async () => {
  terminal.kill('SIGKILL');
  await look.close();
  await server.kill();
  remove();
});

const row = async () => (await look.settings()).find(({ terminal_id }) => terminal_id === TERMINAL);

it('settings of every layer reach the terminal as it runs, and it says so', async () => {
  const sites = await office.sites();
  const layers = [
    ['centre', 'centre'],
    ['municipality', TENANT],
    ['site', sites.find(({ name }) => name === SITES[0])?.siteId ?? ''],
    ['terminal', TERMINAL],
  ] as const;
  for (const [at, [layer, id]] of layers.entries()) {
    const helpPhone = `0574 ${at}`;
    expect(await office.setSettings(layer, id, { helpPhone })).toBe(true);
    await vi.waitFor(async () => {
      const now = await row();
      expect(JSON.parse(now?.document ?? '{}')).toMatchObject({ helpPhone });
      expect(now?.reported_version).toBe(now?.version);
    }, SOON);
  }
});

it('settings that a terminal cannot have are refused by it with the reasons, and the old ones stay', async () => {
  const before = (await row())?.reported_version;
  expect(await office.setSettings('terminal', TERMINAL, { devices: { lights: 'unheard-of:thing' } })).toBe(
    true,
  );
  await vi.waitFor(async () => {
    const now = await row();
    expect(now?.refused_version).toBe(now?.version);
    expect(now?.faults).toContain('devices.lights');
    expect(now?.reported_version).toBe(before);
  }, SOON);
});
