import { EffectiveSettings, Problem, SettingsLayer, SettingsPreview } from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CENTRE } from '../audit/index.ts';
import { type TwinPlaces as Places, TwinTown } from '../testing/index.ts';
import { settingsStanding, skipSettingsNumbers } from './index.ts';

const A = 'alto';
const B = 'basso';
const SITE = uuidv7(1);
const HOURS = { openingHours: { sun: null } };

describe('the twin', () => {
  let town: TwinTown;
  beforeEach(async () => {
    town = await TwinTown.start();
    await town.store
      .of<Places>()
      .insertInto('site')
      .values({ tenant_id: A, site_id: SITE, name: 'Municipio', address: '' })
      .execute();
    await town.terminals(A, ['T1'], SITE);
    await town.terminals(A, ['T2']);
    await town.terminals(B, ['T1']);
  });
  afterEach(async () => {
    await town.twin.spread.stop();
    await town.app.close();
    await town.store.close();
    await town.place.drop();
  });

  it('brings every layer to its terminals, the narrower one over the wider one', async () => {
    await town.write('centre/centre', { volume: 0.2, helpPhone: '1' });
    await town.write(`municipality/${A}`, { volume: 0.4 });
    await town.write(`site/${SITE}`, HOURS);
    await town.write('terminal/T1', { volume: 0.6 });
    expect(town.sentTo(`${A}/T1`)).toEqual([
      { version: 1, settings: { volume: 0.2, helpPhone: '1' } },
      { version: 2, settings: { volume: 0.4, helpPhone: '1' } },
      { version: 3, settings: { volume: 0.4, helpPhone: '1', ...HOURS } },
      { version: 4, settings: { volume: 0.6, helpPhone: '1', ...HOURS } },
    ]);
    expect(town.sentTo(`${A}/T2`).map(({ version }) => version)).toEqual([1, 2]);
    expect(town.sentTo(`${B}/T1`)).toEqual([{ version: 1, settings: { volume: 0.2, helpPhone: '1' } }]);
    const effective = EffectiveSettings.parse((await town.call('GET', '/terminals/T1/settings')).body);
    expect(effective).toMatchObject({
      version: 4,
      origins: { helpPhone: 'centre', volume: 'terminal', 'openingHours.sun': 'site' },
    });
  });

  it('uses up no number where nothing changes for the terminal', async () => {
    await town.write('terminal/T1', { volume: 0.6 });
    await town.write(`municipality/${A}`, { volume: 0.4 });
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 1, settings: { volume: 0.6 } }]);
    await town.write(`municipality/${A}`, { volume: 0.4 }, 2);
    const layer = SettingsLayer.parse((await town.call('GET', `/settings/municipality/${A}`)).body);
    expect(layer.history).toHaveLength(1);
  });

  it('keeps who said what and why, and goes back to it', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    await town.write(`municipality/${A}`, { volume: 0.8, languages: ['it'] }, 1);
    const back = await town.call(
      'POST',
      `/settings/municipality/${A}/revert`,
      { baseVersion: 2, version: 1, note: 'troppo forte' },
      'technician',
    );
    expect(SettingsLayer.parse(back.body)).toMatchObject({
      version: 3,
      document: { volume: 0.4 },
      history: [
        {
          version: 3,
          by: 'anna',
          note: 'troppo forte',
          revertOf: 1,
          changes: [
            { path: 'languages', before: ['it'] },
            { path: 'volume', before: 0.8, after: 0.4 },
          ],
        },
        { version: 2 },
        { version: 1, changes: [{ path: 'volume', after: 0.4 }] },
      ],
    });
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`).at(-1)).toEqual({ version: 3, settings: { volume: 0.4 } });
    const nothing = { baseVersion: 3, version: 0, note: 'da capo' };
    await town.call('POST', `/settings/municipality/${A}/revert`, nothing);
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`).at(-1)).toEqual({ version: 4, settings: {} });
    expect(town.audited.map(({ act, subject }) => `${act} ${subject}`)).toEqual([
      `settings-written municipality/${A}`,
      `settings-written municipality/${A}`,
      `settings-reverted municipality/${A}`,
      `settings-reverted municipality/${A}`,
    ]);
  });

  it('refuses what was edited from an older version, and everything that is wrong at once', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    const stale = await town.write(`municipality/${A}`, { volume: 0.5 }, 0);
    expect(Problem.parse(stale.body)).toMatchObject({ status: 409, code: 'SETTINGS_CHANGED' });
    const wrong = { volume: 3, idle: { countdownSeconds: 1 }, colour: 'red', languages: ['it', 'it'] };
    const refused = Problem.parse((await town.write(`municipality/${A}`, wrong, 1)).body);
    expect(refused).toMatchObject({ status: 422, code: 'SETTINGS_REFUSED' });
    expect(refused.faults?.map(({ path }) => path).toSorted()).toEqual([
      'colour',
      'idle.countdownSeconds',
      'languages',
      'volume',
    ]);
    expect(town.sentTo(`${A}/T1`)).toHaveLength(1);
  });

  it('shows what a change would do, and does nothing', async () => {
    await town.write('terminal/T2', { volume: 0.6 });
    const draft = { baseVersion: 0, document: { volume: 0.4, helpPhone: '2' }, note: 'prova' };
    const centre = await town.call('POST', '/settings/centre/centre/preview', draft, 'centre-admin');
    expect(SettingsPreview.parse(centre.body)).toEqual({
      faults: [],
      changes: [
        { path: 'helpPhone', after: '2' },
        { path: 'volume', after: 0.4 },
      ],
      // the other municipality's is counted, not named
      affected: [
        {
          terminalId: 'T1',
          changes: [
            { path: 'helpPhone', after: '2' },
            { path: 'volume', after: 0.4 },
          ],
        },
        { terminalId: 'T2', changes: [{ path: 'helpPhone', after: '2' }] },
      ],
      affectedCount: 3,
    });
    const bad = { ...draft, document: { volume: 9 } };
    const answer = await town.call('POST', '/settings/terminal/T1/preview', bad);
    expect(SettingsPreview.parse(answer.body)).toMatchObject({
      faults: [{ path: 'volume' }],
      affectedCount: 0,
    });
    expect(town.sentTo(`${A}/T1`)).toEqual([]);
  });

  it('lets a municipality change its own layers only, and only the centre the centre', async () => {
    for (const path of [
      `municipality/${B}`,
      'site/018f0000-0000-7000-8000-000000000000',
      'terminal/T9',
      'centre/x',
    ]) {
      expect((await town.call('GET', `/settings/${path}`)).status, path).toBe(404);
      expect((await town.write(path, HOURS)).status, path).toBe(404);
    }
    const ofOther = await town.call('GET', `/settings/site/${SITE}`, undefined, 'centre-admin', B);
    expect(ofOther.status).toBe(404);
    expect((await town.call('GET', '/terminals/T2/settings', undefined, 'viewer', B)).status).toBe(404);
    expect((await town.write('centre/centre', HOURS, 0, 'municipality-admin')).status).toBe(403);
    expect((await town.write(`municipality/${A}`, HOURS, 0, 'office')).status).toBe(403);
    expect((await town.call('GET', '/settings/centre/centre', undefined, 'viewer')).status).toBe(200);
    expect(town.sent).toEqual([]);
  });

  it('tells every municipality in its log what the centre did', async () => {
    await town.write('centre/centre', { volume: 0.2 });
    expect(town.audited.map(({ tenantId }) => tenantId)).toEqual([CENTRE, A, B]);
  });

  it('sends again at a hello what the terminal does not hold', async () => {
    await town.write(`municipality/${A}`, { volume: 0.4 });
    town.sent.length = 0;
    await town.hello(A, 'T1', 1);
    expect(town.sent).toEqual([]);
    await town.hello(A, 'T1', 0);
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 1, settings: { volume: 0.4 } }]);
    await town.terminals(A, ['T3']);
    await town.hello(A, 'T3', 0);
    expect(town.sentTo(`${A}/T3`)).toEqual([{ version: 1, settings: { volume: 0.4 } }]);
  });

  it('overtakes a terminal that holds a number never given, as after a backup was put back', async () => {
    await town.hello(A, 'T1', 7);
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 8, settings: {} }]);
    await town.write(`municipality/${A}`, { volume: 0.4 });
    expect(town.sentTo(`${A}/T1`).at(-1)).toEqual({ version: 9, settings: { volume: 0.4 } });
    await skipSettingsNumbers(town.store, town.clock.now());
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T1`).at(-1)).toEqual({ version: 1_009, settings: { volume: 0.4 } });
  });

  it('follows a terminal to another site', async () => {
    await town.write(`site/${SITE}`, HOURS);
    await town.store
      .of<Places>()
      .updateTable('terminal')
      .set({ site_id: SITE })
      .where('terminal_id', '=', 'T2')
      .execute();
    await town.twin.lookAgain({ tenantId: A, terminalId: 'T2' });
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T2`)).toEqual([{ version: 1, settings: HOURS }]);
  });

  it('says how far a terminal is, and why it refused', async () => {
    const standing = async () =>
      (await settingsStanding(town.store, { tenantId: A, terminalId: 'T1' })).state;
    expect(await standing()).toBe('none');
    await town.write('terminal/T1', { devices: { pos: 'zvt+tcp:1' } });
    expect(await standing()).toBe('on-its-way');
    const faults = [{ path: 'devices.pos', message: 'no port' }];
    await town.reports(A, 'T1', { version: 0, refused: { version: 1, faults } });
    expect(await standing()).toBe('refused');
    const effective = EffectiveSettings.parse((await town.call('GET', '/terminals/T1/settings')).body);
    expect(effective).toMatchObject({ version: 1, reportedVersion: 0, refused: { version: 1, faults } });
    await town.write('terminal/T1', { devices: { pos: 'zvt+tcp:host:1' } }, 1);
    expect(await standing()).toBe('on-its-way');
    await town.reports(A, 'T1', { version: 2 });
    expect(await standing()).toBe('current');
  });

  it('sends later what the broker does not take, and the newest only', async () => {
    town.broker = 'away';
    await town.write('terminal/T1', { volume: 0.1 });
    await town.write('terminal/T1', { volume: 0.2 }, 1);
    town.broker = 'there';
    await town.twin.spread.runDue();
    expect(town.sent).toEqual([]);
    town.clock.advance(30_000);
    await town.twin.spread.runDue();
    expect(town.sentTo(`${A}/T1`)).toEqual([{ version: 2, settings: { volume: 0.2 } }]);
  });

  it('brings a word of the centre to many terminals in slices, also when the server dies over it', async () => {
    const ids = Array.from({ length: 650 }, (_, index) => `M${String(index).padStart(4, '0')}`);
    for (let from = 0; from < ids.length; from += 100) await town.terminals(B, ids.slice(from, from + 100));
    const first = town.twin;
    const done = town.call(
      'PUT',
      '/settings/centre/centre',
      { baseVersion: 0, document: { volume: 0.2 }, note: 'prova' },
      'centre-admin',
    );
    await done;
    await first.spread.stop();
    expect(town.sent.length).toBeLessThan(653);
    town.clock.advance(30_000);
    await town.open().spread.runDue();
    const told = new Set(town.sent.map(({ to }) => to));
    expect(told.size).toBe(653);
    expect(town.sent.every(({ desired }) => desired.version === 1)).toBe(true);
  });
});
