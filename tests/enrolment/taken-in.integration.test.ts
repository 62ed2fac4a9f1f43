import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import { ManualClock, systemRandom } from '@jolly/contracts/values';
import { Rig, TENANT, type TestPerson } from '@jolly/fleet-server/testing';
import { startTerminal, type Terminal } from '@jolly/kiosk-runtime';
import { RuntimeConfig } from '@jolly/kiosk-runtime/config';
import { HttpFleetClient } from '@jolly/kiosk-runtime/fleet-link';
import { openIdentity, rotateKey } from '@jolly/kiosk-runtime/identity';
import { afterEach, beforeEach, expect, it } from 'vitest';

type Waiting = Extract<Screen, { name: 'enrolment' }>;

let rig: Rig;
let staff: TestPerson;
let dataDir: string;
let serverUrl: string;
let running: Terminal | undefined;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-taken-in-'));
  rig = await new Rig().start();
  serverUrl = await rig.server.app.listen({ host: '127.0.0.1', port: 0 });
  staff = await rig.signIn();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rig.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A terminal out of its box: its file says where the server is, and nothing of who it is. */
async function start(over: Record<string, unknown> = {}): Promise<Terminal> {
  await running?.close();
  const clock = new ManualClock(rig.clock.now());
  const config = RuntimeConfig.parse({
    mode: 'demo',
    city: 'Comune di Prova',
    site: 'In magazzino',
    creditorTaxCode: '77777777777',
    serverUrl,
    dataDir,
    speech: { engine: 'none' },
    devices: {
      pos: 'none+tcp://127.0.0.1:1',
      printer: 'none+tcp://127.0.0.1:1',
      barcode: 'none+tcp://127.0.0.1:1',
    },
    ...over,
  });
  running = await startTerminal(config, { software: '0.1.0', log: () => undefined, clock });
  ticking = clock;
  return running;
}
let ticking: ManualClock;

/** Resolves when the snapshot is as wanted; the terminal's clock goes on meanwhile, a second at a time. */
async function until<T>(terminal: Terminal, look: (snapshot: Snapshot) => T | undefined): Promise<T> {
  for (;;) {
    const found = look(terminal.screen.snapshot());
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, 5));
    ticking.advance(1000);
    rig.clock.advance(1000);
  }
}

const waiting = (terminal: Terminal): Promise<Waiting & { code: string }> =>
  until(terminal, ({ screen }) =>
    screen.name === 'enrolment' && screen.code !== undefined ? { ...screen, code: screen.code } : undefined,
  );
const home = (terminal: Terminal): Promise<Snapshot> =>
  until(terminal, (snapshot) => (snapshot.screen.name === 'home' ? snapshot : undefined));

it('a terminal without a name shows its code, offers nothing else, and is at work when it is accepted', async () => {
  const terminal = await start();
  const page = await waiting(terminal);
  expect(page.url).toBe(`${serverUrl}/console/#/enrol/${page.code}`);
  const seen = (await staff.get(`/console/api/enrolments/${page.code}`)).body;
  expect(seen).toMatchObject({ fingerprint: page.fingerprint, software: '0.1.0' });
  expect(terminal.screen.intent({ type: 'start-payment' })).toBe('dropped');
  expect(terminal.screen.intent({ type: 'set-theme', theme: 'dark' })).toBe('taken');
  // stopped meanwhile, it waits under the same code
  expect((await waiting(await start())).code).toBe(page.code);

  const taken = { terminalId: 'PO-07', siteName: 'Anagrafe' };
  expect((await staff.post(`/console/api/enrolments/${page.code}/accept`, taken)).status).toBe(200);
  if (!running) throw new Error('no terminal runs');
  const { place } = await home(running);
  expect(place).toMatchObject({ terminalId: 'PO-07', site: 'Anagrafe' });

  // it knows its name at the next start, with nobody to ask
  await rig.server.app.close();
  expect((await start()).screen.snapshot()).toMatchObject({
    screen: { name: 'home' },
    place: { terminalId: 'PO-07' },
  });
});

it('a serial that was written down before needs nobody', async () => {
  await staff.post('/console/api/pre-authorisations', {
    serial: 'SN-4711',
    terminalId: 'PO-08',
    expiresAt: rig.clock.now() + 86_400_000,
  });
  const { place } = await home(await start({ serial: 'SN-4711', tenantId: TENANT }));
  expect(place.terminalId).toBe('PO-08');
});

it('the key is changed under the server’s eyes, and a half change is finished', async () => {
  const page = await waiting(await start());
  await staff.post(`/console/api/enrolments/${page.code}/accept`, { terminalId: 'PO-09' });
  if (!running) throw new Error('no terminal runs');
  await home(running);
  await running.close();
  running = undefined;

  const open = () => openIdentity({ dataDir }, rig.clock, systemRandom);
  const clientOf = (identity: ReturnType<typeof open>) =>
    new HttpFleetClient({ serverUrl, identity, clock: new ManualClock(rig.clock.now()) });
  const identity = open();
  const client = clientOf(identity);
  const before = identity.publicKey;
  await rotateKey(identity, client);
  expect(identity.publicKey).not.toBe(before);
  expect(await client.time()).toBe(rig.clock.now());

  // the server has the next key, and the terminal never heard it: much later only that one opens
  await client.rotateKey(identity.nextKey());
  rig.clock.advance(3_600_000);
  const again = open();
  expect(again.changing).toBe(true);
  const later = clientOf(again);
  await rotateKey(again, later);
  expect(again).toMatchObject({ changing: false, tenantId: TENANT });
  expect(await later.time()).toBe(rig.clock.now());
  client.close();
  later.close();
});
