import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CommandRow } from '@jolly/contracts/fleet-api';
import { COMMAND_ENDS, type CommandState } from '@jolly/contracts/fleet-link';
import { ManualClock } from '@jolly/contracts/values';
import { ENROLMENT_CODE, Rig, TENANT, type TestPerson } from '@jolly/fleet-server/testing';
import { startTerminal, type Terminal } from '@jolly/kiosk-runtime';
import { RuntimeConfig } from '@jolly/kiosk-runtime/config';
import { afterEach, beforeEach, expect, it } from 'vitest';

const TERMINAL = 'PO-001';
const STEP_MS = 200;

let rig: Rig;
let staff: TestPerson;
let dataDir: string;
let serverUrl: string;
let terminal: Terminal | undefined;
let clock: ManualClock;
let leaves: 'no' | 'restart';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-commands-'));
  rig = await new Rig().start();
  serverUrl = await rig.server.app.listen({ host: '127.0.0.1', port: 0 });
  await rig.server.start();
  staff = await rig.signIn();
  await start();
  const known = () => staff.get(`/console/api/terminals/${TERMINAL}/commands`);
  await until(async () => ((await known()).status === 200 ? true : undefined));
});
afterEach(async () => {
  await stop();
  await rig.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** As its supervisor starts it. */
async function start(): Promise<void> {
  clock = new ManualClock(rig.clock.now());
  leaves = 'no';
  const config = RuntimeConfig.parse({
    ...{ mode: 'demo', tenantId: TENANT, terminalId: TERMINAL, enrolmentCode: ENROLMENT_CODE },
    ...{ city: 'Comune di Prova', site: 'Atrio', creditorTaxCode: '77777777777' },
    ...{ serverUrl, dataDir, speech: { engine: 'none' } },
    devices: {
      pos: 'none+tcp://127.0.0.1:1',
      printer: 'none+tcp://127.0.0.1:1',
      barcode: 'none+tcp://127.0.0.1:1',
    },
  });
  terminal = await startTerminal(config, {
    software: '0.1.0',
    log: () => undefined,
    clock,
    restart: () => {
      leaves = 'restart';
    },
  });
}

async function stop(): Promise<void> {
  await terminal?.close();
  terminal = undefined;
}

/** Time goes on at both ends until what is looked for is there; a supervisor starts again what was told to. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
    rig.clock.advance(STEP_MS);
    clock.advance(STEP_MS);
    if (leaves === 'restart') {
      await stop();
      await start();
    }
  }
}

async function order(act: object, expiresInSeconds = 900): Promise<string> {
  const answer = await staff.post(`/console/api/terminals/${TERMINAL}/commands`, { act, expiresInSeconds });
  return CommandRow.parse(answer.body).commandId;
}
const row = async (id: string): Promise<CommandRow> =>
  CommandRow.parse((await staff.get(`/console/api/commands/${id}`)).body);
const state = (id: string, wanted: CommandState) =>
  until(async () => ((await row(id)).state === wanted ? true : undefined));
const ended = (id: string): Promise<CommandRow> =>
  until(async () => {
    const now = await row(id);
    return COMMAND_ENDS.has(now.state) ? now : undefined;
  });
/** The first command waits for the terminal to link. */
const done = async (act: object): Promise<CommandRow> => ended(await order(act));

it('each command comes to its end over the real link', async () => {
  const test = await done({ kind: 'self-test' });
  expect(test.state).toBe('done');
  expect(test.steps?.find(({ name }) => name === 'fleet server')).toMatchObject({ ok: true });
  expect(test.history.map((each) => each.state)).toEqual(['queued', 'running', 'done']);

  expect(await done({ kind: 'out-of-service', message: 'Torniamo alle 14' })).toMatchObject({
    state: 'done',
  });
  expect(await done({ kind: 'lock' })).toMatchObject({ state: 'done' });
  expect(await done({ kind: 'back-in-service' })).toMatchObject({ state: 'refused', reason: 'locked' });
  expect(await done({ kind: 'unlock' })).toMatchObject({ state: 'done' });
  expect(await done({ kind: 'back-in-service' })).toMatchObject({ state: 'done' });
  expect(await done({ kind: 'set-volume', level: 0.5 })).toMatchObject({
    state: 'failed',
    reason: 'no-audio',
  });
  expect(await done({ kind: 'restart-host' })).toMatchObject({ state: 'refused', reason: 'not-configured' });
  const page = await done({ kind: 'print-test-page' });
  expect(page.state).toBe('failed');
  expect(page.reason).toMatch(/^printer-/);

  expect(await done({ kind: 'screenshot' })).toMatchObject({ state: 'failed', reason: 'no-screen' });
  const picture = Buffer.from('RIFF\0\0\0\0WEBP of the idle screen');
  terminal?.aids.pictures?.attach((id) =>
    terminal?.aids.pictures?.take({
      ...{ type: 'picture', id, part: 0, parts: 1, image: 'image/webp' },
      data: picture.toString('base64'),
    }),
  );
  const drawn = await done({ kind: 'screenshot' });
  expect(drawn).toMatchObject({ state: 'done', attachment: { type: 'image/webp', bytes: picture.length } });

  const logs = await done({ kind: 'fetch-logs', minutes: 60 });
  expect(logs).toMatchObject({ state: 'done', attachment: { type: 'application/x-ndjson+gzip' } });
  const file = await rig.server.app.inject({
    url: `/console/api/commands/${logs.commandId}/attachment`,
    headers: { cookie: staff.cookie },
  });
  expect(gunzipSync(file.rawPayload).toString()).toContain('"event":"command-begun","kind":"screenshot"');

  expect(await done({ kind: 'rotate-key' })).toMatchObject({ state: 'done' });
  expect(await done({ kind: 'restart-app' })).toMatchObject({ state: 'done' });
  expect(await done({ kind: 'self-test' })).toMatchObject({ state: 'done' });
});

it('one that disturbs waits until the citizen has gone', async () => {
  await done({ kind: 'unlock' });
  terminal?.screen.intent({ type: 'start-payment' });
  const id = await order({ kind: 'out-of-service' });
  await state(id, 'waiting');
  // nobody touches it any more: the session ends by itself
  expect(await ended(id)).toMatchObject({ state: 'done' });
  expect((await row(id)).history.map((each) => each.state)).toEqual(['queued', 'waiting', 'running', 'done']);
});

it('a terminal that was away does what is still wanted when it comes back', async () => {
  await done({ kind: 'unlock' });
  await stop();
  const late = await order({ kind: 'self-test' }, 10);
  const wanted = await order({ kind: 'self-test' }, 3600);
  expect(await ended(late)).toMatchObject({ state: 'expired', reason: 'no-answer' });
  expect((await row(wanted)).state).toBe('queued');
  await start();
  expect(await ended(wanted)).toMatchObject({ state: 'done' });
  expect((await row(late)).state).toBe('expired');
});

it('a wiped terminal says so, and leaves an empty folder', async () => {
  expect(await done({ kind: 'wipe' })).toMatchObject({ state: 'done' });
  while (leaves === 'no') {
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
    clock.advance(STEP_MS);
  }
  await stop();
  expect(readdirSync(dataDir)).toEqual([]);
});
